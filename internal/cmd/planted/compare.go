package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

//go:embed testdata/ten_test.go
var ten []byte

// settings are the threshold, with a floor under which a percentage of a small figure
// says nothing. The metrics that depend on what else the machine does are left out: of
// 2 % they can tell nothing, as docs/noise.md shows. So are the allocations, of which the
// planted line makes a third more: the bytes have to tell.
const settings = "thresholds: {peak: 2%|8KiB, sustained: 2%|8KiB, alloc_bytes: 2%, allocs: none, gc_pressure: none, footprint: none}\n"

// operations of each benchmark.
const operations = "3x"

// result is what highwater said of a change.
type result struct {
	change
	exit    int
	rows    int
	failed  []highwater.Finding
	open    int // verdicts that are neither pass nor fail
	line    int // of the planted line
	seconds float64
	load    string
	printed string
}

// compare makes the repository in dir, changes it, and lets highwater compare the work
// tree with the commit.
func (c change) compare(ctx context.Context, file, dir string) (result, error) {
	got := result{change: c}
	tree := filepath.Join(dir, "tree")
	if err := commit(ctx, tree); err != nil {
		return got, err
	}
	if err := c.edit(tree); err != nil {
		return got, err
	}
	var err error
	if got.line, err = lineOf(filepath.Join(tree, source), c.Line); err != nil {
		return got, err
	}
	cmd := subject.Command(ctx, tree, file, "gates", ".", "--base", "HEAD", "--bench", "^BenchmarkTen", "--benchtime", operations, "--quiet")
	run, err := subject.Run(ctx, cmd, filepath.Join(dir, "report.json"))
	if err != nil {
		return got, err
	}
	got.exit, got.seconds, got.printed, got.rows = run.Exit, run.Seconds, run.Printed, len(run.Report.Rows)
	if got.rows != benchmarks {
		return got, fmt.Errorf("%d benchmarks were measured, want %d:\n%s", got.rows, benchmarks, run.Printed)
	}
	if average, err := os.ReadFile("/proc/loadavg"); err == nil {
		got.load, _, _ = strings.Cut(string(average), " ")
	}
	for _, row := range run.Report.Rows {
		switch row.Verdict {
		case highwater.VerdictPass, highwater.VerdictFail, highwater.VerdictWarn:
		default:
			got.open++
		}
		for _, f := range row.Findings {
			if f.Verdict == highwater.VerdictFail {
				got.failed = append(got.failed, f)
			}
		}
	}
	return got, nil
}

// commit copies the module out of the cache, with the benchmarks, into a repository.
func commit(ctx context.Context, tree string) error {
	out, err := subject.Output(ctx, "", "go", "mod", "download", "-json", module+"@"+version)
	if err != nil {
		return err
	}
	var got struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		return fmt.Errorf("read the answer of go mod download: %w", err)
	}
	if err := os.CopyFS(tree, os.DirFS(got.Dir)); err != nil {
		return fmt.Errorf("copy the module out of the cache: %w", err)
	}
	if err := os.Chmod(filepath.Join(tree, source), 0o600); err != nil { // the cache is read-only
		return err
	}
	for name, text := range map[string][]byte{"ten_test.go": ten, "highwater.yml": []byte(settings)} {
		if err := os.WriteFile(filepath.Join(tree, name), text, 0o600); err != nil {
			return err
		}
	}
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "--all"},
		{"-c", "user.name=highwater", "-c", "user.email=nobody@example.com", "commit", "--quiet", "--message", "as released"},
	} {
		if _, err := subject.Output(ctx, tree, "git", args...); err != nil {
			return err
		}
	}
	return nil
}

// lineOf is the number of the line that holds the text, 0 for none.
func lineOf(file, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	before, _, found := strings.Cut(string(data), text)
	if !found {
		return 0, fmt.Errorf("%s does not hold %q", file, text)
	}
	return 1 + strings.Count(before, "\n"), nil
}
