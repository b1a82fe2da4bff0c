package inspect

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/retain"
)

// HoldersOptions say what is looked for, and what it may cost.
type HoldersOptions struct {
	// Sites are the fingerprints of the allocation sites in question, and Match reports a
	// stack that is one, innermost first. Without both all objects are in question that
	// the memory profile has sampled.
	Sites []string
	Match func(stack []highwater.Frame) bool
	// Most is how many holders are given; 10 where it is 0.
	Most int
	// MaxBytes bounds what is read, in bytes: all objects that may hold pointers. Our own
	// memory is about three times that. 1 GiB where it is 0.
	MaxBytes int64
	// MaxStop is for how long the process may stand still; 2 s where it is 0.
	MaxStop time.Duration
}

func (o HoldersOptions) filled() HoldersOptions {
	o.Most = cmp.Or(o.Most, 10)
	o.MaxBytes = cmp.Or(o.MaxBytes, 1<<30)
	o.MaxStop = cmp.Or(o.MaxStop, 2*time.Second)
	return o
}

// Holding is who holds objects, and what it took to find out.
type Holding struct {
	Holders []highwater.Holder
	// Objects and Bytes are all that roots reach: the live heap.
	Objects, Bytes int64
	Stopped        time.Duration // for which the process stood still; 0 where it already did
	Rate           int           // of the memory profile
}

// Holders says who holds the objects of allocation sites: those of most bytes first,
// and last, with the reason, those to which no path leads.
//
// The process stands still while it is read, for about ten milliseconds and a millisecond
// for each megabyte of objects with pointers, as if by kill -STOP: a shell that it was started from may
// say so, and system calls that wait may be interrupted, which the runtime hides from
// Go code. It goes on also where ctx ends, where something fails, and where highwater is
// killed meanwhile: see stopped. A process that somebody else has stopped is read and
// stays as it is. Objects that only a register refers to, for an instant, are not seen.
//
// The error is [ErrNoProfile], [ErrUnknown], [ErrLarge], [ErrBusy] where MaxStop did not
// suffice, [ErrGone], or that of ctx.
func (p *Process) Holders(ctx context.Context, o HoldersOptions) (Holding, error) {
	o = o.filled()
	var out Holding
	err := p.needHeap()
	if err == nil {
		out.Rate, err = p.Rate()
	}
	if err != nil {
		return out, err
	}
	if err := p.openNames(); err != nil {
		return out, err
	}
	pic, err := p.picture(ctx, o)
	if err != nil {
		return out, err
	}
	out.Stopped = pic.took
	targets, err := p.targets(pic, o, out.Rate)
	if err != nil {
		return out, err
	}
	vars := p.named.variables.clone()
	p.nameless(pic, vars)
	graph, err := retain.New(ctx, p.retained(pic), p.roots(pic, vars), pic.late)
	if err != nil {
		return out, err
	}
	out.Objects, out.Bytes = graph.Reached()
	out.Holders, err = graph.Holders(ctx, targets, p.named.of(p, pic, vars), o.Most)
	return out, err
}

// targets are the sampled objects of the sites, each with what it stands for.
func (p *Process) targets(pic *picture, o HoldersOptions, rate int) ([]retain.Target, error) {
	wanted := map[uint64]float64{} // size of an object, by bucket
	err := p.buckets(func(b *bucket) {
		key := make([]byte, 0, 8*len(b.stack))
		for _, pc := range b.stack {
			for shift := 0; shift < 64; shift += 8 {
				key = append(key, byte(pc>>shift))
			}
		}
		at := p.place(string(key), b.stack)
		if (len(o.Sites) == 0 && o.Match == nil) || slices.Contains(o.Sites, at.fingerprint) || o.Match != nil && o.Match(at.stack) {
			wanted[b.at] = float64(b.size)
		}
	})
	if err != nil {
		return nil, err
	}
	var all []retain.Target
	for _, s := range pic.specials {
		size, ok := wanted[s.bucket]
		if !ok || s.kind != p.layout.num.specialProfile || size <= 0 {
			continue
		}
		n := 1.0
		if rate > 1 {
			n = 1 / (1 - math.Exp(-size/float64(rate))) // as heap.Scale has it
		}
		all = append(all, retain.Target{Addr: s.object, Objects: n, Bytes: n * size})
	}
	if len(all) == 0 {
		what := "no object of these sites was sampled that is still there"
		if rate > 4096 {
			what += fmt.Sprintf(": at a profile rate of %d few are. Start it with GODEBUG=memprofilerate=4096", rate)
		}
		return nil, fmt.Errorf("%w: %s", ErrNoObjects, what)
	}
	return all, nil
}
