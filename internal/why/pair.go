package why

import (
	"slices"
)

// pair is one package in both versions.
type pair struct {
	before, after []*decl
	was           map[*decl]*decl // of those after, where there was one
}

func newPair(before, after []*decl) *pair {
	p := &pair{before: before, after: after, was: map[*decl]*decl{}}
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
	return difference(was.bare(), d.bare())
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
