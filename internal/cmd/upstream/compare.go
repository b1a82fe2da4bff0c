package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

//go:embed testdata
var benchmarks embed.FS

// result is what highwater said of a release.
type result struct {
	release
	exit    int
	failed  []highwater.Finding // all that failed the gate
	seconds float64
	printed string
}

// compare makes a module in dir that requires the release, and lets highwater
// compare it with the one before.
func (r release) compare(ctx context.Context, highwaterFile, dir string) (result, error) {
	got := result{release: r}
	if err := r.module(ctx, dir); err != nil {
		return got, err
	}
	cmd := subject.Command(ctx, dir, highwaterFile, "gates", "./...", "--base-mod", r.Module+"@"+r.From, "--benchtime", strconv.Itoa(r.Ops)+"x", "--quiet")
	run, err := subject.Run(ctx, cmd, filepath.Join(dir, "report.json"))
	if err == nil && run.Exit == highwater.ExitError {
		err = fmt.Errorf("highwater could not judge it:\n%s", run.Printed)
	}
	if err != nil {
		return got, err
	}
	got.seconds, got.exit, got.printed = run.Seconds, run.Exit, run.Printed
	for _, row := range run.Report.Rows {
		for _, f := range row.Findings {
			if f.Verdict == highwater.VerdictFail {
				got.failed = append(got.failed, f)
			}
		}
	}
	return got, nil
}

// module writes the benchmark into dir, with a go.mod that requires the head.
func (r release) module(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	name := r.Name + "_test.go"
	text, err := benchmarks.ReadFile("testdata/" + r.Name + "/" + name)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"mod", "init", "example.com/upstream/" + r.Name},
		{"get", r.Module + "@" + r.To},
		{"mod", "tidy"},
	} {
		if _, err := subject.Output(ctx, dir, "go", args...); err != nil {
			return err
		}
	}
	// Tidying must not have moved the version.
	out, err := subject.Output(ctx, dir, "go", "list", "-m", "-f", "{{.Version}}", r.Module)
	if err == nil && strings.TrimSpace(out) != r.To {
		return fmt.Errorf("the module has %s, and not %s", strings.TrimSpace(out), r.To)
	}
	return err
}

// found returns the finding that was to be found, and whether its label and its
// site are the right ones.
func (r result) found() (f highwater.Finding, label, site bool) {
	for _, f := range r.failed {
		if f.Metric == r.Metric {
			return f, f.Label == r.Label, r.names(f)
		}
	}
	return highwater.Finding{}, false, false
}

// names reports whether the finding names the function: its first allocation site is
// in it or was called from it, or its sentence says that what is left over comes
// from it.
func (r result) names(f highwater.Finding) bool {
	if len(f.Evidence) == 0 {
		return strings.Contains(f.Reason, r.Site)
	}
	site := f.Evidence[0].Site
	return r.isSite(site.Where) || slices.ContainsFunc(site.Stack, r.isSite)
}

// isSite reports whether the frame is in the function that was looked for.
func (r result) isSite(f highwater.Frame) bool {
	return strings.HasSuffix(f.Func, "/"+r.Site) || strings.HasSuffix(f.Func, "/"+strings.Replace(r.Site, ".", "/v5.", 1))
}
