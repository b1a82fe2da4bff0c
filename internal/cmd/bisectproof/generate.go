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
	// A line takes so many bytes, and 5 % more from the planted commit on. Both are
	// whole pages, so that nothing is lost to size classes.
	before, after = 20 * 8192, 21 * 8192
	// noise is the standard deviation of the noisy benchmark's processes, a ratio.
	noise = 0.02
)

// planted says which commits do what, counted from the good end, which is 0.
type planted struct {
	steady, noisy int
	broken        []int
}

// plan chooses the commits. Two of those that do not build are behind the steady change
// and two before it, the nearest parent excepted: were that broken, too, then nobody
// could say which of both it was.
func plan(seed uint64) planted {
	r := rand.New(rand.NewPCG(seed, commits))
	p := planted{steady: 10 + r.IntN(commits-20)}
	for p.noisy = p.steady; p.noisy-p.steady > -6 && p.noisy-p.steady < 6; {
		p.noisy = 10 + r.IntN(commits-20)
	}
	p.broken = []int{p.steady - 3, p.steady - 2, p.steady + 1, p.steady + 2, p.noisy - 2, p.noisy + 1}
	for len(p.broken) < broken {
		i := 1 + r.IntN(commits-1)
		near := i == p.steady || i == p.steady-1 || i == p.noisy || i == p.noisy-1
		if !near && !slices.Contains(p.broken, i) {
			p.broken = append(p.broken, i)
		}
	}
	slices.Sort(p.broken)
	return p
}

// generate makes the repository, all commits in one go.
func (p planted) generate(ctx context.Context, tree string) error {
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
			file("go.mod", "module example.com/term\n\ngo 1.24\n")
			file("term_test.go", tests)
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

// lineBytes and cellBytes are what a line and a cell take.
const (
	lineBytes = %d
	cellBytes = %d
)

func line() []byte { return make([]byte, lineBytes) }

func cell(scale float64) []byte { return make([]byte, int(scale*cellBytes)) }
`, size(p.steady), size(p.noisy))
	if slices.Contains(p.broken, i) {
		text += "\nvar _ = nowhere\n"
	}
	return text
}

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

func BenchmarkNoisy(b *testing.B) {
	for i := 0; i < b.N; i++ {
		keep = nil
		for j := 0; j < 10; j++ {
			keep = append(keep, cell(scale))
		}
	}
}
`, noise)
