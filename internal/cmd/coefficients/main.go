// Command coefficients holds the noise of two stored runs, one of a machine alone and one
// of a loaded machine, to what highwater promises of it: coefficients of variation of
// sustained, peak and allocs, over 20 repeats of every scenario.
//
//	highwater noise --scenario all             # its first line ends with the run's ID
//	highwater noise --scenario all --load 2
//	go run ./internal/cmd/coefficients -alone ID -loaded ID
//
// Without the IDs it makes the two runs itself, which takes half an hour. With -jobs it
// makes one with --jobs 1 and one with --jobs 2 instead, and tells whether processes that
// share the machine differ in what they say of sustained, peak and gc_pressure:
//
//	go run ./internal/cmd/coefficients -jobs
//
// It exits 1 when one is worse than promised, and 2 when one is missing.
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
	"github.com/highwater-dev/highwater/internal/store"
)

// concurrent are the scenarios in which goroutines run at once, so that what is live at
// a moment is a matter of scheduling: all under load, and the plugins that are processes,
// which are spoken to over gRPC.
const concurrent = "load_testing,plugin_system/communication,plugin_system/resource_management,plugin_system/hot_reload"

func main() {
	alone := flag.String("alone", "", "`run` of a machine that does nothing else: an ID of highwater runs list, or a Run file")
	loaded := flag.String("loaded", "", "`run` made with highwater noise --load")
	patterns := flag.String("concurrent", concurrent, "`patterns` of the concurrent scenarios, separated by commas")
	least := flag.Int("repeats", 20, "how many repeats of each pass there have to be at least, and are made")
	scenario := flag.String("scenario", "all", "`pattern` of the scenarios to measure, where runs are made")
	jobs := flag.Bool("jobs", false, "compare processes that run one at a time with such that run two at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var code int
	var err error
	if *alone == "" && *loaded == "" && flag.NArg() == 0 {
		code, err = measured(ctx, *scenario, strings.Split(*patterns, ","), *least, *jobs)
	} else {
		code, err = run(*alone, *loaded, strings.Split(*patterns, ","), *least)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "coefficients:", err)
	}
	os.Exit(code)
}

func run(alone, loaded string, patterns []string, least int) (int, error) {
	if alone == "" || loaded == "" || flag.NArg() > 0 {
		return highwater.ExitUsage, errors.New("want -alone RUN and -loaded RUN, and no argument; `highwater noise` and `highwater noise --load N` make them")
	}
	var runs []*highwater.Run
	for _, ref := range []string{alone, loaded} {
		r, err := load(ref)
		if err != nil {
			return highwater.ExitUsage, err
		}
		runs = append(runs, r)
	}
	return table(os.Stdout, runs[0], runs[1], patterns, least), nil
}

// measured makes the runs and prints what came of them.
func measured(ctx context.Context, scenario string, patterns []string, least int, jobs bool) (int, error) {
	m, err := newMaker(ctx, scenario, least)
	if err != nil {
		return highwater.ExitError, err
	}
	defer m.close()
	if jobs {
		one, two, err := both(ctx, m, []string{"--jobs", "1"}, []string{"--jobs", "2"})
		if err != nil {
			return highwater.ExitError, err
		}
		return disturbance(os.Stdout, one, two, least), nil
	}
	alone, loaded, err := both(ctx, m, nil, []string{"--load", "1"})
	if err != nil {
		return highwater.ExitError, err
	}
	return table(os.Stdout, alone, loaded, patterns, least), nil
}

// load reads a run from a file or from the state directory.
func load(ref string) (*highwater.Run, error) {
	if _, err := os.Stat(ref); err == nil {
		return store.ReadRun(ref)
	}
	dir, err := store.Runs()
	if err != nil {
		return nil, err
	}
	return dir.Load(ref)
}
