package advise

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// Live objects from which pinning matters: large ones, and several of them.
const (
	smallestPin = 4 << 10
	fewestPins  = 8
)

// pinned finds large buffers that stay live because a small part of each is kept. A slice
// or a substring keeps all of the array below it (Go blog, "Go Slices: usage and
// internals", section "A possible gotcha"). The profile shows how many are live and how
// large they are, the source that a part of what the line made is stored. Where the bounds
// of the part are constants, what is saved is
//
//	live objects × (size − size class of the part);
//
// otherwise the length of the part is not known, and neither is the saving.
func pinned(f *facts) []Advice {
	var all []Advice
	for _, p := range f.places {
		if p.live.Objects < fewestPins || p.live.Bytes/p.live.Objects < smallestPin {
			continue
		}
		c, ok := f.code(p.where)
		if !ok {
			continue
		}
		part, ok := keptPart(c, p.where.Line)
		if !ok {
			continue
		}
		size := p.live.Bytes / p.live.Objects
		at := p.where
		at.Line = part.line
		a := Advice{
			Title: fmt.Sprintf("%d buffers of %s are kept live by small parts of them, at %s", p.live.Objects, f.size(float64(size)), at.Place()),
			Lines: []highwater.Frame{p.where, at},
			How:   fmt.Sprintf("keep a copy of the part: bytes.Clone, strings.Clone or slices.Clone of %s; the buffer can go then, or be used again", part.text),
			Evidence: []string{
				fmt.Sprintf("%d objects and %s are live there, %s", p.live.Objects, f.size(float64(p.live.Bytes)), f.ofLive(p.live.Bytes)),
				fmt.Sprintf("line %d keeps %s of what line %d allocates", part.line, part.text, p.where.Line),
			},
			Found: "small parts of large buffers: live objects in the heap profile, and a slice expression of the variable in the source",
		}
		switch kept := class(part.length); {
		case part.length < 0:
			a.Evidence = append(a.Evidence, NotKnown+": how long the part is cannot be told from the source")
		case kept*2 >= size:
			continue // most of the buffer is in use
		default:
			a.Known, a.SavedBytes = true, p.live.Objects*(size-kept)
			a.Evidence = append(a.Evidence, fmt.Sprintf("a copy of the part takes %s", highwater.FormatBytes(float64(kept))))
		}
		all = append(all, a)
	}
	return all
}
