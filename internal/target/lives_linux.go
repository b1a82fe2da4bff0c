package target

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// life is when a child was there for certain, in hundredths of a second since boot.
type life struct{ first, last int64 }

// lives are those of all children that were seen, by process ID. Looks are 20 ms
// apart, and two versions of a plugin that take each other's place may both be there
// for less: but the kernel knows when the second one began.
type lives map[int]life

// see notes that a child is there, at a look that began at now.
func (l lives) see(pid int, now int64) {
	one, known := l[pid]
	if !known {
		one.first = min(now, started(pid))
	}
	one.last = now
	l[pid] = one
}

// most is the highest sum of what children that were there at one time have reached.
func (l lives) most(seen map[int]Child) int64 {
	var most int64
	for _, at := range l { // when one begins the sum may be a new highest
		var sum int64
		for pid, other := range l {
			if other.first <= at.first && at.first <= other.last {
				sum += seen[pid].HighWater
			}
		}
		most = max(most, sum)
	}
	return most
}

// uptime is the time since boot in hundredths of a second, rounded down: the kernel
// counts the starts of processes so.
func uptime() int64 {
	text, _ := os.ReadFile(filepath.Join(string(proc), "uptime"))
	now, _, _ := strings.Cut(string(text), " ")
	seconds, err := strconv.ParseFloat(now, 64)
	if err != nil {
		return 0
	}
	return int64(math.Round(seconds * 100)) // it is printed with two digits
}

// started is the time since boot at which a process had surely begun, rounded up.
func started(pid int) int64 {
	ticks, ok := proc.Started(pid)
	if !ok {
		return math.MaxInt64
	}
	return ticks + 1
}
