//go:build unix

// Command profilercost measures what the dashboard of `highwater profiler` costs: the
// process that it looks at, and itself.
//
// The process is this command again: 10,000 goroutines that wait, and one that works on
// one processor. It does the same work in blocks, each with one collection; a dashboard on
// a terminal of 200x60 looks at it at the default interval, and is stopped (SIGSTOP) and
// let go on by turns, drawn by lot. The ratio of the CPU times of blocks with and without
// it is what it costs: machines are noisy, and only what lies side by side can be
// compared; what follows at once on a change counts for nothing. That is done by process id, and by the process's pprof endpoint.
//
// Then a dashboard looks four times a second, on a terminal of 80x24 and on one of 200x60,
// and what it takes of one processor and of memory is read from /proc. The command exits 1
// unless by process id the first is surely below 1 %, on 80x24 it takes less than 3 % of a
// processor, and nowhere 30 MB.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// What is promised.
const (
	mostRatio  = 1.01
	mostCPU    = 0.03
	mostMemory = 30e6
)

func main() {
	if os.Getenv(envTarget) != "" {
		os.Exit(target())
	}
	length := flag.Duration("time", 6*time.Minute, "how long each ratio is measured, and a sixth of it the dashboard itself")
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	flag.Parse()
	subject.Main("profilercost", func(ctx context.Context) (bool, error) { return run(ctx, *file, *length) })
}

func run(ctx context.Context, file string, length time.Duration) (bool, error) {
	dir, err := os.MkdirTemp("", "profilercost-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if file, err = subject.Built(ctx, file, dir); err != nil {
		return false, err
	}
	t, err := startTarget(ctx)
	if err != nil {
		return false, err
	}
	defer t.end()
	good := true
	fmt.Printf("a process with %d goroutines, of which one works\n\n", goroutines)
	fmt.Printf("%-24s %8s  %-18s %8s\n", "looked at each second", "ratio", "95 % interval", "periods")
	for _, c := range []struct {
		name     string
		promised bool
		what     []string
	}{
		{"by process id", true, []string{"--pid", fmt.Sprint(t.pid)}},
		{"by its pprof endpoint", false, []string{"--url", t.url}},
	} {
		pairs, err := t.alternate(ctx, file, dir, length, c.what)
		if err != nil {
			return false, err
		}
		if len(pairs) < 3 {
			return false, errors.New("too few blocks of work for a ratio; give it more -time")
		}
		center, low, high := subject.Ratio(pairs)
		fmt.Printf("%-24s %8.4f  %.4f to %.4f   %8d\n", c.name, center, low, high, 2*len(pairs))
		good = good && (!c.promised || high < mostRatio)
	}
	fmt.Printf("\n%-24s %s  %s\n", "four looks a second", "of a processor", "resident, at most")
	for i, size := range sizes {
		cpu, memory, err := itself(ctx, file, dir, size, length/6, "--pid", fmt.Sprint(t.pid))
		if err != nil {
			return false, err
		}
		fmt.Printf("%-24s %12.1f %%  %14.1f MB\n", fmt.Sprintf("on %dx%d", size.Cols, size.Rows), 100*cpu, memory/1e6)
		// The larger one is there to be known.
		good = good && (i > 0 || cpu < mostCPU) && memory < mostMemory
	}
	return good, nil
}
