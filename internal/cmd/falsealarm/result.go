package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// result is one gate run.
type result struct {
	Key         string    `json:"key"`
	Run         int       `json:"run"`
	Baseline    int       `json:"baseline"` // its number in the series
	At          time.Time `json:"at"`
	Seconds     float64   `json:"seconds"`
	Exit        int       `json:"exit"`
	Scenarios   int       `json:"scenarios"`
	Comparisons int       `json:"comparisons"`

	Failed       []string `json:"failed,omitempty"`       // the findings, in words
	Inconclusive []string `json:"inconclusive,omitempty"` // the same
	Errors       []string `json:"errors,omitempty"`
}

func (r result) baseline() int { return max(r.Baseline, 1) }

// take fills in what the report says.
func (r *result) take(rep *highwater.Report) {
	r.Scenarios = len(rep.Rows)
	all := slices.Clone(rep.Findings)
	for _, row := range rep.Rows {
		all = append(all, row.Findings...)
	}
	for _, f := range all {
		if f.Check == "baseline" && f.Reference != nil {
			r.Comparisons++
		}
		words := fmt.Sprintf("%s %s (%s): %s", f.Scenario, f.Metric, f.Check, f.Reason)
		switch f.Verdict {
		case highwater.VerdictFail, highwater.VerdictMissing:
			r.Failed = append(r.Failed, words)
		case highwater.VerdictInconclusive:
			r.Inconclusive = append(r.Inconclusive, words)
		case highwater.VerdictError:
			r.Errors = append(r.Errors, words)
		}
	}
}

// print writes a line, and one for each finding that is not a pass.
func (r result) print(w io.Writer) {
	fmt.Fprintf(w, "run %d, baseline %d: status %d, %.1f s\n", r.Run, r.baseline(), r.Exit, r.Seconds)
	for _, list := range []struct {
		name string
		all  []string
	}{{"FALSE ALARM", r.Failed}, {"inconclusive", r.Inconclusive}, {"error", r.Errors}} {
		for _, words := range list.all {
			fmt.Fprintf(w, "  %s: %s\n", list.name, words)
		}
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// confidence is that of the bound of the false-alarm rate.
const confidence = 0.95

// summarise prints what came of a series and returns the status to exit with.
func summarise(w io.Writer, all []result) int {
	if len(all) == 0 {
		fmt.Fprintln(w, "no runs")
		return highwater.ExitError
	}
	var failed, inconclusive, errors, comparisons int
	var seconds []float64
	baselines := map[int]bool{}
	for _, r := range all {
		baselines[r.baseline()] = true
		switch {
		case r.Exit == highwater.ExitFail:
			failed++
		case len(r.Errors) > 0 || r.Exit != highwater.ExitOK && len(r.Inconclusive) == 0:
			errors++
		case len(r.Inconclusive) > 0:
			inconclusive++
		}
		comparisons += r.Comparisons
		seconds = append(seconds, r.Seconds)
	}
	fmt.Fprintf(w, "%d runs of %d scenarios against %s, %d comparisons: %d failed, %d inconclusive, %d not measured\n",
		len(all), all[0].Scenarios, plural(len(baselines), "baseline"), comparisons, failed, inconclusive, errors)
	fmt.Fprintf(w, "false alarms: %.2g %% of the runs, with %.0f %% confidence at most %.2g %%", 100*float64(failed)/float64(len(all)),
		100*confidence, 100*stat.ProportionUpper(failed, len(all), confidence))
	if n := len(all); failed == 0 && n >= 30 { // with fewer it is no good approximation
		fmt.Fprintf(w, " (the rule of three: 3/%d = %.2g %%)", n, 300/float64(n))
	}
	fmt.Fprintf(w, "\nseconds a run: %.1f, the longest %.1f\n", stat.Median(seconds), slices.Max(seconds))
	if failed > 0 {
		fmt.Fprintln(w, "what failed:")
		for _, r := range all {
			for _, words := range r.Failed {
				fmt.Fprintf(w, "  run %d: %s\n", r.Run, words)
			}
		}
	}
	switch {
	case failed > 0:
		return highwater.ExitFail
	case errors > 0:
		return highwater.ExitError
	}
	return highwater.ExitOK
}
