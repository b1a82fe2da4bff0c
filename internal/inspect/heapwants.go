package inspect

import "fmt"

// wantHeap are the structures of the heap's objects. A release in which something of
// them is missing can be read all the same, but for what needs them: see needHeap.
func (l *layout) wantHeap() []want {
	s := &l.span
	return []want{
		{"mheap", "allspans.array?", &l.heap.spans.array},
		{"mheap", "allspans.len?", &l.heap.spans.len},
		{"mspan", "startAddr?", &s.start},
		{"mspan", "npages?", &s.pages},
		{"mspan", "freeindex?", &s.free},
		{"mspan", "nelems?", &s.count},
		{"mspan", "allocBits?", &s.bits},
		{"mspan", "allocCount?", &s.allocated},
		{"mspan", "spanclass?", &s.class},
		{"mspan", "state.s?", &s.state},
		{"mspan", "elemsize?", &s.size},
		{"mspan", "specials?", &s.specials},
		{"mspan", "largeType?", &s.large},
		{"special", "next?", &l.special.next},
		{"special", "offset?", &l.special.offset},
		{"special", "kind?", &l.special.kind},
		{"specialprofile", "b?", &l.special.bucket},
		{"m", "alllink?", &l.nextM},
		{"moduledata", "data?", &l.module.dataStart},
		{"moduledata", "edata?", &l.module.dataEnd},
		{"moduledata", "bss?", &l.module.bssStart},
		{"moduledata", "ebss?", &l.module.bssEnd},
		{"moduledata", "types?", &l.module.types},
	}
}

// needHeap says what of it is missing, as [ErrUnknown].
func (p *Process) needHeap() error {
	for _, w := range p.layout.wantHeap() {
		if w.to.size == 0 {
			return fmt.Errorf("%s: %w: its runtime.%s has no %s", p.version, ErrUnknown, w.of, w.path[:len(w.path)-1])
		}
	}
	if p.at("runtime.mheap_") == 0 {
		return fmt.Errorf("%s: %w: there is no runtime.mheap_", p.version, ErrUnknown)
	}
	if n := &p.layout.num; n.specialProfile == 0 || n.specialFinalizer == 0 {
		return fmt.Errorf("%s: %w: it has no constant runtime._KindSpecialProfile", p.version, ErrUnknown)
	}
	return nil
}
