package retain

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Span is a part of the heap with objects of one size, side by side.
type Span struct {
	Start  uint64
	Size   int64  // from one object to the next, in bytes
	Count  int    // objects that there is room for
	Used   []byte // a bit for each, the lowest first: whether it is there
	Memory []byte // nil where objects hold no pointers
	// References has a bit for each word of Memory: whether it may be a reference. Nil says
	// that any may.
	References []byte
	Header     int64 // bytes at the beginning of an object that are the runtime's
}

func (s *Span) end() uint64 { return s.Start + uint64(s.Size)*uint64(s.Count) }

func (s *Span) used(i int) bool { return s.Used[i/8]&(1<<(i%8)) != 0 }

// Root is memory outside of the heap from which objects are reached.
type Root struct {
	Kind highwater.HolderKind
	// Name is for people. Roots of one kind and name, such as goroutines that do the
	// same, are one holder.
	Name   string
	Start  uint64
	Memory []byte
}

// rank says in which order roots are gone through: paths begin at the first that leads to
// an object.
func (r *Root) rank() int {
	return slices.Index([]highwater.HolderKind{highwater.HolderGlobal, highwater.HolderGoroutine, highwater.HolderSpecial, highwater.HolderRuntime}, r.Kind)
}

// page is how finely spans are looked up. All spans of a heap are whole pages.
const page = 8 << 10

// heap finds objects by address.
type heap struct {
	spans     []Span
	first     []int32 // number of the first object of each span
	slots     int     // objects that there is room for
	low, high uint64
	pages     []int32 // span by page from low on, -1 for none; nil where that were too many
}

// mostSlots bounds the numbers of objects.
const mostSlots = math.MaxInt32 / 2

var errSpans = errors.New("the spans of the heap do not fit together")

func newHeap(spans []Span) (*heap, error) {
	h := &heap{spans: slices.Clone(spans)}
	slices.SortFunc(h.spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	for i := range h.spans {
		s := &h.spans[i]
		const largest = 1 << 46
		size := s.Size * int64(s.Count)
		switch {
		case s.Size <= 0 || s.Size > largest || s.Count <= 0 || s.Count > mostSlots || size/s.Size != int64(s.Count) || size > largest,
			s.Start%8 != 0 || s.Start > math.MaxUint64-largest, len(s.Used) < (s.Count+7)/8, s.Header < 0 || s.Header > s.Size,
			s.Memory != nil && (s.Size%8 != 0 || s.Header%8 != 0 || int64(len(s.Memory)) < size),
			s.References != nil && int64(len(s.References)) < (size/8+7)/8,
			i > 0 && s.Start < h.spans[i-1].end():
			return nil, fmt.Errorf("%w: at %#x", errSpans, s.Start)
		}
		h.first = append(h.first, int32(h.slots))
		if h.slots += s.Count; h.slots > mostSlots {
			return nil, fmt.Errorf("the heap has room for more than %d objects", mostSlots)
		}
	}
	if len(h.spans) > 0 {
		h.low, h.high = h.spans[0].Start&^(page-1), h.spans[len(h.spans)-1].end()
		h.index()
	}
	return h, nil
}

// index makes looking up one step, unless the heap lies far apart.
func (h *heap) index() {
	const most = 16 << 20 // 128 GiB
	n := (h.high - h.low + page - 1) / page
	if n > most {
		return
	}
	h.pages = make([]int32, n)
	for i := range h.pages {
		h.pages[i] = -1
	}
	for i := range h.spans {
		s := &h.spans[i]
		if s.Start%page != 0 {
			h.pages = nil
			return
		}
		for p := (s.Start - h.low) / page; p <= (s.end()-1-h.low)/page; p++ {
			h.pages[p] = int32(i)
		}
	}
}

// span is the index of that at an address, or -1.
func (h *heap) span(addr uint64) int {
	if addr < h.low || addr >= h.high {
		return -1
	}
	i := 0
	if h.pages != nil {
		i = int(h.pages[(addr-h.low)/page])
	} else {
		at, exact := slices.BinarySearchFunc(h.spans, addr, func(s Span, addr uint64) int { return cmp.Compare(s.Start, addr) })
		if i = at; !exact {
			i--
		}
	}
	if i < 0 || addr >= h.spans[i].end() {
		return -1
	}
	return i
}

// find is the number of the object that an address is in, or -1.
func (h *heap) find(addr uint64) int32 {
	i := h.span(addr)
	if i < 0 {
		return -1
	}
	s := &h.spans[i]
	n := int((addr - s.Start) / uint64(s.Size))
	if !s.used(n) {
		return -1
	}
	return h.first[i] + int32(n)
}

// object is what a number stands for: a span, and which object of it.
func (h *heap) object(slot int32) (*Span, int) {
	i, exact := slices.BinarySearch(h.first, slot)
	if !exact {
		i--
	}
	return &h.spans[i], int(slot - h.first[i])
}
