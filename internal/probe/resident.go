package probe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/metrics"
)

// What other systems than Linux tell is read here, apart from the calls, so that it is
// tested on any of them.

// countersWords are the fields of PROCESS_MEMORY_COUNTERS that are as large as a
// pointer; two of 32 bits stand before them.
const countersWords = 8

// countersSize is the size of the struct in bytes.
func countersSize(word int) int { return 8 + countersWords*word }

// workingSet reads PROCESS_MEMORY_COUNTERS (psapi.h) of a Windows whose pointers have
// word bytes: cb and PageFaultCount of 32 bits each, then PeakWorkingSetSize and
// WorkingSetSize, and six that are not wanted here. In bytes.
func workingSet(b []byte, word int) (rss, highWater int64, err error) {
	if len(b) != countersSize(word) {
		return 0, 0, fmt.Errorf("PROCESS_MEMORY_COUNTERS: %d bytes, want %d", len(b), countersSize(word))
	}
	read := func(at int) int64 {
		if word == 4 {
			return int64(binary.LittleEndian.Uint32(b[at:]))
		}
		return int64(binary.LittleEndian.Uint64(b[at:]))
	}
	highWater, rss = read(8), read(8+word)
	if rss <= 0 || highWater < rss {
		return 0, 0, fmt.Errorf("PROCESS_MEMORY_COUNTERS: a working set of %d bytes, and %d at its highest", rss, highWater)
	}
	return rss, highWater, nil
}

// rusagePeak is ru_maxrss in bytes: macOS counts bytes, and all others that fill it in
// count kilobytes (getrusage(2) of each).
func rusagePeak(goos string, maxrss int64) (int64, error) {
	switch {
	case maxrss <= 0:
		return 0, errors.New("getrusage: no ru_maxrss")
	case goos == "darwin", goos == "ios":
		return maxrss, nil
	default:
		return maxrss << 10, nil
	}
}

// threadsMetric counts the threads that the runtime has: those that C started are not
// among them.
const threadsMetric = "/sched/threads/total:threads"

// runtimeThreads is for systems that are not asked themselves.
func runtimeThreads() (int, error) {
	s := []metrics.Sample{{Name: threadsMetric}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0, errors.New("the runtime tells the number of its threads since Go 1.26")
	}
	return int(s[0].Value.Uint64()), nil
}
