package target

import "time"

// Drive is how a program or a command is used from outside while it is measured.
// It is nil for scenarios, which know themselves what to do.
type Drive struct {
	// Ready says from when on it is used; nil for from its start.
	Ready        *Ready
	ReadyTimeout time.Duration // 0 means [DefaultReadyTimeout]
	// Load is a command line that makes it work, for [Load]. The process is ended
	// when the load has ended.
	Load string
	// Duration ends it after that time, counted from when it was ready; 0 for
	// when it ends itself.
	Duration time.Duration
	// ExpectExit is the status with which it is to end by itself.
	ExpectExit int
	// WaitTree waits for what the main process leaves running when it ends, as one
	// that daemonises itself does. Otherwise that is killed and reported.
	WaitTree bool
}

// DefaultReadyTimeout is how long a program is waited for.
const DefaultReadyTimeout = 30 * time.Second
