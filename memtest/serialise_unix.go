//go:build unix

package memtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/highwater-dev/highwater/internal/flock"
)

// serialise waits until no other test of this user measures, in this process or
// in another one: `go test ./...` runs the tests of several packages at once.
// The lock goes with the process, so none is ever left behind.
func serialise(ctx context.Context) (unlock func(), err error) {
	name := filepath.Join(os.TempDir(), "highwater-"+strconv.Itoa(os.Getuid())+".lock")
	for pause := time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		f, err := flock.Try(name)
		switch {
		case err != nil:
			return nil, fmt.Errorf("taking the lock that keeps measurements apart: %w", err)
		case f != nil:
			return func() { f.Close() }, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}
