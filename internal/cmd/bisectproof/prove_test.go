package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// Whatever the seed, ten commits do not build, and none of the changes nor of the
// commits before them are among these.
func TestPlan(t *testing.T) {
	for seed := range uint64(500) {
		p := plan(seed)
		if len(slices.Compact(slices.Clone(p.broken))) != broken {
			t.Fatalf("seed %d: %v", seed, p)
		}
		for _, i := range []int{p.steady, p.steady - 1, p.noisy, p.noisy - 1, p.held, p.held - 1, 0, commits} {
			if slices.Contains(p.broken, i) {
				t.Errorf("seed %d: commit %d does not build: %v", seed, i, p)
			}
		}
	}
}

// The repository has its commits, and the changes are where they are said to be.
func TestGenerate(t *testing.T) {
	p := plan(3)
	tree := filepath.Join(t.TempDir(), "tree")
	if err := p.generate(t.Context(), tree); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) string {
		out, err := subject.Output(t.Context(), tree, "git", args...)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(out)
	}
	if n := git("rev-list", "--count", "good..main"); n != "200" {
		t.Errorf("%s commits", n)
	}
	for pick, truth := range map[string]int{"lineBytes = 172032": p.steady, "cellBytes = 172032": p.noisy, "rowBytes  = 172032": p.held} {
		if s := git("log", "--format=%s", "-S", pick, "main"); s != subjectOf(truth) {
			t.Errorf("%s came with %q, want %s", pick, s, subjectOf(truth))
		}
	}
}

// A wrong commit is never right, and no answer is one for the noisy benchmark alone.
func TestRight(t *testing.T) {
	found := bisect.Document{Verdict: bisect.VerdictFound}
	none := bisect.Document{Verdict: bisect.VerdictUndecided}
	for _, c := range []struct {
		s    search
		want bool
	}{
		{search{truth: 7, named: "change 7", answer: found, steady: true}, true},
		{search{truth: 7, named: "change 8", answer: found, steady: true}, false},
		{search{truth: 7, named: "change 8", answer: found}, false},
		{search{truth: 7, named: "change 7", exit: 2, answer: none, steady: true}, false},
		{search{truth: 7, exit: 2, answer: none}, true},
	} {
		if got := c.s.right(); got != c.want {
			t.Errorf("%+v: %t", c.s, got)
		}
		if _, ok := table(1, plan(1), []search{c.s}); ok != c.want {
			t.Errorf("%+v: the table says %t", c.s, ok)
		}
	}
}
