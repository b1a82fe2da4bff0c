package inspect

import (
	"errors"
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
)

// State is what the runtime accounts for, absolute and of one moment, give or take
// some microseconds.
type State struct {
	// Memory is as package runtime/metrics defines it, in bytes. RSS and HighWater are
	// the kernel's to tell, and 0. Goal is 0 where nothing triggers collections.
	Memory highwater.Memory
	// Allocated is what was taken from the heap since the process began, as
	// /gc/heap/allocs has it. The runtime counts a size class when the room that a
	// processor has for it is used up: it lags by some kilobytes.
	Allocated highwater.Allocated
	// GC has its CPU times as of the end of the last collection, as /cpu/classes does.
	GC highwater.Collector
	// Last is the last collection. While one runs, what it overwrites is not known of
	// the one before, unless that was seen whole.
	Last       highwater.Cycle
	Goroutines int // as runtime.NumGoroutine counts them
}

// tries is how often memory is read until it fits together. It is changed within less
// than a microsecond, and hardly ever just then.
const tries = 5

// Read reads the state. It takes some tens of microseconds. The error is [ErrGone] when
// the process has ended.
func (p *Process) Read() (State, error) {
	var s State
	err := p.whole(func(r raw) error {
		s = State{Last: p.cycle(r)}
		if err := p.account(r, &s); err != nil {
			return err
		}
		p.collector(r, &s)
		var err error
		s.Goroutines, err = p.count()
		return err
	})
	if err != nil {
		return State{}, err
	}
	return s, nil
}

// Last reads the last collection alone, as [State] has it.
func (p *Process) Last() (last highwater.Cycle, err error) {
	err = p.whole(func(r raw) error {
		last = p.cycle(r)
		return nil
	})
	return last, err
}

// whole reads the runtime's structures for do until they fit together.
func (p *Process) whole(do func(raw) error) error {
	var err error
	for range tries {
		var r raw
		if r, err = p.readRaw(); err == nil {
			err = do(r)
		}
		if err == nil || errors.Is(err, ErrGone) {
			return err
		}
	}
	return fmt.Errorf("reading the runtime's figures: %w", err)
}

// Cycles is how many collections have ended since the process began: one read, of a
// microsecond or two. The error is [ErrGone] when the process has ended.
func (p *Process) Cycles() (int64, error) {
	var b [8]byte
	f := p.layout.stats.numGC
	err := p.mem.read(b[:], p.at("runtime.memstats")+uint64(f.off))
	return (field{0, f.size}).int(b[:]), err
}

// raw are the runtime's structures as they were read.
type raw struct {
	stats, pacer, work []byte
	marking            bool
	limited            int64
}

func (p *Process) readRaw() (raw, error) {
	l := p.layout
	s, c, w := &l.stats, &l.pacer, &l.work
	sizes := [3]int{
		extent(s.ring, s.others, s.pauses, s.pauseEnds, s.forced, s.lastUnix, s.lastNano),
		extent(c.percent, c.limit, c.marked, c.inUse, c.free, c.totalAlloc, c.totalFree, c.ready, c.lastGoal),
		extent(w.forced, w.cycles, w.pause, w.end, w.after, w.total, w.user, w.idle),
	}
	n := sizes[0] + sizes[1] + sizes[2]
	if len(p.page) < n {
		p.page = make([]byte, n)
	}
	r := raw{
		stats: p.page[:sizes[0]], pacer: p.page[sizes[0]:][:sizes[1]], work: p.page[sizes[0]+sizes[1]:][:sizes[2]],
	}
	for _, v := range []struct {
		name string
		to   []byte
	}{{"runtime.work", r.work}, {"runtime.memstats", r.stats}, {"runtime.gcController", r.pacer}} {
		if err := p.mem.read(v.to, p.at(v.name)); err != nil {
			return raw{}, err
		}
	}
	var small [4]byte
	if err := p.mem.read(small[:], p.at("runtime.gcphase")); err != nil {
		return raw{}, err
	}
	r.marking = (field{0, 4}).of(small[:]) != 0
	if err := p.mem.read(small[:], p.at("runtime.gcCPULimiter")+uint64(l.limiter.off)); err != nil {
		return raw{}, err
	}
	r.limited = (field{0, 4}).int(small[:])
	// A collection that began meanwhile has changed some of it and not the rest.
	if err := p.mem.read(small[:], p.at("runtime.work")+uint64(w.cycles.off)); err != nil {
		return raw{}, err
	}
	if (field{0, 4}).of(small[:]) != w.cycles.of(r.work) {
		return raw{}, errTorn
	}
	return r, nil
}

// collector fills in what the collector has done.
func (p *Process) collector(r raw, out *State) {
	s, w := &p.layout.stats, &p.layout.work
	seconds := func(f field) float64 { return max(time.Duration(f.int(r.work)), 0).Seconds() }
	out.GC = highwater.Collector{
		Cycles: s.numGC.int(r.stats), Forced: s.forced.int(r.stats), GOGC: int(p.layout.pacer.percent.int32(r.pacer)),
		GCSeconds: seconds(w.gc), AssistSeconds: seconds(w.assist), ScavengeSeconds: seconds(w.scavenge),
		UserSeconds: seconds(w.user), IdleSeconds: seconds(w.idle), TotalSeconds: seconds(w.total),
		Limited: r.limited, Running: r.marking,
	}
	ring := s.pauses.words(r.stats)
	size := int64(len(ring) / 8)
	n := min(out.GC.Cycles, size)
	out.GC.Pauses = make([]time.Duration, 0, n)
	for i := out.GC.Cycles - n; i < out.GC.Cycles; i++ {
		out.GC.Pauses = append(out.GC.Pauses, max(time.Duration(word(ring, int(i%size))), 0))
	}
}

// count is how many goroutines there are, as runtime.gcount has it: all that ever
// were, without the dead ones and the runtime's own.
func (p *Process) count() (int, error) {
	l := p.layout
	all, err := p.mem.word(p.at("runtime.allglen"))
	if err != nil {
		return 0, err
	}
	b := make([]byte, extent(l.sched.system, l.sched.dead, l.sched.deadNoStack))
	if err := p.mem.read(b, p.at("runtime.sched")); err != nil {
		return 0, err
	}
	n := int64(min(all, mostGoroutines))
	n -= int64(l.sched.dead.int32(b)) + int64(l.sched.deadNoStack.int32(b)) + int64(l.sched.system.int32(b))
	ps, err := p.processors()
	if err != nil {
		return 0, err
	}
	var small [4]byte
	for _, at := range ps {
		if err := p.mem.read(small[:], at+uint64(l.dead.off)); err != nil {
			return 0, err
		}
		n -= int64((field{0, 4}).int32(small[:]))
	}
	return int(max(n, 1)), nil
}

// mostProcessors bounds GOMAXPROCS.
const mostProcessors = 1 << 14

// processors are the addresses of the scheduler's processors.
func (p *Process) processors() ([]uint64, error) {
	var head [16]byte
	if err := p.mem.read(head[:], p.at("runtime.allp")); err != nil {
		return nil, err
	}
	n := word(head[:], 1)
	if n > mostProcessors {
		return nil, errTorn
	}
	b := make([]byte, 8*n)
	if err := p.mem.read(b, word(head[:], 0)); err != nil {
		return nil, err
	}
	all := make([]uint64, 0, n)
	for i := range int(n) {
		if at := word(b, i); at != 0 {
			all = append(all, at)
		}
	}
	return all, nil
}
