package hosts

import (
	"fmt"
	"time"
)

// watchEvery is how often a process with a limit is looked at during a call. It
// may be over its limit for so long.
const watchEvery = 5 * time.Millisecond

// watch holds the process to its limit while a call is under way. The function
// that it returns ends that, and says whether the limit was passed: also by a
// call that was over before it could be noticed.
func (in *processInstance) watch() (done func() error) {
	if in.limit == 0 {
		return func() error { return nil }
	}
	pid := in.cmd.Process.Pid
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if n, err := highWater(pid); err == nil && n > in.limit {
					_ = in.cmd.Process.Kill()
					return
				}
			}
		}
	}()
	var highest int64
	return func() error {
		close(stop)
		<-stopped
		if n, err := highWater(pid); err == nil {
			highest = n
		}
		if highest > in.limit {
			return fmt.Errorf("the plugin's process took %d bytes, and may take %d", highest, in.limit)
		}
		return nil
	}
}
