// Command falsealarm runs the gate again and again with nothing changed (A/A): it saves
// a baseline with a built highwater, runs `highwater gates --baseline` against it, and
// counts the runs that fail. It exits 1 when one did, having printed what failed.
//
// Runs against one baseline are not independent: they share its luck. So every ten
// runs have a baseline of their own.
//
// Results are kept, a JSON line each, so that a series of 200 can be made in several
// goes: the command takes up where it was, for the same binary and scenarios.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
)

// settings are the flags.
type settings struct {
	runs      int
	scenarios string
	all       bool
	each      int
	results   string
	binary    string
}

func main() {
	var s settings
	flag.IntVar(&s.runs, "runs", 0, "how many gate runs there are to be in all; 200 if unset, 50 with -all")
	flag.StringVar(&s.scenarios, "scenarios", "", "`patterns` of the scenarios, separated by commas; a mix of quick ones if unset")
	flag.BoolVar(&s.all, "all", false, "run the whole of all suites")
	flag.IntVar(&s.each, "each", 10, "how many gate runs share a baseline")
	flag.StringVar(&s.results, "results", "", "`file` that results are kept in; otherwise one in the user's cache, for the binary and the scenarios")
	flag.StringVar(&s.binary, "binary", "", "`file` of the highwater to run; otherwise it is built from the module of the working directory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code, err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "falsealarm:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, s settings) (int, error) {
	if s.all && s.scenarios != "" || flag.NArg() > 0 || s.runs < 0 || s.each < 1 {
		return highwater.ExitUsage, errors.New("want -all or -scenarios, no argument, no negative number of runs, and at least one for each baseline")
	}
	if s.runs == 0 {
		s.runs = 200
		if s.all {
			s.runs = 50
		}
	}
	series, err := prepare(ctx, s)
	if err != nil {
		return highwater.ExitError, err
	}
	book, err := ledger.Open[result](series.results)
	if err != nil {
		return highwater.ExitError, err
	}
	defer book.Close()
	for _, r := range book.All {
		if r.Key != series.key {
			return highwater.ExitError, fmt.Errorf("%s holds results of another binary or of other scenarios: name another file with -results, or remove it", series.results)
		}
	}
	// What goes on is for standard error; the summary is what a page quotes.
	fmt.Fprintf(os.Stderr, "%s: %s, results in %s\n", filepath.Base(series.binary), strings.Join(series.patterns, " "), series.results)
	for err == nil && len(book.All) < s.runs {
		var r result
		if r, err = series.next(ctx, book.All, s.each); err == nil {
			err = book.Add(r)
			r.print(os.Stderr)
		}
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted: the next start goes on from here")
	}
	code := summarise(os.Stdout, book.All)
	if err != nil && code == highwater.ExitOK {
		code = highwater.ExitError
	}
	return code, err
}
