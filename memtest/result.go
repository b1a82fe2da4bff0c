package memtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/store"
)

// Result is what a scenario came to. In a process that is itself being measured,
// and under -race or -cover, it is empty.
type Result struct {
	Report *highwater.Report
	run    *highwater.Run
}

// Value is the median of a metric over all repeats, in the metric's unit, and
// false when there is none.
func (r *Result) Value(metric string) (float64, bool) {
	if r.Report == nil || len(r.Report.Rows) == 0 {
		return 0, false
	}
	s, ok := r.Report.Rows[0].Summaries[metric]
	return s.Center, ok
}

// Err returns what failed or could not be judged, nil for nothing.
func (r *Result) Err() error {
	if r.Report == nil {
		return nil
	}
	var errs []error
	for _, f := range r.findings() {
		switch f.Verdict {
		case highwater.VerdictFail, highwater.VerdictError, highwater.VerdictInconclusive, highwater.VerdictMissing:
			errs = append(errs, errors.New(describe(f)))
		}
	}
	if len(errs) == 0 && r.Report.Exit != highwater.ExitOK {
		errs = append(errs, fmt.Errorf("verdict: %s", r.Report.Verdict))
	}
	return errors.Join(errs...)
}

func (r *Result) findings() []highwater.Finding {
	all := slices.Clone(r.Report.Findings)
	for _, row := range r.Report.Rows {
		all = append(all, row.Findings...)
	}
	return all
}

// describe is a finding with the lines behind it.
func describe(f highwater.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Verdict, f.Reason)
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, "\n    %9s %3.0f %%  %s (%s:%d)", highwater.FormatBytes(float64(e.After-e.Before)), 100*e.Share,
			e.Site.Where.Func, filepath.Base(e.Site.Where.File), e.Site.Where.Line)
	}
	if f.Hint != "" {
		fmt.Fprintf(&b, "\n    %s", f.Hint)
	}
	return b.String()
}

// report logs the figures and fails the test where it must.
func (r *Result) report(t T) {
	t.Helper()
	for _, row := range r.Report.Rows {
		var figures []string
		for _, m := range highwater.Metrics() {
			if s, ok := row.Summaries[m.Name]; ok {
				figures = append(figures, m.Name+" "+m.Format(s.Center))
			}
		}
		t.Logf("%s: %s: %s", row.Scenario.ID(), row.Verdict, strings.Join(figures, ", "))
		if len(row.Sites) > 0 {
			s := row.Sites[0]
			t.Logf("at the peak: %.0f %% from %s (%s:%d)", 100*s.Share, s.Where.Func, filepath.Base(s.Where.File), s.Where.Line)
		}
		for _, n := range row.Notes {
			t.Logf("note: %s", n)
		}
	}
	if err := r.Err(); err != nil {
		t.Errorf("%v", err)
	}
}

// envUpdate makes NoRegression write its baseline instead of comparing.
const envUpdate = "HIGHWATER_UPDATE"

func updating() bool { v := os.Getenv(envUpdate); return v != "" && v != "0" }

// updateBaseline puts the result into the baseline file, in place of an earlier
// one of the same scenario. A result that failed stays out.
func (c *config) updateBaseline(r *Result) error {
	if c.baseline == "" || !updating() || r.Report.Exit != highwater.ExitOK {
		return nil
	}
	id := c.scenario.ID()
	merged := *r.run
	if _, err := os.Stat(c.baseline); err == nil {
		old, err := store.LoadBaseline(c.baseline)
		if err != nil {
			return err
		}
		for _, s := range old.Scenarios {
			if s.ID() != id {
				merged.Scenarios = append(merged.Scenarios, s)
				merged.Measurements = append(merged.Measurements, old.Of(s.ID())...)
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(c.baseline), 0o755); err != nil {
		return fmt.Errorf("making the baseline's folder: %w", err)
	}
	return store.WriteRun(c.baseline, &merged)
}
