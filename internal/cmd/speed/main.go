// Command speed says how long `highwater gates` takes with the 24 scenarios and its
// default settings: once with empty caches, when the parts of the scenarios that are
// other programs have to be built, and once with warm ones, which is what counts. It
// prints the slowest scenarios and what each pass took, and exits 1 unless the warm
// run took less than 90 seconds.
//
// What else the machine does is in the time: run it on one that does nothing.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/measure"
)

// allowed is the time that a warm run may take.
const allowed = 90 * time.Second

func main() {
	scenario := flag.String("scenario", "all", "the `pattern` of the scenarios to run")
	cold := flag.Bool("cold", true, "build into empty caches first, and tell that time apart")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code, err := run(ctx, os.Stdout, *scenario, *cold)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, w io.Writer, scenario string, cold bool) (int, error) {
	dir, err := os.MkdirTemp("", "speed-")
	if err != nil {
		return highwater.ExitError, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "highwater")
	if err := subject.Build(ctx, file); err != nil {
		return highwater.ExitError, err
	}
	e := measure.Environment(ctx)
	fmt.Fprintf(w, "%d processors (%s), %s %s, %s, %s\n", e.CPUs, e.CPU, e.GOOS, e.Kernel, e.Go, time.Now().Format(time.DateOnly))
	gates := func(cache string) *exec.Cmd {
		cmd := subject.Command(ctx, dir, file, "gates", "--quiet", "--scenario", scenario)
		cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+filepath.Join(dir, "state"))
		if cache != "" {
			cmd.Env = append(cmd.Env, "XDG_CACHE_HOME="+cache, "GOCACHE="+filepath.Join(cache, "go-build"))
		}
		return cmd
	}
	// The user's own caches are warm after a run that is not counted, and stay as
	// they are through the one with empty caches.
	first := ""
	if cold {
		first = filepath.Join(dir, "cache")
		if err := os.Mkdir(first, 0o700); err != nil {
			return highwater.ExitError, err
		}
	}
	for _, one := range []struct{ name, cache string }{{"empty caches", first}, {"warm caches", first}} {
		if one.name == "empty caches" && !cold {
			continue
		}
		r, err := subject.Run(ctx, gates(one.cache), filepath.Join(dir, "report.json"))
		if err == nil && r.Report.Run == nil {
			err = errors.New("its report has no measurements")
		}
		if err != nil {
			return highwater.ExitError, err
		}
		code := show(w, one.name, r, one.name == "warm caches")
		if code != highwater.ExitOK {
			return code, nil
		}
	}
	return highwater.ExitOK, nil
}

// show prints what a run took, and returns the status to exit with. A run that did not
// measure everything took no time that could be compared with the limit.
func show(w io.Writer, name string, r subject.Result, limited bool) int {
	fmt.Fprintf(w, "%s: %d scenarios in %.1f s", name, len(r.Report.Rows), r.Seconds)
	if limited {
		fmt.Fprintf(w, ", allowed less than %.0f s", allowed.Seconds())
	}
	fmt.Fprintf(w, "; before the first process %.1f s\n", r.Report.Run.Preparing)
	if r.Exit == highwater.ExitError {
		fmt.Fprintln(w, "  not all was measured or judged:", strings.TrimSpace(r.Printed))
		return highwater.ExitError
	}
	if !limited {
		return highwater.ExitOK
	}
	for _, pass := range highwater.Passes() {
		n, sum := 0, 0.0
		for _, m := range r.Report.Run.Measurements {
			if m.Pass == pass {
				n, sum = n+1, sum+m.Duration.Seconds()
			}
		}
		fmt.Fprintf(w, "  %-50s %6.1f s in %d processes\n", string(pass)+" pass", sum, n)
	}
	rows := slices.Clone(r.Report.Rows)
	slices.SortStableFunc(rows, func(a, b highwater.Row) int { return cmp.Compare(b.Seconds, a.Seconds) })
	for _, row := range rows[:min(len(rows), 5)] {
		fmt.Fprintf(w, "  %-50s %6.1f s\n", row.Scenario.ID(), row.Seconds)
	}
	if r.Seconds >= allowed.Seconds() {
		fmt.Fprintln(w, "TOO SLOW")
		return highwater.ExitFail
	}
	return highwater.ExitOK
}
