package inspect

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Bounds of what is believed of a heap.
const (
	mostSpans    = 1 << 26
	largestSpan  = 1 << 44
	pageSize     = 8 << 10 // of the runtime, on all processors
	mostInSpan   = pageSize * 16
	spanInUse    = 1 // mSpanInUse, the state of a span with objects
	spanNoPoints = 1 // the lowest bit of a span's class: noscan
)

// span is one of the runtime's mspan structures that has objects in it.
type span struct {
	start, size     uint64 // size is from one object to the next
	bytes           uint64
	count           int // objects that there is room for
	allocated, free int // objects that are there; the first of those that may not be
	bits            uint64
	pointers, large bool
	largeType       uint64
	specials        uint64
}

// spans reads those that have objects in them, in the order of their addresses. One that
// makes no sense, because it was changed just then, is left out.
func (p *Process) spans() ([]span, error) {
	l := p.layout
	var err error
	var addrs []uint64
	for range tries {
		b := make([]byte, extent(l.heap.spans.array, l.heap.spans.len))
		if err = p.mem.read(b, p.at("runtime.mheap_")); err != nil {
			continue
		}
		at, n := l.heap.spans.of(b)
		if n > mostSpans {
			err = errTorn
			continue
		}
		// The list moves when it grows, and the old one is kept for a while.
		list := make([]byte, 8*n)
		if err = p.mem.read(list, at); err != nil {
			continue
		}
		addrs = make([]uint64, n)
		for i := range addrs {
			addrs[i] = word(list, i)
		}
		break
	}
	if err != nil {
		return nil, fmt.Errorf("reading the list of spans: %w", err)
	}
	var all []span
	err = p.each(addrs, uint64(p.layout.spanExtent()), func(_ uint64, b []byte) {
		if s, ok := p.span(b); ok {
			all = append(all, s)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("reading the spans: %w", err)
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	// Of two at one place, one was given back while they were read.
	kept := all[:0]
	for _, s := range all {
		if n := len(kept); n == 0 || s.start >= kept[n-1].start+kept[n-1].bytes {
			kept = append(kept, s)
		}
	}
	return kept, nil
}

func (l *layout) spanExtent() int {
	s := &l.span
	return extent(s.start, s.pages, s.free, s.count, s.bits, s.allocated, s.class, s.state, s.size, s.specials, s.large)
}

// span reads the fields.
func (p *Process) span(b []byte) (span, bool) {
	f := &p.layout.span
	if f.state.of(b) != spanInUse {
		return span{}, false
	}
	class := f.class.of(b)
	s := span{
		start: f.start.of(b), size: f.size.of(b), bytes: f.pages.of(b) * pageSize, count: int(f.count.of(b)),
		allocated: int(f.allocated.of(b)), free: int(f.free.of(b)), bits: f.bits.of(b),
		pointers: class&spanNoPoints == 0, large: class>>1 == 0, largeType: f.large.of(b), specials: f.specials.of(b),
	}
	ok := s.start != 0 && s.start%pageSize == 0 && s.start < highest && s.bytes > 0 && s.bytes <= largestSpan && s.size > 0 &&
		s.count > 0 && s.count <= mostInSpan && s.size <= s.bytes/uint64(s.count) && s.allocated <= s.count && s.free <= s.count &&
		(s.size%8 == 0 || !s.pointers)
	return s, ok
}

// each reads a structure at each address, many at once where they lie side by side. One
// that cannot be read is left out.
func (p *Process) each(addrs []uint64, size uint64, do func(at uint64, b []byte)) error {
	slices.Sort(addrs)
	addrs = slices.Compact(addrs)
	buffer := make([]byte, max(mostAtOnce, size))
	for len(addrs) > 0 {
		n := 1
		for n < len(addrs) && addrs[n]-addrs[n-1] <= mostBetween && addrs[n]+size-addrs[0] <= mostAtOnce {
			n++
		}
		run := addrs[:n]
		addrs = addrs[n:]
		b := buffer[:run[n-1]+size-run[0]]
		err := p.mem.read(b, run[0])
		if errors.Is(err, ErrGone) {
			return err
		}
		for _, at := range run {
			one := b
			if err == nil {
				one = b[at-run[0]:][:size]
			} else if one = b[:size]; p.mem.read(one, at) != nil {
				continue
			}
			do(at, one)
		}
	}
	return nil
}

// SizeClasses are the objects of the heap by size: the smallest first, large ones, of
// more than 32 KiB, last; of one size those without pointers first. Bytes add up to what
// runtime/metrics has as /memory/classes/heap/objects and unused. It takes about a
// millisecond for every ten megabytes of heap, and nothing stops: of a busy program
// some spans may be missing. The error is [ErrUnknown] where this release is not known.
func (p *Process) SizeClasses() ([]highwater.SizeClass, error) {
	if err := p.needHeap(); err != nil {
		return nil, err
	}
	spans, err := p.spans()
	if err != nil {
		return nil, err
	}
	type key struct {
		size     int64
		pointers bool
	}
	classes := map[key]*highwater.SizeClass{}
	for _, s := range spans {
		k := key{int64(s.size), s.pointers}
		if s.large {
			k.size = 0
		}
		c := classes[k]
		if c == nil {
			c = &highwater.SizeClass{Size: k.size, Pointers: k.pointers}
			classes[k] = c
		}
		c.Spans++
		c.Bytes += int64(s.bytes)
		c.Objects += int64(s.allocated)
		c.Used += int64(s.allocated) * int64(s.size)
	}
	all := make([]highwater.SizeClass, 0, len(classes))
	for _, c := range classes {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b highwater.SizeClass) int {
		order := func(c highwater.SizeClass) uint64 { // large ones last
			n := 2 * uint64(c.Size-1)
			if c.Pointers {
				n++
			}
			return n
		}
		return cmp.Compare(order(a), order(b))
	})
	return all, nil
}
