// Package truth checks by hand what a program keeps: it works a number of
// operations off, and reads the runtime's own figures before and after. Nothing of
// the measuring side has a part in it.
package truth

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Tolerance is how far the bytes that an operation keeps may be from what the
// program says, a ratio.
const tolerance = 0.10

// Bytes checks that an operation that leaks keeps unit bytes of what is read, and
// its clean twin none. Warm is how many operations come before the first reading.
func Bytes(t *testing.T, unit, warm, ops int, read func() int64, leak, twin func()) {
	t.Helper()
	none(t, unit, warm, ops, read, twin)
	got := kept(warm, ops, read, leak)
	t.Logf("%.0f bytes an operation, and %d are said", got, unit)
	if got < (1-tolerance)*float64(unit) || got > (1+tolerance)*float64(unit) {
		t.Errorf("the leak keeps %.0f bytes an operation, and %d are said", got, unit)
	}
}

// None checks that an operation that takes unit bytes keeps none of them.
func None(t *testing.T, unit, ops int, read func() int64, op func()) {
	t.Helper()
	none(t, unit, ops, ops, read, op)
}

func none(t *testing.T, unit, warm, ops int, read func() int64, op func()) {
	t.Helper()
	if got := kept(warm, ops, read, op); got > 0.02*float64(unit) {
		t.Errorf("the clean program keeps %.0f bytes an operation, where a leak is %d", got, unit)
	}
}

func kept(warm, ops int, read func() int64, op func()) float64 {
	for range warm {
		op()
	}
	before := settled(read)
	for range ops {
		op()
	}
	after := settled(read)
	runtime.KeepAlive(op) // and with it what it works on
	return float64(after-before) / float64(ops)
}

// Count checks that an operation that leaks keeps per of what is counted, and its
// clean twin none.
func Count(t *testing.T, per, ops int, count func() int, leak, twin func()) {
	t.Helper()
	for range 10 {
		twin()
		leak()
	}
	for _, c := range []struct {
		name string
		op   func()
		want int
	}{{"the clean twin", twin, 0}, {"the leak", leak, per * ops}} {
		before := steady(count)
		for range ops {
			c.op()
		}
		// What was given back may take a moment to be gone.
		for end := time.Now().Add(time.Minute); count()-before != c.want && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if got := count() - before; got != c.want {
			t.Errorf("%s keeps %d after %d operations, want %d", c.name, got, ops, c.want)
		}
	}
}

// Least checks what the system counts, and something else may add a few to: an
// operation that leaks keeps at least 0.9 of it, its clean twin less than 0.1.
func Least(t *testing.T, ops int, count func() int, leak, twin func()) {
	t.Helper()
	kept := func(op func()) int {
		for range 20 {
			op()
		}
		before := steady(count)
		for range ops {
			op()
		}
		return steady(count) - before
	}
	if got := kept(twin); got > ops/10 {
		t.Errorf("the clean twin keeps %d after %d operations", got, ops)
	}
	if got := kept(leak); got < ops*9/10 || got > ops*11/10 {
		t.Errorf("the leak keeps %d after %d operations", got, ops)
	}
}

// steady counts until the count has stayed for a while.
func steady(count func() int) int {
	n := count()
	for same, end := 0, time.Now().Add(5*time.Second); same < 50 && time.Now().Before(end); same++ {
		time.Sleep(time.Millisecond)
		if now := count(); now != n {
			n, same = now, 0
		}
	}
	return n
}

// settled is the lowest of some readings after collections: what goroutines that
// are ending still hold is no leak.
func settled(read func() int64) int64 {
	low := int64(1 << 62)
	for range 5 {
		runtime.GC()
		runtime.GC()
		low = min(low, read())
		time.Sleep(5 * time.Millisecond)
	}
	return low
}

// Live is the heap and the stacks in use, in bytes.
func Live() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// RSS is the resident memory, in bytes.
func RSS() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		panic(err)
	}
	return resident * int64(os.Getpagesize())
}

// FDs is how many descriptors are open whose names begin so.
func FDs(prefix string) int {
	const dir = "/proc/self/fd/"
	entries, err := os.ReadDir(dir)
	if err != nil {
		panic(err)
	}
	n := 0
	for _, e := range entries {
		if to, err := os.Readlink(dir + e.Name()); err == nil && strings.HasPrefix(to, prefix) {
			n++
		}
	}
	return n
}
