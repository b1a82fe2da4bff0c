package attach

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// memory is what runtime.MemStats says, in bytes.
type memory struct {
	heapAlloc, totalAlloc, sys, heapReleased, stackInuse int64
}

// memory forces a collection and reads what is live after it. The statistics are
// read before anything else of the answer is made: what that takes is not in them.
func (e *endpoint) memory(ctx context.Context) (memory, error) {
	q := url.Values{"gc": {"1"}, "debug": {"1"}}
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
func readMemStats(r io.Reader) (memory, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 16<<10), longestLine)
	var m memory
	want := map[string]*int64{
		"HeapAlloc": &m.heapAlloc, "TotalAlloc": &m.totalAlloc, "Sys": &m.sys,
		"HeapReleased": &m.heapReleased, "Stack": &m.stackInuse,
	}
	begun := false
	for lines.Scan() {
		line := lines.Text()
		if line == "# runtime.MemStats" {
			begun = true
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "# "), " = ")
		to := want[name]
		if !begun || !ok || to == nil {
			continue
		}
		value, _, _ = strings.Cut(value, " ")
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 {
			return memory{}, fmt.Errorf("in the runtime.MemStats that it answers %s is no size: %q", name, value)
		}
		*to = n
		delete(want, name)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return memory{}, errNoStats
	case err != nil:
		return memory{}, err
	case len(want) > 0:
		return memory{}, errNoStats
	}
	return m, nil
}
