// Command bisectproof generates a git repository of 200 commits with a regression of
// 5 % at one of them, another in a benchmark whose processes scatter by 2 %, a third in
// what a memtest scenario holds, and ten commits that do not build, some of them next to
// the three. It lets highwater bisect find them, and prints what that took, as in
// docs/bisect.md.
//
//	go run ./internal/cmd/bisectproof -seeds 3
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
	seeds := flag.Uint64("seeds", 1, "how many repositories are made, with that seed and those behind it")
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
		text, ok := page.Where(ctx)+".\n", true
		fmt.Print(text)
		for s := *seed; s < *seed+*seeds; s++ {
			one, good, err := proved(ctx, built, filepath.Join(dir, fmt.Sprint(s)), s, *verbose)
			if err != nil {
				return false, err
			}
			fmt.Print("\n" + one)
			text, ok = text+"\n"+one, ok && good
		}
		if *out != "" {
			err = page.Put(*out, "bisectproof", text)
		}
		return ok, err
	})
}

// proved makes the repository of a seed in a folder of its own, and the table of what was
// found in it.
func proved(ctx context.Context, file, dir string, seed uint64, verbose bool) (text string, ok bool, err error) {
	p, tree := plan(seed), filepath.Join(dir, "tree")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", false, err
	}
	if err := p.generate(ctx, tree); err != nil {
		return "", false, err
	}
	found, err := p.prove(ctx, file, tree, filepath.Join(dir, "state"), verbose)
	if err != nil {
		return "", false, err
	}
	text, ok = table(seed, p, found)
	return text, ok, nil
}
