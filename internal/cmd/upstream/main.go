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
	"fmt"
	"os"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func main() {
	subject.Cases[release, result]{
		Name: "upstream", All: releases,
		Path: func(r release) string { return r.Name + ": " + r.Module + " " + r.From + " to " + r.To },
		Do: func(ctx context.Context, r release, file, dir string, verbose bool) (result, error) {
			got, err := r.compare(ctx, file, dir)
			if verbose {
				fmt.Fprintln(os.Stderr, got.printed)
			}
			return got, err
		},
		Print: func(all []result, _ bool) bool { return print(os.Stdout, all) },
	}.Main()
}
