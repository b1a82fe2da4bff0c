// Command upstream compares released versions of public modules with
// highwater gates --base-mod: releases that are known to have brought a memory
// regression, and patch releases that did nothing to memory.
//
// Each has a small benchmark of the module's public interface in testdata. It is
// put into a module of its own that requires the head's version, as a user's would,
// and highwater compares it with the base's version. A regression counts as found
// where highwater exits 1 with a finding of the right metric, label and allocation
// site; a patch release has to exit 0.
//
// It exits 1 where one of them came out otherwise, and 2 where it could not find
// out.
package main

import (
	"context"
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
	only := flag.String("only", "", "compare the releases with this `text` in their name")
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	verbose := flag.Bool("v", false, "print what highwater printed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ok, err := run(ctx, *only, *file, *verbose)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "upstream:", err)
		os.Exit(highwater.ExitError)
	case !ok:
		os.Exit(highwater.ExitFail)
	}
}

func run(ctx context.Context, only, file string, verbose bool) (bool, error) {
	dir, err := os.MkdirTemp("", "upstream-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if file == "" {
		file = filepath.Join(dir, "highwater")
		if _, _, err := command(ctx, "", "go", "build", "-o", file, "github.com/highwater-dev/highwater/cmd/highwater"); err != nil {
			return false, err
		}
	}
	var done []result
	for _, r := range releases {
		if !strings.Contains(r.Name, only) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: %s, %s to %s\n", r.Name, r.Module, r.From, r.To)
		got, err := r.compare(ctx, file, filepath.Join(dir, r.Name))
		if err != nil {
			return false, fmt.Errorf("%s: %w", r.Name, err)
		}
		if verbose {
			fmt.Fprintln(os.Stderr, got.printed)
		}
		done = append(done, got)
	}
	if len(done) == 0 {
		return false, fmt.Errorf("no release has %q in its name", only)
	}
	return print(os.Stdout, done), nil
}
