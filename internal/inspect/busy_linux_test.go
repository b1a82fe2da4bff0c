package inspect

import (
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"
)

// The program allocates, collects, and starts and ends goroutines as hard as it can.
func TestBusy(t *testing.T) {
	prog := start(t, build(t), "GODEBUG=memprofilerate=4096", "GOGC=20")
	p := prog.open()
	prog.do("busy 4")
	var last State
	reads := 0
	for deadline := time.Now().Add(60 * time.Second); last.GC.Cycles < 50 || reads < 2000; reads++ {
		if time.Now().After(deadline) {
			t.Fatalf("%d cycles, %d reads", last.GC.Cycles, reads)
		}
		s, err := p.Read()
		if err != nil {
			t.Fatal(err)
		}
		m := s.Memory
		const much = 1 << 30 // more than it can have
		if m.Live < 0 || m.Live == 0 && s.GC.Cycles > 0 || m.Heap < 0 || m.Heap > much || m.Live > much || m.InUse < m.Heap || m.Total > much || m.Total < m.InUse+m.Free+m.Released ||
			m.Stacks <= 0 || m.Metadata <= 0 || m.Goal < 1<<18 || m.Goal > much {
			t.Fatalf("%+v", m)
		}
		// The runtime counts by classes and processors: by less than it can take at once.
		const jitter = 8 << 20
		if s.Allocated.Bytes < last.Allocated.Bytes-jitter || s.GC.Cycles < last.GC.Cycles || s.GC.Cycles > last.GC.Cycles+10_000 {
			t.Fatalf("%+v, %+v after %+v, %+v", s.Allocated, s.GC.Cycles, last.Allocated, last.GC.Cycles)
		}
		if s.Goroutines < 1 || s.Goroutines > 200 {
			t.Fatalf("%d goroutines", s.Goroutines)
		}
		if c := s.Last; c.Number != s.GC.Cycles || c.Took < 0 || c.Took > time.Minute || c.Pause < 0 || c.After < 0 || c.After > much {
			t.Fatalf("%+v", c)
		}
		if reads%50 == 0 {
			looks(t, p)
		}
		last = s
	}
}

// looks looks at the goroutines and the profile of a busy program.
func looks(t *testing.T, p *Process) {
	t.Helper()
	groups, _, n, err := p.Goroutines()
	if err != nil || n < 1 || n > 200 || len(groups) == 0 {
		t.Fatalf("%d goroutines in %d groups: %v", n, len(groups), err)
	}
	sites, _, err := p.Sites()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sites {
		if s.Bytes < 0 || s.Objects < 0 || s.Allocated.Bytes < s.Bytes || s.Bytes > 1<<30 || len(s.Stack) == 0 {
			t.Fatalf("%+v", s)
		}
	}
}

// garbled is memory with errors in it: none fails, and none may be believed.
type garbled struct {
	io.ReaderAt
	r    *rand.Rand
	rate float64 // of reads
}

func (g garbled) ReadAt(b []byte, at int64) (int, error) {
	n, err := g.ReaderAt.ReadAt(b, at)
	switch v := g.r.Float64(); {
	case v > g.rate || n == 0:
	case v < g.rate/8:
		return n / 2, errors.New("cut off")
	case v < g.rate/4:
		clear(b)
	case v < g.rate/2: // a word that is a small number, or an address
		word := b[g.r.IntN(n)&^7:]
		for i := range word[:min(8, len(word))] {
			word[i] = []byte{0, 1, 0xff, byte(g.r.Uint32())}[g.r.IntN(4)]
		}
	default:
		for range 1 + g.r.IntN(8) {
			b[g.r.IntN(n)] = byte(g.r.Uint32())
		}
	}
	return n, err
}

func FuzzMemory(f *testing.F) {
	prog := start(f, build(f), "GODEBUG=memprofilerate=512")
	prog.do("hold 200")
	prog.do("gc")
	var n int
	prog.ask("goroutines", &n)
	good := prog.open()
	for seed := range uint64(40) {
		f.Add(seed, byte(seed*6))
	}
	f.Fuzz(func(t *testing.T, seed uint64, rate byte) {
		mem := memory{garbled{good.mem.at, rand.New(rand.NewPCG(seed, 1)), float64(rate) / 256}}
		p, err := newProcess(good.program, mem, good.moved)
		if err != nil {
			// It was noticed at once: the rest is to be tried all the same.
			c := *good
			c.mem, c.code, c.near, c.calls, c.places = mem, newBlocks(mem), newBlocks(mem), map[uint64]*call{}, map[string]place{}
			p = &c
		}
		if s, err := p.Read(); err == nil && (s.Memory.Heap < 0 || s.Memory.Free < 0 || s.Goroutines < 0 || len(s.GC.Pauses) > 256) {
			t.Errorf("%+v", s)
		}
		if groups, _, n, err := p.Goroutines(); err == nil {
			for _, g := range groups {
				n -= g.Count
			}
			if n != 0 {
				t.Errorf("%d are in no group", n)
			}
		}
		if sites, _, err := p.Sites(); err == nil {
			for _, s := range sites {
				if s.Bytes < 0 || s.Objects < 0 {
					t.Errorf("%+v", s)
				}
			}
		}
		_ = p.Buckets(func(stack []uint64, _, _, _, _, _ int64) { p.Frames(stack) })
	})
}
