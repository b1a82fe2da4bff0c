package attach

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// fill puts what runtime.MemStats says into s. The parts of Sys add up to it.
func (m memory) fill(s *highwater.Snapshot) {
	s.Memory = highwater.Memory{
		Heap: m.heapAlloc, InUse: m.heapInuse, Goal: m.goal, Stacks: m.stackSys,
		Metadata: m.mspanSys + m.mcacheSys + m.buckHashSys + m.gcSys + m.otherSys,
		Free:     max(0, m.heapIdle-m.heapReleased), Released: m.heapReleased, Total: m.sys,
	}
	s.Allocated = highwater.Allocated{Bytes: m.totalAlloc, Objects: m.mallocs}
	s.GC = highwater.Collector{Cycles: m.cycles, Forced: m.forced, Share: m.share}
	if m.goal == mostGoal {
		s.Memory.Goal, s.GC.GOGC = 0, -1
	}
	for n := m.oldest(); n <= m.cycles; n++ {
		s.GC.Pauses = append(s.GC.Pauses, m.pause(n))
	}
}

// oldest is the number of the first cycle whose pause is remembered.
func (m memory) oldest() int64 { return max(1, m.cycles-ringSize+1) }

func (m memory) pause(n int64) time.Duration { return time.Duration(m.pauses[(n-1)%ringSize]) }
func (m memory) end(n int64) time.Time       { return time.Unix(0, m.ends[(n-1)%ringSize]) }

// idlePeriod is after how long without a collection the runtime makes one.
const idlePeriod = 2 * time.Minute

// cycles tells the single collections from one look to the next.
type cycles struct {
	seen                 bool
	number, forced, goal int64 // at the last look
}

// next puts the collections since the last look into s: none at the first. The goal of
// a cycle is that of the look before it, if no other came between them. What triggered
// it is known when all of them were forced, or none: the runtime makes one by itself
// when there was none for two minutes, and otherwise it was the heap.
func (c *cycles) next(s *highwater.Snapshot, m memory) {
	if c.seen {
		forced := m.forced - c.forced
		for n := max(c.number+1, m.oldest()); n <= m.cycles; n++ {
			cycle := highwater.Cycle{Number: n, End: m.end(n), Pause: m.pause(n)}
			if n == c.number+1 {
				cycle.Goal = c.goal
			}
			switch {
			case forced == m.cycles-c.number:
				cycle.Why = highwater.WhyForced
			case forced != 0:
			case n > m.oldest() && cycle.End.Sub(m.end(n-1)) > idlePeriod:
				cycle.Why = highwater.WhyTime
			case n > m.oldest() || n == 1:
				cycle.Why = highwater.WhyHeap
			}
			s.Cycles = append(s.Cycles, cycle)
		}
	}
	c.seen, c.number, c.forced, c.goal = true, m.cycles, m.forced, s.Memory.Goal
}
