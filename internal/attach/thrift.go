package attach

import "time"

// How much longer than a look takes the pause after it is, where the process pays for
// it: of the time, a fiftieth in a soak, and half a percent while it is only watched.
// What its pages take is walked less often: the kernel's own count goes on meanwhile.
const (
	soakThrift  = 50
	liveThrift  = 199
	weighThrift = 999
)

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
