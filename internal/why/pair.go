package why

import (
	"slices"
	"strings"
)

// pair is one package in both versions.
type pair struct {
	before, after []*decl
	was           map[*decl]*decl // of those after, where there was one
	renamed       map[string]string
}

func newPair(before, after []*decl) *pair {
	p := &pair{before: before, after: after, was: map[*decl]*decl{}, renamed: map[string]string{}}
	taken := map[*decl]bool{}
	match := func(same func(was, is *decl) bool) {
		for _, is := range after {
			if p.was[is] != nil {
				continue
			}
			for _, was := range before {
				if !taken[was] && was.function == is.function && same(was, is) {
					p.was[is], taken[was] = was, true
					break
				}
			}
		}
	}
	// A name may be there once for each operating system.
	match(func(was, is *decl) bool { return was.name == is.name && was.file == is.file })
	match(func(was, is *decl) bool { return was.name == is.name && slices.Equal(was.bare(), is.bare()) })
	match(func(was, is *decl) bool { return was.name == is.name })
	match(func(was, is *decl) bool { return is.function && alike(was, is) })
	for is, was := range p.was {
		if is.called() != was.called() {
			p.renamed[was.called()] = is.called()
		}
	}
	return p
}

// alike tells a renamed function: most of its lines behind the first are the
// other's. One of a line or two could be any.
func alike(was, is *decl) bool {
	if len(was.lines) < 5 || len(is.lines) < 5 {
		return false
	}
	a, b := was.bare()[1:], is.bare()[1:]
	same := len(a)
	for _, s := range difference(a, b) {
		same -= s.a1 - s.a0
	}
	return 10*same >= 7*max(len(a), len(b))
}

// at is the declaration after that holds the line, nil where none does.
func (p *pair) at(file string, number int) *decl {
	for _, d := range p.after {
		if d.file == file && d.first <= number && number <= d.last {
			return d
		}
	}
	return nil
}

// changes are the spans in which a declaration differs from what it was. One
// that was not there differs as a whole.
func (p *pair) changes(d *decl) []span {
	was := p.was[d]
	if was == nil {
		return []span{{0, 0, 0, len(d.lines)}}
	}
	before := was.bare()
	if len(p.renamed) > 0 {
		// That a function is called by its new name is no change of what is done.
		for i, l := range before {
			words := strings.Split(l, " ")
			for j, w := range words {
				if is, ok := p.renamed[w]; ok {
					words[j] = is
				}
			}
			before[i] = strings.Join(words, " ")
		}
	}
	return difference(before, d.bare())
}

// distance is how many lines lie between a span and a line of the declaration.
func (d *decl) distance(s span, number int) int {
	if s.b0 == s.b1 { // something was taken out here
		switch {
		case s.b0 < len(d.lines) && number <= d.lines[s.b0].number:
			return d.lines[s.b0].number - number + 1
		case s.b0 > 0:
			return max(number-d.lines[s.b0-1].number, 1)
		}
		return 1
	}
	first, last := d.lines[s.b0].number, d.lines[s.b1-1].number
	return max(first-number, number-last, 0)
}

// stoodAt is the range of lines of was that stand for a line of d: the line
// itself, or those in the place of which it is; none where it was only added.
func (p *pair) stoodAt(d, was *decl, number int) (first, last int) {
	i := slices.IndexFunc(d.lines, func(l line) bool { return l.number == number })
	if i < 0 {
		return 0, -1
	}
	shift := 0 // of the lines before this one
	for _, s := range p.changes(d) {
		switch {
		case i >= s.b1:
			shift = s.a1 - s.b1
		case i >= s.b0:
			if s.a0 == s.a1 {
				return 0, -1
			}
			return was.lines[s.a0].number, was.lines[s.a1-1].number
		}
	}
	n := was.lines[i+shift].number
	return n, n
}
