package bench

import (
	"testing"
	"time"

	"github.com/eapache/go-resiliency/deadline"
)

// BenchmarkTooLate runs work that always ends just after its deadline.
func BenchmarkTooLate(b *testing.B) {
	limit := deadline.New(time.Microsecond)
	for b.Loop() {
		err := limit.Run(func(stopper <-chan struct{}) error {
			<-stopper
			return nil
		})
		if err != deadline.ErrTimedOut {
			b.Fatal(err)
		}
	}
}
