package probe

import (
	"math"
	"math/bits"
	"time"
)

// span is what was done since the last checkpoint: how many operations, in how much
// time, and how long they took. It is a histogram of fixed size: 16 classes for each
// power of two, so that a percentile is off by 3 % at most.
type span struct {
	ops     int64
	busy    time.Duration
	longest time.Duration
	cpu     time.Duration // of the process, without checkpoints
	cpu0    time.Duration // when the span began, or went on after a checkpoint
	classes [64 * subclasses]int64
}

const subclasses = 16

// class is where a duration of d counts.
func class(d time.Duration) int {
	n := uint64(max(d, 0))
	if n < subclasses {
		return int(n)
	}
	shift := bits.Len64(n) - 5 // the leading bit and four more are kept
	return (shift+1)*subclasses + int(n>>shift) - subclasses
}

// middle is the duration in the middle of a class.
func middle(c int) time.Duration {
	if c < subclasses {
		return time.Duration(c)
	}
	shift := c/subclasses - 1
	low := uint64(c%subclasses+subclasses) << shift
	return time.Duration(low + (uint64(1)<<shift)/2)
}

// add counts n operations that took d together.
func (s *span) add(d time.Duration, n int64) {
	s.ops += n
	s.busy += d
	each := d / time.Duration(max(n, 1))
	s.longest = max(s.longest, each)
	s.classes[class(each)] += n
}

// pause and restart keep a checkpoint's own CPU time out.
func (s *span) pause()   { s.cpu += CPUTime() - s.cpu0 }
func (s *span) restart() { s.cpu0 = CPUTime() }

// take returns the span and begins a new one.
func (s *span) take() *SoakWork {
	w := &SoakWork{
		Ops: s.ops, Busy: int64(s.busy), CPU: int64(s.cpu), Max: int64(s.longest),
		P50: int64(s.percentile(0.50)), P95: int64(s.percentile(0.95)), P99: int64(s.percentile(0.99)),
	}
	*s = span{cpu0: s.cpu0}
	return w
}

// percentile is the time that a share q of the operations took at most (the nearest
// rank), 0 where there was none.
func (s *span) percentile(q float64) time.Duration {
	rank := int64(math.Ceil(q * float64(s.ops)))
	var seen int64
	for c, n := range s.classes {
		if seen += n; n > 0 && seen >= rank {
			return min(middle(c), s.longest)
		}
	}
	return 0
}
