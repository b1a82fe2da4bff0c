package inspect

import (
	"context"
	"fmt"
)

// special is something that the runtime keeps for an object.
type special struct {
	object, bucket uint64
	kind           int64
	record         region
}

// specialSize holds all kinds of them.
const specialSize = 64

// mostSpecials bounds a list of one span.
const mostSpecials = 1 << 18

// copySpecials reads what the runtime keeps for objects: those that the memory profile
// has sampled, and those with finalizers.
func (p *Process) copySpecials(ctx context.Context, s *stopped, pic *picture) error {
	l := &p.layout.special
	near := newBlocks(p.mem)
	near.most = 1 << 14
	b := make([]byte, max(specialSize, extent(l.next, l.offset, l.kind, l.bucket)))
	for i, v := range pic.spans {
		if i%256 == 0 {
			if err := s.check(ctx); err != nil {
				return err
			}
		}
		at := v.specials
		for n := 0; at != 0 && n < mostSpecials; n++ {
			if err := near.read(b, at); err != nil {
				return fmt.Errorf("reading what is kept for objects: %w", err)
			}
			one := special{kind: l.kind.int(b), object: v.start + l.offset.of(b)}
			switch one.kind {
			case p.layout.num.specialProfile:
				one.bucket = l.bucket.of(b)
				pic.specials = append(pic.specials, one)
			case p.layout.num.specialFinalizer, p.layout.num.specialCleanup:
				one.record = region{at, append([]byte(nil), b[:specialSize&^7]...)}
				pic.specials = append(pic.specials, one)
			}
			at = l.next.of(b)
		}
	}
	return nil
}
