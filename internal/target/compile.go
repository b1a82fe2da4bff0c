package target

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// batch is how many packages one go command builds. It loads what they have in
// common once, and compiles and links several at a time; another command for every
// few packages lets progress be told.
const batch = 16

// compile builds the test binaries. A package that fails is built once more on its
// own, so that what the compiler says of it is told from what it says of others.
func (b *builder) compile(ctx context.Context) {
	done := 0
	var left []*work
	for i, group := range batches(b.work) {
		if ctx.Err() != nil {
			return
		}
		b.options.say("building the tests of %d packages: %d done", len(b.work), done)
		left = append(left, b.together(ctx, filepath.Join(b.options.Dir, fmt.Sprintf("b%d", i)), group)...)
		done += len(group)
	}
	b.each(ctx, left, func(w *work) {
		b.options.say("building %s", w.ImportPath)
		binary := filepath.Join(b.options.Dir, fmt.Sprintf("s%d", slices.Index(b.work, w)), testBinary(w.ImportPath))
		stdout, stderr, err := b.options.run(ctx, b.testArgs(binary, w)...)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			w.fail("building the tests", string(stdout)+string(stderr))
		default:
			w.binary = binary
		}
	})
}

// together builds a batch, and returns what could not be built.
func (b *builder) together(ctx context.Context, dir string, group []*work) (left []*work) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return group // building each alone will say what is wrong
	}
	// What failed is built again, and said then.
	_, _, _ = b.options.run(ctx, b.testArgs(dir+string(filepath.Separator), group...)...)
	for _, w := range group {
		binary := filepath.Join(dir, testBinary(w.ImportPath))
		// Where the command failed, the binaries of others may still be there.
		if info, err := os.Stat(binary); err == nil && info.Mode().IsRegular() {
			w.binary = binary
			continue
		}
		left = append(left, w)
	}
	return left
}

func (b *builder) testArgs(output string, all ...*work) []string {
	args := append([]string{"test", "-c", "-o", output}, b.options.flags()...)
	if all[0].wraps() {
		// go vet runs in the folder of each package, and the probe's is not there.
		args = append(args, "-vet=off", "-overlay="+b.overlay)
	}
	for _, w := range all {
		args = append(args, w.ImportPath)
	}
	return args
}

// batches divides packages into such as one go command can build: with or without
// the overlay, and no two whose binaries would have one name.
func batches(all []*work) [][]*work {
	var groups [][]*work
	for _, w := range all {
		i := slices.IndexFunc(groups, func(g []*work) bool {
			return len(g) < batch && g[0].wraps() == w.wraps() && !slices.ContainsFunc(g, func(o *work) bool {
				return strings.EqualFold(testBinary(o.ImportPath), testBinary(w.ImportPath))
			})
		})
		if i < 0 {
			groups, i = append(groups, nil), len(groups)
		}
		groups[i] = append(groups[i], w)
	}
	return groups
}

var majorVersion = regexp.MustCompile(`^v[2-9][0-9]*$|^v1[0-9]+$`)

// testBinary is what go test -c calls the binary of a package: after the last
// element of its path that is no major version.
func testBinary(importPath string) string {
	dir, name := path.Split(importPath)
	if majorVersion.MatchString(name) && dir != "" {
		name = path.Base(dir)
	}
	if filepath.Separator == '\\' {
		name += ".test.exe"
	} else {
		name += ".test"
	}
	return name
}
