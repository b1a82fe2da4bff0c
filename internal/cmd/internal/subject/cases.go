package subject

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Cases is a command that runs highwater over a list of cases and prints what came
// of them.
type Cases[C, R any] struct {
	Name string // of the command
	All  []C
	Path func(C) string // what -only selects by

	// Do works on one case in a folder of its own, with the highwater in file.
	Do func(ctx context.Context, c C, file, dir string, verbose bool) (R, error)
	// Print prints the results, and reports whether all is as it should be.
	Print func(all []R, verbose bool) bool
}

// Main is the main function of the command. It exits 1 where something is not as it
// should be, and 2 where a case could not be worked on; the others are, all the same.
func (l Cases[C, R]) Main() {
	only := flag.String("only", "", "work on the cases with this `text` in their name")
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	verbose := flag.Bool("v", false, "print more")
	flag.Parse()
	Main(l.Name, func(ctx context.Context) (bool, error) { return l.run(ctx, *only, *file, *verbose) })
}

func (l Cases[C, R]) run(ctx context.Context, only, file string, verbose bool) (bool, error) {
	dir, err := os.MkdirTemp("", l.Name+"-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if file, err = Built(ctx, file, dir); err != nil {
		return false, err
	}
	var done []R
	var failed []error
	for i, c := range l.All {
		if !strings.Contains(l.Path(c), only) || ctx.Err() != nil {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", l.Name, l.Path(c))
		r, err := l.Do(ctx, c, file, filepath.Join(dir, fmt.Sprint(i)), verbose)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", l.Path(c), err))
			continue
		}
		done = append(done, r)
	}
	if len(done)+len(failed) == 0 {
		return false, errors.Join(ctx.Err(), fmt.Errorf("no case has %q in its name", only))
	}
	return l.Print(done, verbose), errors.Join(append(failed, ctx.Err())...)
}
