package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

const (
	commits = 200 // behind the good end
	broken  = 10  // of them do not build
	// A line, a cell and a row take so many bytes, and 5 % more from the planted commit
	// on. Both are whole pages, so that nothing is lost to size classes.
	before, after = 20 * 8192, 21 * 8192
	// noise is the standard deviation of the noisy benchmark's processes, a ratio.
	noise = 0.02
)

// planted says which commits do what, counted from the good end, which is 0.
type planted struct {
	steady, noisy, held int
	broken              []int
}

// changes are the commits that are to be found.
func (p planted) changes() []int { return []int{p.steady, p.noisy, p.held} }

// apart reports whether a commit is so far from all that are to be found that what is
// broken around them cannot hide it.
func (p planted) apart(commit int) bool {
	return !slices.ContainsFunc(p.changes(), func(c int) bool { return c-commit > -6 && c-commit < 6 })
}

// plan chooses the commits. Two of those that do not build are behind the steady change
// and two before it, the nearest parent excepted: were that broken, too, then nobody
// could say which of both it was.
func plan(seed uint64) planted {
	r := rand.New(rand.NewPCG(seed, commits))
	var p planted
	for _, one := range []*int{&p.steady, &p.noisy, &p.held} {
		at := 0
		for at == 0 || !p.apart(at) {
			at = 10 + r.IntN(commits-20)
		}
		*one = at
	}
	p.broken = []int{p.steady - 3, p.steady - 2, p.steady + 1, p.steady + 2, p.noisy - 2, p.noisy + 1, p.held + 1}
	for len(p.broken) < broken {
		i := 1 + r.IntN(commits-1)
		near := slices.Contains(p.changes(), i) || slices.Contains(p.changes(), i+1)
		if !near && !slices.Contains(p.broken, i) {
			p.broken = append(p.broken, i)
		}
	}
	slices.Sort(p.broken)
	return p
}

// generate makes the repository, all commits in one go. Its memtest scenario is built with
// this module.
func (p planted) generate(ctx context.Context, tree string) error {
	goMod, goSum, err := required(ctx)
	if err != nil {
		return err
	}
	if _, err := subject.Output(ctx, "", "git", "init", "--quiet", "--initial-branch=main", tree); err != nil {
		return err
	}
	var b strings.Builder
	file := func(name, text string) {
		fmt.Fprintf(&b, "M 644 inline %s\ndata %d\n%s\n", name, len(text), text)
	}
	for i := range commits + 1 {
		message := fmt.Sprintf("change %d", i)
		fmt.Fprintf(&b, "commit refs/heads/main\nmark :%d\ncommitter n <n@example.com> %d +0000\ndata %d\n%s\n", i+1, 1_700_000_000+3600*i, len(message), message)
		if i == 0 {
			file("go.mod", goMod)
			file("go.sum", goSum)
			file("term_test.go", tests)
			file("screen_test.go", screen)
		}
		file("line.go", p.code(i))
		file("change.go", fmt.Sprintf("package term\n\n// Change is the number of this commit.\nconst Change = %d\n", i))
	}
	// fast-import reads a file as it does its standard input.
	stream := filepath.Join(filepath.Dir(tree), "stream")
	if err := os.WriteFile(stream, []byte(b.String()), 0o600); err != nil {
		return err
	}
	for _, command := range []string{
		"git fast-import --quiet < " + stream,
		fmt.Sprintf("git tag good main~%d", commits),
		"git checkout --quiet main",
	} {
		if _, err := subject.Output(ctx, tree, "sh", "-c", command); err != nil {
			return err
		}
	}
	return nil
}

// code is the package at a commit.
func (p planted) code(i int) string {
	size := func(at int) int {
		if i >= at {
			return after
		}
		return before
	}
	text := fmt.Sprintf(`package term

// lineBytes, cellBytes and rowBytes are what a line, a cell and a row take.
const (
	lineBytes = %d
	cellBytes = %d
	rowBytes  = %d
)

func line() []byte { return make([]byte, lineBytes) }

func cell() []byte { return make([]byte, cellBytes) }

func row() []byte { return make([]byte, rowBytes) }
`, size(p.steady), size(p.noisy), size(p.held))
	if slices.Contains(p.broken, i) {
		text += "\nvar _ = nowhere\n"
	}
	return text
}

// required are the go.mod and go.sum of a module that imports memtest from this tree.
func required(ctx context.Context) (goMod, goSum string, err error) {
	const module, profiles = "github.com/highwater-dev/highwater", "github.com/google/pprof"
	dir, err := subject.Output(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", module)
	if err != nil {
		return "", "", err
	}
	version, err := subject.Output(ctx, "", "go", "list", "-m", "-f", "{{.Version}}", profiles)
	if err != nil {
		return "", "", err
	}
	dir = strings.TrimSpace(dir)
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(sums)) {
		if strings.HasPrefix(line, profiles+" ") {
			goSum += line
		}
	}
	goMod = fmt.Sprintf("module example.com/term\n\ngo 1.26.0\n\nrequire (\n\t%s %s // indirect\n\t%s v0.0.0\n)\n\nreplace %s => %q\n",
		profiles, strings.TrimSpace(version), module, module, dir)
	return goMod, goSum, nil
}

// screen is a memtest scenario that allocates in every operation, and holds twenty rows.
const screen = `package term

import (
	"testing"

	"github.com/highwater-dev/highwater/memtest"
)

func TestScreen(t *testing.T) {
	memtest.Run(t, func(m *memtest.M) {
		m.Start()
		rows := make([][]byte, 20)
		m.KeepAlive(rows)
		for m.Loop() {
			for i := range rows {
				rows[i] = row()
			}
		}
	})
}
`

// tests are the benchmarks: one that is steady, and one whose processes differ.
var tests = fmt.Sprintf(`package term

import (
	"math/rand/v2"
	"testing"
)

var keep [][]byte

func BenchmarkSteady(b *testing.B) {
	for i := 0; i < b.N; i++ {
		keep = nil
		for j := 0; j < 10; j++ {
			keep = append(keep, line())
		}
	}
}

var scale = 1 + %v*rand.NormFloat64()

// The number of cells scatters: a size would be rounded up to whole pages.
func BenchmarkNoisy(b *testing.B) {
	for i := 0; i < b.N; i++ {
		keep = nil
		for j := 0; j < int(200*scale); j++ {
			keep = append(keep, cell())
		}
	}
}
`, noise)
