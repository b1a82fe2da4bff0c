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
	took [4]time.Duration // of the last ones; what is 0 is none
	n    int
	now  atomic.Int64
}

// spent notes what one has cost. The least of the last ones counts: a busy machine makes
// each take longer, and none shorter. The first ones, of a process that may never have made
// such a profile, tell little, and follow each other sooner.
func (r *rest) spent(took time.Duration) {
	r.took[r.n%len(r.took)] = max(took, 1)
	r.n++
	wait := restThrift * slices.Min(r.took[:min(r.n, len(r.took))])
	if r.n < len(r.took) {
		wait = min(wait, firstRest)
	}
	r.now.Store(int64(wait))
}

// begin forgets what looks have cost: others follow.
func (r *rest) begin() {
	r.took, r.n = [4]time.Duration{}, 0
	r.now.Store(0)
}
