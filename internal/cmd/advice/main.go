// Command advice lets highwater debug optimize look at programs with one planted fault
// each, whose cost is computed by hand in a comment at its line, and at programs without
// any.
//
// It exits 1 where the advice that comes first is not about the planted fault, names
// another line or a saving that is off by more than a fifth, or where a sound program gets
// advice above minor; and 2 where it could not find out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/cmd/internal/page"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func main() {
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	verbose := flag.Bool("v", false, "print all advice with its evidence")
	onPage := flag.String("page", "", "put the tables into this `file`, too: docs/debug-proof.md")
	flag.Parse()
	subject.Main("advice", func(ctx context.Context) (bool, error) { return run(ctx, *file, *onPage, *verbose) })
}

func run(ctx context.Context, file, onPage string, verbose bool) (bool, error) {
	dir, err := os.MkdirTemp("", "advice-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	// The file of a frame is a resolved path.
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return false, err
	}
	if file, err = subject.Built(ctx, file, dir); err != nil {
		return false, err
	}
	root := filepath.Join(dir, "programs")
	if err := unpack(root); err != nil {
		return false, err
	}
	planted, err := faults(root)
	if err != nil {
		return false, err
	}
	seen, err := look(ctx, file, root, dir)
	if err != nil {
		return false, err
	}
	rows := make([]row, 0, len(seen))
	for _, s := range seen {
		r := row{program: s}
		if s.package_ == faultsPackage {
			f, ok := planted[s.name]
			if !ok {
				return false, fmt.Errorf("%s has no comment that says what its fault is", s.name)
			}
			r.fault = &f
			delete(planted, s.name)
		}
		rows = append(rows, r)
	}
	for name := range planted {
		return false, fmt.Errorf("%s was not measured", name)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", page.Where(ctx))
	ok := print(&text, rows)
	fmt.Print(text.String())
	if verbose {
		tellAll(os.Stdout, rows)
	}
	if onPage != "" {
		return ok, page.Put(onPage, "advice", text.String())
	}
	return ok, nil
}
