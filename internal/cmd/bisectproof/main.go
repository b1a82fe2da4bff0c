// Command bisectproof generates a git repository of 200 commits with a regression of
// 5 % at one of them, another in a benchmark whose processes scatter by 2 %, a third in
// what a memtest scenario holds, and ten commits that do not build, some of them next to
// the three. It lets highwater bisect find them, and prints what that took, as in
// docs/bisect.md.
//
//	go run ./internal/cmd/bisectproof -seed 1
//
// It exits 1 where a wrong commit was named, or none where nothing scatters, and 2
// where it could not find out. That the noisy one cannot be decided is an answer, too,
// if highwater says so.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/highwater-dev/highwater/internal/cmd/internal/page"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func main() {
	seed := flag.Uint64("seed", 1, "chooses where the changes are")
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	out := flag.String("page", "", "put the table into this `file` as well")
	verbose := flag.Bool("v", false, "print what highwater prints")
	flag.Parse()
	subject.Main("bisectproof", func(ctx context.Context) (bool, error) {
		dir, err := os.MkdirTemp("", "bisectproof-")
		if err != nil {
			return false, err
		}
		defer os.RemoveAll(dir)
		built, err := subject.Built(ctx, *file, dir)
		if err != nil {
			return false, err
		}
		p := plan(*seed)
		tree := filepath.Join(dir, "tree")
		if err := p.generate(ctx, tree); err != nil {
			return false, err
		}
		found, err := p.prove(ctx, built, tree, filepath.Join(dir, "state"), *verbose)
		if err != nil {
			return false, err
		}
		text, ok := table(page.Where(ctx), *seed, p, found)
		fmt.Print(text)
		if *out != "" {
			err = page.Put(*out, "bisectproof", text)
		}
		return ok, err
	})
}
