//go:build linux

// Command profilercost measures what the dashboard of `highwater profiler` costs: the
// process that it looks at, and itself.
//
// The process is this command again: 10,000 goroutines that wait, and one that works on
// one processor. It does the same work in blocks, each with one collection, and a dashboard
// on a terminal of 200x60 looks at it at the default interval: by process id, by its pprof
// endpoint, and with the probe in it. Blocks near a look are held against those between
// looks: machines are noisy, and only what lies within one second can be compared. The same
// is done with looks that there were none of, half a second later: what comes out of that
// is noise, and should be 1.
//
// Then a dashboard looks four times a second, on a terminal of 80x24 and on one of 200x60,
// and what it takes of one processor and of memory is read from /proc. The command exits 1
// unless the first is surely below 1 %, and the second takes less than 3 % of a processor and
// 30 MB on both.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// self is this command, for highwater to build.
const self = "github.com/highwater-dev/highwater/internal/cmd/profilercost"

// What is promised.
const (
	mostRatio  = 1.01
	mostCPU    = 0.03
	mostMemory = 30e6
)

func main() {
	if pipe := os.Getenv(envTarget); pipe != "" {
		os.Exit(target(pipe))
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
	t, err := startTarget(ctx, filepath.Join(dir, "blocks"))
	if err != nil {
		return false, err
	}
	defer t.end()
	built := filepath.Join(dir, "blocks-probe")
	probed, err := listen(ctx, built)
	if err != nil {
		return false, err
	}
	good := true
	fmt.Printf("a process with %d goroutines, of which one works\n\n", goroutines)
	fmt.Printf("%-24s %7s  %-18s %6s %9s  %s\n", "looked at each second", "ratio", "95 % interval", "looks", "near one", "between looks")
	for _, c := range []struct {
		name   string
		stream *stream
		what   []string
		env    []string
	}{
		{"by process id", t.stream, []string{"--pid", fmt.Sprint(t.pid)}, nil},
		{"by its pprof endpoint", t.stream, []string{"--url", t.url}, nil},
		{"by the probe", probed, []string{self}, environment(built)},
	} {
		if c.stream == probed {
			t.pause(true) // one of both works at a time
		}
		high, err := row(ctx, file, dir, length, c.name, c.stream, c.what, c.env)
		if err != nil {
			return false, fmt.Errorf("%s: %w", c.name, err)
		}
		good = good && high < mostRatio
	}
	t.pause(false)
	fmt.Printf("\n%-24s %s  %s\n", "four looks a second", "of a processor", "resident, at most")
	for _, size := range sizes {
		cpu, memory, err := itself(ctx, file, dir, size, length/6, "--pid", fmt.Sprint(t.pid))
		if err != nil {
			return false, err
		}
		fmt.Printf("%-24s %12.1f %%  %14.1f MB\n", fmt.Sprintf("on %dx%d", size.Cols, size.Rows), 100*cpu, memory/1e6)
		good = good && cpu < mostCPU && memory < mostMemory
	}
	return good, nil
}

// row measures and prints what one way of looking costs, and returns what it is surely
// below.
func row(ctx context.Context, file, dir string, length time.Duration, name string, s *stream, what, env []string) (float64, error) {
	d, err := open(ctx, file, dir, sizes[len(sizes)-1], what, env)
	if err != nil {
		return 0, err
	}
	defer d.close()
	if env != nil {
		err = s.begun(ctx, d.ended)
	}
	if err == nil {
		err = d.wait(ctx, settle)
	}
	if err != nil {
		return 0, err
	}
	pairs, none, near, err := d.cost(ctx, s, length)
	if err != nil {
		return 0, err
	}
	center, low, high := subject.Ratio(pairs)
	noise, noiseLow, noiseHigh := subject.Ratio(none)
	fmt.Printf("%-24s %7.4f  %.4f to %.4f   %6d %7.0f %%  %.4f, %.4f to %.4f\n", name, center, low, high, len(pairs), 100*near, noise, noiseLow, noiseHigh)
	return high, nil
}
