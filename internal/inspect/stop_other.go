//go:build !linux

package inspect

import (
	"context"
	"errors"
	"time"
)

// stopped is a process that stands still; there is none here: see [Open].
type stopped struct{ took time.Duration }

func (p *Process) stop(context.Context, time.Duration) (*stopped, error) {
	return nil, errors.New("processes are stopped on Linux only")
}

func (s *stopped) resume()                     {}
func (s *stopped) check(context.Context) error { return nil }
func (s *stopped) settled() error              { return nil }
