// Command publicmodules runs highwater over well-known modules as the module proxy
// has them, and holds its figures against go test's.
//
// Each module is copied out of the module cache into a git repository of its own,
// so that git status shows whether anything was written. highwater gates measures
// its benchmarks; then the test binaries that go test builds run them, each alone in
// fresh processes with as many operations, and print B/op and allocs/op. The largest
// peaks are checked with a sampler that knows nothing of highwater.
//
// It exits 1 where a module does not work or a figure differs by more than it may,
// and 2 where it could not find out.
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
)

func main() {
	only := flag.String("only", "", "measure the modules with this `text` in their path")
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	verbose := flag.Bool("v", false, "print every benchmark")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ok, err := run(ctx, *only, *file, *verbose)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "publicmodules:", err)
		os.Exit(highwater.ExitError)
	case !ok:
		os.Exit(highwater.ExitFail)
	}
}

func run(ctx context.Context, only, file string, verbose bool) (bool, error) {
	dir, err := os.MkdirTemp("", "publicmodules-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if file == "" {
		file = filepath.Join(dir, "highwater")
		if _, err := command(ctx, "", "go", "build", "-o", file, "github.com/highwater-dev/highwater/cmd/highwater"); err != nil {
			return false, err
		}
	}
	var done []result
	var failed []error
	for i, m := range modules {
		if !strings.Contains(m.Path, only) {
			continue
		}
		say := func(what string) { fmt.Fprintf(os.Stderr, "%s: %s\n", m.Path, what) }
		r, err := m.measure(ctx, file, filepath.Join(dir, fmt.Sprint(i)), say)
		if err != nil { // the others are measured, and printed, all the same
			failed = append(failed, fmt.Errorf("%s: %w", m.Path, err))
			if ctx.Err() != nil {
				break
			}
			continue
		}
		done = append(done, r)
	}
	if len(done)+len(failed) == 0 {
		return false, fmt.Errorf("no module has %q in its path", only)
	}
	return print(os.Stdout, done, verbose), errors.Join(failed...)
}
