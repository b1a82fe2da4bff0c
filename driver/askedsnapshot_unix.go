//go:build unix

package driver

import (
	"os"
	"os/signal"
	"syscall"
)

// askedForSnapshot is sent a value for each SIGUSR1 that this process gets.
func askedForSnapshot() (<-chan struct{}, func()) {
	signals, asked := make(chan os.Signal, 1), make(chan struct{}, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				select {
				case asked <- struct{}{}:
				default: // one is on its way
				}
			case <-done:
				return
			}
		}
	}()
	return asked, func() { signal.Stop(signals); close(done) }
}
