package load

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"

	"github.com/highwater-dev/highwater"
)

const (
	// limitMiB is the soft memory limit of memory_pressure.
	limitMiB = 64
	// nearShare is how much of it is in use when the work begins, and
	// reachedShare what must be in use at some time for the limit to count as
	// reached: the runtime begins a collection a few percent below it.
	// A soft limit is passed for moments, so brokenShare is well above it.
	nearShare, reachedShare, brokenShare = 0.85, 0.93, 1.25
	// blockBytes and turnoverShare describe the cache that fills the rest: a part
	// of its blocks is replaced in each operation.
	blockBytes, turnoverShare = 64 << 10, 0.2
	// linesPerOp is what each session prints in an operation.
	linesPerOp = 12
)

func memoryPressure() scenario {
	return scenario{
		name: "memory_pressure", sessions: 16, ops: 24, has: hasServer,
		doc: fmt.Sprintf("16 sessions at work in a process with %d%% of its GOMEMLIMIT of %d MiB in use", int(nearShare*100), limitMiB),
		env: []string{fmt.Sprintf("GOMEMLIMIT=%dMiB", limitMiB)},
		omit: map[highwater.Pass]string{
			highwater.PassExact: "it lifts GOMEMLIMIT and forces collections, and the limit is what this scenario is about",
		},
		limits: []highwater.Limit{
			{
				Metric: highwater.Footprint, Bound: (limitMiB + 56) << 20,
				Reason: fmt.Sprintf("GOMEMLIMIT is %d MiB, and the pages of the program itself come on top", limitMiB),
			},
			{Metric: highwater.GCPressure, Bound: 1, Reason: "near its limit the collector is meant to work hard"},
		},
		run: func(m *highwater.M, e Engine) {
			// Under go test -race, for one, nobody sets the environment.
			limit := debug.SetMemoryLimit(-1)
			if limit == math.MaxInt64 {
				limit = limitMiB << 20
				debug.SetMemoryLimit(limit)
				m.Cleanup(func() { debug.SetMemoryLimit(math.MaxInt64) })
			}
			h := open(m, e)
			for _, one := range h.hire("session", m.Sessions()) {
				one.prog = logger{}
			}
			h.check(h.inTurn(h.members, h.enter))
			c := cache{limit: limit}
			h.check(c.fill())
			m.KeepAlive(&c)
			for m.Loop() {
				c.turn()
				h.check(h.together(h.members, func(m *member) error { return m.work(linesPerOp) }))
				c.look()
			}
			h.verify(h.members)
			h.check(c.reached())
		},
	}
}

// cache fills the process up to near its limit. Its blocks hold no pointers:
// what the collector has to do is the server's.
type cache struct {
	limit  int64
	blocks [][]byte
	next   int
	most   int64 // in use, ever
}

// inUse is what the limit is about: all that the runtime has mapped, less what
// it has given back.
func inUse() int64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.Sys - s.HeapReleased)
}

func (c *cache) fill() error {
	debug.FreeOSMemory()
	near := int64(nearShare * float64(c.limit))
	used := inUse()
	n := (near - used) / blockBytes
	if n < 8 {
		return fmt.Errorf("the sessions alone have %s in use, of a limit of %s: there is no room to work in; give the scenario fewer sessions, or the sessions less memory",
			highwater.FormatBytes(float64(used)), highwater.FormatBytes(float64(c.limit)))
	}
	c.blocks = make([][]byte, n)
	for i := range c.blocks {
		c.blocks[i] = block()
	}
	return nil
}

// block is memory that is really used.
func block() []byte {
	b := make([]byte, blockBytes)
	for i := 0; i < len(b); i += 512 {
		b[i] = 1
	}
	return b
}

// turn replaces some of the blocks.
func (c *cache) turn() {
	for range int(turnoverShare * float64(len(c.blocks))) {
		c.blocks[c.next] = block()
		c.next = (c.next + 1) % len(c.blocks)
	}
	c.look()
}

func (c *cache) look() { c.most = max(c.most, inUse()) }

var errNotReached = errors.New("the memory limit was never reached, so nothing is known about the work near it")

func (c *cache) reached() error {
	most, limit := highwater.FormatBytes(float64(c.most)), highwater.FormatBytes(float64(c.limit))
	switch share := float64(c.most) / float64(c.limit); {
	case share < reachedShare:
		return fmt.Errorf("%w: at most %s of %s were in use", errNotReached, most, limit)
	case share > brokenShare:
		return fmt.Errorf("the memory limit of %s was not kept: %s were in use; more is alive than fits, so the collector can do nothing about it", limit, most)
	}
	return nil
}
