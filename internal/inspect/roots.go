package inspect

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sort"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/retain"
)

// headerAbove is the size above which objects with pointers begin with their type, in
// bytes; see heapBitsInSpan in runtime/mbitmap.go. Large ones have it in their span.
const (
	headerAbove = 512
	headerSize  = 8
)

// retained are the spans as package retain wants them.
func (p *Process) retained(pic *picture) []retain.Span {
	masks := p.masks()
	all := make([]retain.Span, len(pic.spans))
	for i, s := range pic.spans {
		all[i] = retain.Span{Start: s.start, Size: int64(s.size), Count: s.count, Used: pic.used[i], Memory: pic.memory[i]}
		all[i].References = p.references(s, pic.memory[i], pic.used[i], masks)
		if s.pointers && !s.large && s.size > headerAbove {
			all[i].Header = headerSize
		}
	}
	return all
}

// roots are those of a picture. What leads nowhere is left out.
func (p *Process) roots(pic *picture, vars *variablesOf) []retain.Root {
	var all []retain.Root
	low, high := uint64(0), uint64(0)
	if n := len(pic.spans); n > 0 {
		low, high = pic.spans[0].start, pic.spans[n-1].start+pic.spans[n-1].bytes
	}
	add := func(kind highwater.HolderKind, name string, r region) {
		for i := 0; i+8 <= len(r.bytes); i += 8 {
			if w := binary.LittleEndian.Uint64(r.bytes[i:]); w >= low && w < high {
				all = append(all, retain.Root{Kind: kind, Name: name, Start: r.start, Memory: r.bytes})
				return
			}
		}
	}
	for _, r := range pic.globals {
		p.cut(r, vars, add)
	}
	for i := range pic.stacks {
		c := &pic.stacks[i]
		kind := highwater.HolderGoroutine
		if p.system(&c.goroutine) {
			kind = highwater.HolderRuntime
		}
		frames := p.live(c.frames())
		names := p.frameNames(c, frames)
		for j, f := range frames {
			add(kind, names[j], f.region)
		}
	}
	for _, s := range pic.specials {
		if s.kind != p.layout.num.specialProfile {
			add(highwater.HolderSpecial, "a finalizer or a cleanup", s.record)
		}
		if s.kind == p.layout.num.specialFinalizer {
			// What the object refers to is kept for the finalizer, though not the object.
			if r, ok := pic.object(s.object); ok {
				add(highwater.HolderSpecial, "an object with a finalizer", r)
			}
		}
	}
	return all
}

// object is the memory of one, where it holds pointers.
func (pic *picture) object(addr uint64) (region, bool) {
	i := sort.Search(len(pic.spans), func(i int) bool { return pic.spans[i].start > addr }) - 1
	if i < 0 || pic.memory[i] == nil {
		return region{}, false
	}
	s := pic.spans[i]
	n := (addr - s.start) / s.size
	if n >= uint64(s.count) {
		return region{}, false
	}
	return region{s.start + n*s.size, pic.memory[i][n*s.size : (n+1)*s.size]}, true
}

// cut parts memory into the variables in it.
func (p *Process) cut(r region, vars *variablesOf, add func(highwater.HolderKind, string, region)) {
	end := r.start + uint64(len(r.bytes))
	at := r.start
	between := func(to uint64) {
		if at = (at + 7) &^ 7; to > at {
			add(highwater.HolderRuntime, "memory of the program that has no name", region{at, r.bytes[at-r.start : to-r.start]})
		}
	}
	for _, v := range vars.within(r.start, end) {
		if v.addr < at {
			continue
		}
		between(v.addr)
		stop := min(v.addr+v.size, end)
		kind := highwater.HolderGlobal
		if internal(v.name) {
			kind = highwater.HolderRuntime
		}
		add(kind, v.name, region{v.addr, r.bytes[v.addr-r.start : stop-r.start]})
		at = stop
	}
	between(end)
}

// frameNames says of each frame of a goroutine which of the program's functions it is in:
// what the runtime does there it does for that.
func (p *Process) frameNames(c *stackCopy, frames []frame) []string {
	origin := "the first goroutine"
	if c.id != 1 {
		f := p.creation(c.created)
		origin = "a goroutine that " + f.Func + fmt.Sprintf(" started (%s:%d)", filepath.Base(f.File), f.Line)
		if f.Func == "" {
			origin = "a goroutine of the runtime"
		}
	}
	names := make([]string, len(frames))
	name := p.functionName(c.goroutine.start)
	for i := len(frames) - 1; i >= 0; i-- {
		if f := p.functionName(frames[i].pc); f != "" && !internal(f) {
			name = f
		}
		names[i] = name + ", in " + origin
	}
	return names
}

// functionName is that of the innermost call at an address that is not the runtime's, ""
// where there is no code: the program's own function rather than what it is inlined in.
func (p *Process) functionName(pc uint64) string {
	c := p.call(pc)
	if c == nil {
		return ""
	}
	for _, v := range c.levels {
		if !internal(v.frame.Func) {
			return v.frame.Func
		}
	}
	return c.levels[0].frame.Func
}
