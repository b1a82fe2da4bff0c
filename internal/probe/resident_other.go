//go:build !linux && !darwin && !windows

package probe

import (
	"errors"
	"runtime"
)

const highWaterSource = ""

func residentMemory() (rss, highWater int64, err error) {
	return 0, 0, errors.New("highwater does not know how " + runtime.GOOS + " tells a process's memory")
}
