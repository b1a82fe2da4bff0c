package inspect

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
)

// cycle is the last collection that has ended. What the runtime keeps of one it
// overwrites when the next begins, but for pauses and ends.
func (p *Process) cycle(r raw) highwater.Cycle {
	s, w := &p.layout.stats, &p.layout.work
	n := s.numGC.int(r.stats)
	if n == 0 {
		return highwater.Cycle{}
	}
	begin, end := w.sweepTerm.int(r.work), w.end.int(r.work)
	ordered := 0 < begin && begin <= w.mark.int(r.work) && w.mark.int(r.work) <= w.markTerm.int(r.work) && w.markTerm.int(r.work) <= end
	if r.marking || w.cycles.int(r.work) != n || !ordered || end-begin > int64(time.Hour) {
		if p.last.Number == n {
			return p.last
		}
		return highwater.Cycle{
			Number: n, End: ended(s.pauseEnds.words(r.stats), n), After: p.layout.pacer.marked.int(r.pacer),
			Pause: time.Duration(ringed(s.pauses.words(r.stats), n)),
		}
	}
	c := highwater.Cycle{
		Number: n, End: time.Unix(0, s.lastUnix.int(r.stats)),
		Before: w.before.int(r.work), Peak: w.peak.int(r.work), After: w.after.int(r.work),
		Took: time.Duration(end - begin), Pause: max(time.Duration(w.pause.int(r.work)), 0),
	}
	// Without GOGC and a limit the runtime makes a goal of the limit that stands for none.
	if goal := p.layout.pacer.lastGoal.of(r.pacer); goal < math.MaxInt64/2 {
		c.Goal = int64(goal)
	}
	switch {
	case w.forced.of(r.work) != 0:
		c.Why = highwater.WhyForced
	case p.timed(c, ended(s.pauseEnds.words(r.stats), n-1)):
		c.Why = highwater.WhyTime
	default:
		c.Why = highwater.WhyHeap
	}
	p.last = c
	return c
}

// longestRest is how long the runtime goes without a collection (forcegcperiod).
const longestRest = 2 * time.Minute

// timed reports a collection that only the time can have triggered, which the runtime
// keeps no note of: there was none for two minutes, and the heap had not come as far as
// where it triggers one, which is at least 45/64 of the way from what the one before
// left to the goal (minTriggerRatioNum in runtime/mgcpacer.go).
func (p *Process) timed(c highwater.Cycle, before time.Time) bool {
	left := int64(0) // where the one before was not seen, the surest bound
	if p.last.Number == c.Number-1 {
		left = p.last.After
	}
	return c.Number > 1 && c.End.Add(-c.Took).Sub(before) >= longestRest && c.Before < left+(c.Goal-left)/64*45
}

// ringed is what a ring of the last collections has of one of them, by its number.
func ringed(ring []byte, n int64) int64 {
	size := int64(len(ring) / 8)
	if n < 1 || size == 0 {
		return 0
	}
	return max(int64(word(ring, int((n-1)%size))), 0)
}

func ended(ring []byte, n int64) time.Time { return time.Unix(0, ringed(ring, n)) }
