package why

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// found is what the sources say of one site.
type found struct {
	hunk   *highwater.Hunk
	frame  highwater.Frame // of the stack, to which the hunk is near
	module string          // the dependency that the hunk is in, "" for the tree
	fresh  bool            // the hunk only adds lines
	escape *escape
}

// candidate is a hunk that may be behind a site.
type candidate struct {
	near     highwater.Near
	depth    int // of the frame in the stack, 0 for the site's
	distance int
	frame    highwater.Frame
	place    place
	pair     *pair
	decl     *decl
	span     span
}

var nearness = map[highwater.Near]int{
	highwater.NearLine: 0, highwater.NearFunction: 2, highwater.NearCaller: 3, highwater.NearUse: 4, highwater.NearPackage: 5,
}

// rank orders candidates. What the allocating line itself uses, a constant or a
// type, is closer than another line of its function.
func (c candidate) rank() int {
	if c.near == highwater.NearUse && c.depth == 0 && c.distance == 0 {
		return 1
	}
	return nearness[c.near]
}

// nearest finds the hunk that is nearest to a site: the line itself, its
// function, the functions further up the stack, what these use, or what else has
// changed in the package.
func (e *explainer) nearest(ctx context.Context, s highwater.Site) (found, error) {
	var all []candidate
	var failed error
	depth := 0
	for _, f := range below0(s) {
		p, ok, err := e.trees.locate(ctx, f.File)
		if err != nil {
			failed = err
		}
		if !ok {
			continue
		}
		all = append(all, candidates(e.trees.pair(p), p, f, depth)...)
		depth++
	}
	if len(all) == 0 {
		return found{}, failed
	}
	best := slices.MinFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.depth, b.depth), cmp.Compare(a.distance, b.distance))
	})
	return best.found(), failed
}

// below0 is the stack from the site's frame up to what called it all.
func below0(s highwater.Site) []highwater.Frame {
	if i := slices.Index(s.Stack, s.Where); i >= 0 {
		return s.Stack[i:]
	}
	return append([]highwater.Frame{s.Where}, s.Stack...)
}

// candidates are the hunks that one frame of the stack leads to.
func candidates(p *pair, at place, f highwater.Frame, depth int) []candidate {
	d := p.at(at.file, f.Line)
	if d == nil {
		return nil
	}
	var all []candidate
	for _, s := range p.changes(d) {
		c := candidate{near: highwater.NearCaller, depth: depth, distance: d.distance(s, f.Line), frame: f, place: at, pair: p, decl: d, span: s}
		if depth == 0 {
			c.near = highwater.NearFunction
			if c.distance == 0 {
				c.near = highwater.NearLine
			}
		}
		all = append(all, c)
	}
	used := map[string]int{} // distance of the line that mentions it
	for _, l := range d.lines {
		away := max(l.number-f.Line, f.Line-l.number)
		for _, n := range l.names {
			if known, ok := used[n]; !ok || away < known {
				used[n] = away
			}
		}
	}
	for _, other := range p.after {
		if other == d {
			continue
		}
		away, use := used[other.called()]
		if !use && depth > 0 {
			continue // of the package elsewhere: the site's is enough
		}
		for _, s := range p.changes(other) {
			c := candidate{near: highwater.NearUse, depth: depth, distance: away, frame: f, place: at, pair: p, decl: other, span: s}
			if !use {
				c.near, c.distance = highwater.NearPackage, elsewhere
				if other.file == d.file {
					c.distance = other.distance(s, f.Line)
				}
			}
			all = append(all, c)
		}
	}
	return all
}

// elsewhere is further than any line of the same file.
const elsewhere = 1 << 30

func (c candidate) found() found {
	h := &highwater.Hunk{
		File: c.place.folder + c.decl.file, Near: c.near, Distance: c.distance,
		In: c.decl.name,
	}
	if c.near == highwater.NearUse || c.near == highwater.NearPackage {
		h.Distance = 0
	}
	was := c.pair.was[c.decl]
	var removed, added []line
	added = c.decl.lines[c.span.b0:c.span.b1]
	h.After = numberAt(c.decl.lines, c.span.b0)
	if was != nil {
		removed = was.lines[c.span.a0:c.span.a1]
		h.Before = numberAt(was.lines, c.span.a0)
	}
	about := 0
	if c.near == highwater.NearLine || c.near == highwater.NearCaller {
		about = c.frame.Line
	}
	var first int
	h.Lines, h.Cut, first = excerpt(removed, added, about)
	if first > 0 {
		h.After = first
	}
	return found{hunk: h, frame: c.frame, module: c.place.module, fresh: len(removed) == 0}
}

func numberAt(lines []line, i int) int {
	switch {
	case i < len(lines):
		return lines[i].number
	case len(lines) > 0:
		return lines[len(lines)-1].number + 1
	default:
		return 0
	}
}

// Bounds on the text of a hunk.
const (
	maxLines = 6
	maxWidth = 200 // bytes of a line
)

// excerpt is at most maxLines of a hunk, those around the line in question of
// what was added. First is the number of the first added line that is shown.
func excerpt(removed, added []line, about int) (text []string, cut, first int) {
	show := func(sign string, lines []line) {
		for _, l := range lines {
			s := strings.ToValidUTF8(l.text, "\uFFFD")
			if len(s) > maxWidth {
				s = strings.ToValidUTF8(s[:maxWidth], "") + "…"
			}
			text = append(text, sign+s)
		}
	}
	total := len(removed) + len(added)
	room := maxLines
	if total > room && len(removed) > 0 && len(added) > 0 {
		keep := max(room/2, room-len(added))
		removed = removed[:min(len(removed), keep)]
	} else {
		removed = removed[:min(len(removed), room)]
	}
	room -= len(removed)
	from := 0
	if len(added) > room {
		i := slices.IndexFunc(added, func(l line) bool { return l.number >= about })
		if about > 0 && i > 0 {
			from = min(max(i-room/2, 0), len(added)-room)
		}
		added = added[from : from+room]
	}
	show("-", removed)
	show("+", added)
	if len(added) > 0 {
		first = added[0].number
	}
	return text, total - len(text), first
}
