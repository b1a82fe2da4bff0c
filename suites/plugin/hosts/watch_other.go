//go:build !linux

package hosts

import (
	"errors"
	"fmt"
)

const watchable = false

// highWater needs /proc.
func highWater(int) (int64, error) {
	return 0, fmt.Errorf("reading another process's memory: %w on this platform", errors.ErrUnsupported)
}
