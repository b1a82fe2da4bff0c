// Command coefficients holds the noise of two stored runs, one of a machine alone and one
// of a loaded machine, to what highwater promises of it: coefficients of variation of
// sustained, peak and allocs, over 20 repeats of every scenario.
//
//	highwater noise --scenario all             # its first line ends with the run's ID
//	highwater noise --scenario all --load 2
//	go run ./internal/cmd/coefficients -alone ID -loaded ID
//
// It exits 1 when one is worse than promised, and 2 when one is missing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

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
	least := flag.Int("repeats", 20, "how many repeats of each pass there have to be at least")
	flag.Parse()
	code, err := run(*alone, *loaded, strings.Split(*patterns, ","), *least)
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
