package probe

import (
	"fmt"
	"syscall"
)

const highWaterSource = "ru_maxrss of getrusage"

// residentMemory reads the high-water mark. What is resident now the system tells
// through Mach calls only, which need C; it is 0, which says that it is not known.
// Unlike on Linux a program does not inherit the mark of the one that started it: exec
// makes a new task.
func residentMemory() (rss, highWater int64, err error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0, fmt.Errorf("getrusage: %w", err)
	}
	highWater, err = rusagePeak("darwin", int64(u.Maxrss))
	return 0, highWater, err
}
