package inspect

import (
	"context"
	"io"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/highwater-dev/highwater/internal/retain"
)

// oneByOne lets two readers read garbled memory.
type oneByOne struct {
	sync.Mutex
	io.ReaderAt
}

func (o *oneByOne) ReadAt(b []byte, at int64) (int, error) {
	o.Lock()
	defer o.Unlock()
	return o.ReaderAt.ReadAt(b, at)
}

// Memory with errors in it leads to an error, or to holders that are none, and to nothing
// worse.
func FuzzHolders(f *testing.F) {
	prog := holding(f)
	for _, c := range []string{"map 100", "list 500", "sync 50", "closure 20", "interface 20", "local 20"} {
		prog.do2(c)
	}
	good := prog.open()
	if err := good.openNames(); err != nil {
		f.Fatal(err)
	}
	for seed := range uint64(24) {
		f.Add(seed, byte(seed*4))
	}
	f.Fuzz(func(t *testing.T, seed uint64, rate byte) {
		p := *good
		p.mem = memory{&oneByOne{ReaderAt: garbled{good.mem.at, rand.New(rand.NewPCG(seed, 2)), float64(rate) / 1024}}}
		p.code, p.near, p.calls, p.places = newBlocks(p.mem), newBlocks(p.mem), map[uint64]*call{}, map[string]place{}
		ctx, s, pic := context.Background(), &stopped{p: &p, before: true}, &picture{}
		for _, err := range []error{
			p.copyHeap(ctx, s, pic, nil, 64<<20), p.copyGlobals(pic), p.copyStacks(ctx, s, pic), p.copySpecials(ctx, s, pic),
		} {
			if err != nil {
				return
			}
		}
		vars := p.named.variables.clone()
		p.nameless(pic, vars)
		graph, err := retain.New(ctx, p.retained(pic), p.roots(pic, vars), nil)
		if err != nil {
			return
		}
		var targets []retain.Target
		for _, s := range pic.specials {
			targets = append(targets, retain.Target{Addr: s.object, Objects: 1, Bytes: 1})
		}
		h, err := graph.Holders(ctx, targets, p.named.of(&p, pic, vars), 20)
		if err != nil {
			t.Fatal(err)
		}
		_, whole := graph.Reached()
		for _, v := range h {
			if v.String() == "" || v.Retained < 0 || v.Retained > whole {
				t.Errorf("%+v of %d", v, whole)
			}
		}
	})
}
