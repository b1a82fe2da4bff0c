// Command publicmodules runs highwater over well-known modules as the module proxy
// has them, and holds its figures against go test's.
//
// Each module is copied out of the module cache into a git repository of its own,
// so that git status shows whether anything was written. highwater gates ./... measures
// all of its benchmarks with an operation each, and some with more; then the test binaries that go test builds run them, each alone in
// fresh processes with as many operations, and print B/op and allocs/op. The largest
// peaks are checked with a sampler that knows nothing of highwater.
//
// It exits 1 where a module does not work or a figure differs by more than it may,
// and 2 where it could not find out: also where no peak of a module could be checked.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func main() {
	subject.Cases[module, result]{
		Name: "publicmodules", All: modules,
		Path: func(m module) string { return m.Path },
		Do: func(ctx context.Context, m module, file, dir string, _ bool) (result, error) {
			return m.measure(ctx, file, dir, func(what string) { fmt.Fprintf(os.Stderr, "%s: %s\n", m.Path, what) })
		},
		Print: func(all []result, verbose bool) bool { return print(os.Stdout, all, verbose) },
	}.Main()
}
