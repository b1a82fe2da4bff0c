// Command planted changes a public module in a git repository of its own and lets
// highwater gates --base say whether the change is worse: once by a planted
// regression of about 5 %, once by a refactoring that moves code and changes nothing.
// The threshold is 2 %, over ten benchmarks.
//
// It exits 1 where the regression was not found, with its line, or the refactoring was,
// and 2 where it could not find out. The time that it took and the load of the machine
// are in the table, and are judged by the reader.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func main() {
	subject.Cases[change, result]{
		Name: "planted", All: changes,
		Path: func(c change) string { return c.Name },
		Do: func(ctx context.Context, c change, file, dir string, verbose bool) (result, error) {
			got, err := c.compare(ctx, file, dir)
			if verbose {
				fmt.Fprintln(os.Stderr, got.printed)
			}
			return got, err
		},
		Print: func(all []result, _ bool) bool { return print(os.Stdout, all) },
	}.Main()
}
