package attach

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"strings"
)

// memory is what runtime.MemStats says, in bytes but for counts. A soak reads the first
// line of fields only.
type memory struct {
	heapAlloc, totalAlloc, sys, heapReleased, stackInuse int64

	mallocs, heapInuse, heapIdle, stackSys            int64
	mspanSys, mcacheSys, buckHashSys, gcSys, otherSys int64
	cycles, forced                                    int64
	goal                                              int64 // mostGoal where there is none
	share                                             float64
	pauses, ends                                      []int64 // rings of 256; nanoseconds, and since 1970
	complete                                          bool    // all of it was there
}

const (
	// mostGoal stands for a goal that no heap reaches: the collector is off.
	mostGoal = math.MaxInt64
	// mostSize is more memory than there is in any machine: what says more is no Go
	// program, and sums of several would not fit.
	mostSize = 1 << 56
	// mostCounted is the most collections that the runtime counts, which then is 0 again.
	mostCounted = math.MaxUint32
)

// memory reads what the runtime says of its memory, after a collection that it forces
// where that is wanted. The statistics are read before anything else of the answer is
// made: what that takes is not in them.
func (e *endpoint) memory(ctx context.Context, collect bool) (memory, error) {
	q := url.Values{"debug": {"1"}}
	if collect {
		q.Set("gc", "1")
	}
	var m memory
	err := e.fetch(ctx, "heap", q, func(r io.Reader) (err error) {
		m, err = readMemStats(r)
		return err
	})
	return m, err
}

var errNoStats = errors.New("what it answers is no heap profile of a Go program: it has no runtime.MemStats at its end")

// longestLine is of a stack of a thousand addresses.
const longestLine = 1 << 20

// readMemStats reads the end of a heap profile as text. Everything before it is the
// profile itself, which is not looked at:
//
//	# runtime.MemStats
//	# HeapAlloc = 1234
//	# Stack = 327680 / 327680
//	# PauseNs = [41220 0 …]
func readMemStats(r io.Reader) (memory, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 16<<10), longestLine)
	var m memory
	needed, more := m.fields()
	begun := false
	for lines.Scan() {
		line := lines.Text()
		if line == "# runtime.MemStats" {
			begun = true
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "# "), " = ")
		if !begun || !ok {
			continue
		}
		for _, set := range []map[string]func(string) bool{needed, more} {
			if to := set[name]; to != nil {
				if !to(value) {
					return memory{}, fmt.Errorf("in the runtime.MemStats that it answers %s is no size: %.40q", name, value)
				}
				delete(set, name)
			}
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return memory{}, errNoStats
	case err != nil:
		return memory{}, err
	case len(needed) > 0:
		return memory{}, errNoStats
	}
	m.complete = len(more) == 0
	return m, nil
}

// fields are what sets the fields, by their names in the text; of two values in a line
// the second is what the runtime has from the system.
func (m *memory) fields() (needed, more map[string]func(string) bool) {
	needed = map[string]func(string) bool{
		"HeapAlloc": size(&m.heapAlloc), "TotalAlloc": total(&m.totalAlloc), "Sys": size(&m.sys),
		"HeapReleased": size(&m.heapReleased), "Stack": func(v string) bool {
			inUse, all, _ := strings.Cut(v, " / ")
			return size(&m.stackInuse)(inUse) && size(&m.stackSys)(all)
		},
	}
	second := func(to *int64) func(string) bool {
		return func(v string) bool {
			_, v, _ = strings.Cut(v, " / ")
			return size(to)(v)
		}
	}
	more = map[string]func(string) bool{
		"Mallocs": total(&m.mallocs), "HeapInuse": size(&m.heapInuse), "HeapIdle": size(&m.heapIdle),
		"MSpan": second(&m.mspanSys), "MCache": second(&m.mcacheSys),
		"BuckHashSys": size(&m.buckHashSys), "GCSys": size(&m.gcSys), "OtherSys": size(&m.otherSys),
		"NextGC": func(v string) bool {
			n, err := strconv.ParseUint(v, 10, 64)
			m.goal = int64(min(n, mostGoal))
			return err == nil
		},
		"NumGC": atMost(mostCounted, &m.cycles), "NumForcedGC": atMost(mostCounted, &m.forced),
		"GCCPUFraction": func(v string) (ok bool) {
			m.share, ok = ratio(v)
			return ok
		},
		"PauseNs": ring(&m.pauses), "PauseEnd": ring(&m.ends),
	}
	return needed, more
}

func size(to *int64) func(string) bool { return atMost(mostSize, to) }

// total is what grows as long as the process runs.
func total(to *int64) func(string) bool { return atMost(math.MaxInt64, to) }

func atMost(most int64, to *int64) func(string) bool {
	return func(v string) bool {
		n, err := strconv.ParseInt(v, 10, 64)
		*to = n
		return err == nil && 0 <= n && n <= most
	}
}

// ratio reads a share of the whole.
func ratio(v string) (float64, bool) {
	x, err := strconv.ParseFloat(v, 64)
	return x, err == nil && x >= 0 && x <= 1
}

// ringSize is how many pauses runtime.MemStats remembers.
const ringSize = 256

// ring reads "[1 2 3 …]".
func ring(to *[]int64) func(string) bool {
	return func(v string) bool {
		fields := strings.Fields(strings.Trim(v, "[]"))
		if len(fields) != ringSize {
			return false
		}
		*to = make([]int64, ringSize)
		for i, f := range fields {
			if !total(&(*to)[i])(f) {
				return false
			}
		}
		return true
	}
}
