package inspect

import (
	"cmp"
	"fmt"
	"time"
)

// mostGoroutines bounds how many are believed in.
const mostGoroutines = 1 << 22

// goroutine is one of the runtime's g structures.
type goroutine struct {
	at             uint64
	status, reason int64
	lo, hi         uint64 // its stack
	sp, pc, bp     uint64 // where it left it
	created, start uint64
	since          int64 // when a collection first met it waiting; 0 for not yet
	id             uint64
	runsCleanup    bool
	stack          []uint64 // return addresses, innermost first
	certain        bool     // the stack was read to its end
}

// allgs are the addresses of all goroutines that ever were: the structures are reused
// and never freed.
func (p *Process) allgs() ([]uint64, error) {
	var err error
	for range tries {
		var at, n, again uint64
		if n, err = p.mem.word(p.at("runtime.allglen")); err != nil {
			continue
		}
		if at, err = p.mem.word(p.at("runtime.allgptr")); err != nil {
			continue
		}
		if n > mostGoroutines {
			err = errTorn
			continue
		}
		b := make([]byte, 8*n)
		if err = p.mem.read(b, at); err != nil {
			continue
		}
		// When the list has moved, the old one is garbage.
		if again, err = p.mem.word(p.at("runtime.allgptr")); err != nil || again != at {
			err = cmp.Or(err, errTorn)
			continue
		}
		all := make([]uint64, n)
		for i := range all {
			all[i] = word(b, i)
		}
		return all, nil
	}
	return nil, fmt.Errorf("reading the list of goroutines: %w", err)
}

// Structures such as goroutines lie in memory side by side: many are read at once.
const (
	mostAtOnce  = 128 << 10
	mostBetween = 4 << 10
)

// goroutines reads all that are alive, the runtime's own among them, and calls do with
// each. One that cannot be read is left out.
func (p *Process) goroutines(do func(*goroutine)) error {
	addrs, err := p.allgs()
	if err != nil {
		return err
	}
	g := &p.layout.g
	size := uint64(extent(g.lo, g.hi, g.sp, g.pc, g.bp, g.syscallSP, g.syscallPC, g.syscallBP, g.status, g.id, g.since, g.reason, g.created, g.start, g.cleaning))
	return p.each(addrs, size, func(at uint64, b []byte) {
		if v := p.goroutine(b, at); p.alive(v.status) {
			do(&v)
		}
	})
}

// goroutine reads the fields.
func (p *Process) goroutine(b []byte, at uint64) goroutine {
	f, n := &p.layout.g, &p.layout.num
	g := goroutine{
		at: at, status: f.status.int(b) &^ n.scan, reason: f.reason.int(b), lo: f.lo.of(b), hi: f.hi.of(b),
		sp: f.sp.of(b), pc: f.pc.of(b), bp: f.bp.of(b), created: f.created.of(b), start: f.start.of(b),
		since: f.since.int(b), id: f.id.of(b), runsCleanup: f.cleaning.of(b) != 0,
	}
	if g.status == n.syscall {
		g.sp, g.pc, g.bp = f.syscallSP.of(b), f.syscallPC.of(b), f.syscallBP.of(b)
	}
	return g
}

func (p *Process) alive(status int64) bool {
	n := &p.layout.num
	return status != n.idle && status != n.dead && status != n.deadExtra
}

// state is what a traceback prints of a goroutine.
func (p *Process) state(g *goroutine) string {
	n := &p.layout.num
	name := "unknown"
	if g.status >= 0 && g.status < int64(len(p.statuses)) && p.statuses[g.status] != "" {
		name = p.statuses[g.status]
	}
	// Waiting, or found to wait for ever, which is a status of its own since Go 1.26.
	if (g.status == n.waiting || name == "leaked") && g.reason > 0 && g.reason < int64(len(p.reasons)) && p.reasons[g.reason] != "" {
		return p.reasons[g.reason]
	}
	return name
}

// system reports one of the runtime's own goroutines, which neither counts itself; see
// runtime.isSystemGoroutine. That of finalizers counts as one of the program's while a
// cleanup runs, and in tracebacks while a finalizer does.
func (p *Process) system(g *goroutine) bool {
	c := p.call(g.start)
	if c == nil {
		return false
	}
	switch name := c.levels[len(c.levels)-1].frame.Func; name {
	case "runtime.main", "runtime.corostart", "runtime.handleAsyncEvent":
		return false
	case "runtime.runCleanups":
		return !g.runsCleanup
	default:
		return runtimeOwn(name)
	}
}

// clock is the target's own: what it calls now, in the nanoseconds that it measures
// waits in. Both clocks are of the last collection, without which nothing has waited.
func (p *Process) clock() func(since int64) time.Duration {
	s := &p.layout.stats
	b := make([]byte, extent(s.lastUnix, s.lastNano))
	if p.mem.read(b, p.at("runtime.memstats")) != nil {
		return func(int64) time.Duration { return 0 }
	}
	now := s.lastNano.int(b) + time.Now().UnixNano() - s.lastUnix.int(b)
	return func(since int64) time.Duration {
		if since <= 0 || since > now {
			return 0
		}
		return time.Duration(now - since)
	}
}
