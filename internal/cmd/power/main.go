// Command power plants regressions of known size and counts how many of them the gate
// finds. Programs whose live memory, short peak or allocations have grown by 2, 5, 10 and
// 25 % are measured in real processes and judged by `gates --baseline` under thresholds of
// 1, 2, 5 and 10 %, as a user would; only that the program measures its own scenarios.
//
// It exits 1 unless every regression of at least twice its threshold is found, and none of
// at most half of it fails. Results are kept, a JSON line each, so that the whole can be
// made in several goes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/driver"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
)

func main() {
	// As highwater, and as the processes that it measures.
	if os.Getenv(envHighwater) != "" {
		os.Exit(driver.Main(driver.Config{Name: "power", Version: "v0.0.0-power", Suites: []driver.Suite{driver.Fixed(planted())}}))
	}
	trials := flag.Int("trials", 10, "trials of each regression under each threshold")
	results := flag.String("results", "", "`file` that results are kept in; otherwise one in the user's cache, for this program")
	only := flag.String("kinds", strings.Join(kinds(), ","), "`kinds` of regression, separated by commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code, err := run(ctx, *trials, *results, strings.Split(*only, ","))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "power:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, trials int, path string, only []string) (int, error) {
	if trials < 1 || flag.NArg() > 0 {
		return highwater.ExitUsage, errors.New("want at least one trial, and no argument")
	}
	plan, err := newPlan(trials, only)
	if err != nil {
		return highwater.ExitUsage, err
	}
	s, err := newSeries(path)
	if err != nil {
		return highwater.ExitError, err
	}
	book, err := ledger.Open[result](s.results)
	if err != nil {
		return highwater.ExitError, err
	}
	defer book.Close()
	done := map[trial]bool{}
	for _, r := range book.All {
		if r.Key != s.key {
			return highwater.ExitError, fmt.Errorf("%s holds results of another program: name another file with -results, or remove it", s.results)
		}
		done[r.trial] = true
	}
	fmt.Fprintf(os.Stderr, "%d trials, %d of them made, results in %s\n", len(plan), len(done), s.results)
	for _, t := range plan {
		if done[t] {
			continue
		}
		var r result
		if r, err = s.try(ctx, t); err == nil {
			err = book.Add(r)
		}
		if err != nil {
			break
		}
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted: the next start goes on from here")
	}
	code := table(os.Stdout, book.All, only)
	if err != nil && code == highwater.ExitOK {
		code = highwater.ExitError
	}
	return code, err
}
