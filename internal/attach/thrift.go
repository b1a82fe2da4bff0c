package attach

import (
	"slices"
	"sync/atomic"
	"time"
)

// How much longer than a look takes the pause after it is, where the process pays for
// it: of the time, a fiftieth in a soak, and while it is only watched half a percent for
// the figures of its memory, and a fifth each for its sites and its goroutines.
// What its pages take is walked less often: the kernel's own count goes on meanwhile.
const (
	soakThrift  = 50
	restThrift  = 199
	liveThrift  = 499
	weighThrift = 999
)

// dearRest is the rest from which on another source of the figures is looked for: looks at
// the default interval would be too many.
const dearRest = time.Second

// firstRest is how long the pause between the first looks is, at most.
const firstRest = 2 * time.Second

// thrift spreads over time what a look costs the process.
type thrift struct{ next time.Time }

// due says that it may be looked at again.
func (t *thrift) due() bool { return !time.Now().Before(t.next) }

// spent notes what a look has cost that began at begun, by the clock: it cannot have
// been more.
func (t *thrift) spent(begun time.Time, times int) {
	now := time.Now()
	t.next = now.Add(time.Duration(times) * now.Sub(begun))
}

// rest is how long a process is to be left alone after a look that cannot be made of
// what was seen before.
type rest struct {
	took, idle [4]time.Duration // of the last ones
	n          int
	now        atomic.Int64
}

// spent notes how long one took, and how long the same process took to answer what costs
// it next to nothing: that is the way to it and back. The least of the last ones counts: a
// busy machine makes each take longer, and none shorter. The first ones, of a process that
// may never have made such a profile, tell little, and follow each other sooner.
func (r *rest) spent(took, idle time.Duration) {
	r.took[r.n%len(r.took)], r.idle[r.n%len(r.took)] = took, idle
	r.n++
	took, idle = r.least()
	wait := restThrift * max(took-idle, 0)
	if !r.known() {
		wait = min(wait, firstRest)
	}
	r.now.Store(int64(wait))
}

// known says that there were enough to tell what one costs.
func (r *rest) known() bool { return r.n >= len(r.took) }

// least are the least of the last ones, of which there is one at least.
func (r *rest) least() (took, idle time.Duration) {
	n := min(r.n, len(r.took))
	return slices.Min(r.took[:n]), slices.Min(r.idle[:n])
}

// begin forgets what looks have cost: others follow.
func (r *rest) begin() {
	r.n = 0
	r.now.Store(0)
}
