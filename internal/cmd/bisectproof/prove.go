package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// search is what highwater said of one benchmark or scenario.
type search struct {
	scenario string
	flags    []string
	truth    int // the planted commit
	named    string
	exit     int
	answer   bisect.Document
	seconds  float64
	steady   bool // must be found
}

// right reports whether the answer is right: the planted commit or, of noise alone, that
// it cannot be decided.
func (s search) right() bool {
	if s.answer.Verdict == bisect.VerdictFound {
		return s.exit == 0 && s.named == subjectOf(s.truth)
	}
	return !s.steady && s.exit == 2
}

func subjectOf(commit int) string { return fmt.Sprintf("change %d", commit) }

// prove lets highwater search for all changes, and looks at what is left of it.
func (p planted) prove(ctx context.Context, file, tree, state string, verbose bool) ([]search, error) {
	all := []search{
		{scenario: "BenchmarkSteady", flags: []string{"--bench", "^BenchmarkSteady$", "--metric", "alloc_bytes"}, truth: p.steady, steady: true},
		{scenario: "BenchmarkNoisy", flags: []string{"--bench", "^BenchmarkNoisy$", "--metric", "alloc_bytes"}, truth: p.noisy},
		{scenario: "TestScreen", flags: []string{"--scenario", "example.com/term/TestScreen", "--metric", "peak"}, truth: p.held, steady: true},
	}
	refs, err := subject.Output(ctx, tree, "git", "show-ref", "--head")
	if err != nil {
		return nil, err
	}
	for i := range all {
		s := &all[i]
		out := filepath.Join(filepath.Dir(tree), s.scenario+".json")
		cmd := subject.Command(ctx, tree, file, append([]string{
			"bisect", ".", "--good", "good",
			"--threshold", "2%", "--benchtime", "10x", "--output", out,
		}, s.flags...)...)
		cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+state, "HIGHWATER_CACHE_DIR="+state)
		r, err := subject.Run(ctx, cmd, "")
		if err != nil {
			return nil, err
		}
		if verbose {
			fmt.Fprintln(os.Stderr, r.Printed)
		}
		s.exit, s.seconds = r.Exit, r.Seconds
		data, err := os.ReadFile(out)
		if err == nil {
			err = json.Unmarshal(data, &s.answer)
		}
		if err != nil {
			return nil, fmt.Errorf("%s ended with status %d: %w\n%s", s.scenario, r.Exit, err, r.Printed)
		}
		if s.answer.First != nil {
			s.named = s.answer.First.Subject
		}
	}
	status, err := subject.Output(ctx, tree, "git", "status", "--porcelain", "--ignored")
	if err != nil {
		return nil, err
	}
	now, err := subject.Output(ctx, tree, "git", "show-ref", "--head")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(status) != "" || now != refs {
		return nil, fmt.Errorf("the repository was changed:\n%s%s", status, now)
	}
	return all, nil
}

// table prints the searches, in Markdown, and reports whether all came out as they
// should.
func table(seed uint64, p planted, all []search) (text string, ok bool) {
	var b strings.Builder
	fmt.Fprintf(&b, "Seed %d: %d commits, those that do not build are %s.\n\n", seed, commits, strings.Trim(fmt.Sprint(p.broken), "[]"))
	fmt.Fprintln(&b, "| scenario | metric | planted | named | verdict | confidence | change | commits measured | skipped | builds | processes | s |")
	fmt.Fprintln(&b, "|---|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|")
	ok = true
	for _, s := range all {
		named := s.named
		if !s.right() {
			ok, named = false, "**"+named+"**"
		}
		change := "-"
		if c := s.answer.Change; c != nil {
			change = fmt.Sprintf("%+.1f %%", 100*c.Change)
		}
		measured := map[string]bool{}
		for _, m := range s.answer.Steps {
			measured[m.Commit] = true
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.4f | %s | %d | %d | %d | %d | %.0f |\n", s.scenario, s.answer.Metric, subjectOf(s.truth), named,
			s.answer.Verdict, s.answer.Confidence, change, len(measured), len(s.answer.Skipped), s.answer.Builds, s.answer.Processes, s.seconds)
	}
	return b.String(), ok
}
