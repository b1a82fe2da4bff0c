package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// What is planted, and what it is held to: ratios.
var (
	changes    = []float64{0.02, 0.05, 0.10, 0.25}
	thresholds = []float64{0.01, 0.02, 0.05, 0.10}
)

// trial is one gate run over a planted program.
type trial struct {
	Kind      string  `json:"kind"`
	Change    float64 `json:"change"`
	Threshold float64 `json:"threshold"`
	Number    int     `json:"number"` // its baseline is shared by the trials of that number
}

// result is what came of it.
type result struct {
	Key string `json:"key"`
	trial
	Exit     int               `json:"exit"`
	Found    bool              `json:"found"` // the regression failed in its own metric, and so did the run
	Verdict  highwater.Verdict `json:"verdict"`
	Measured float64           `json:"measured"` // change
	Repeats  int               `json:"repeats"`
	Seconds  float64           `json:"seconds"`
	Failed   []string          `json:"failed,omitempty"` // metrics
}

// newPlan lists the trials, so that any first part of them has something of everything.
func newPlan(trials int, only []string) ([]trial, error) {
	var plan []trial
	for number := range trials {
		for _, name := range only {
			if !slices.Contains(kinds(), name) {
				return nil, fmt.Errorf("unknown kind %q; kinds are %s", name, strings.Join(kinds(), ", "))
			}
			for _, change := range changes {
				for _, threshold := range thresholds {
					plan = append(plan, trial{name, change, threshold, number})
				}
			}
		}
	}
	return plan, nil
}

// series is where trials are made.
type series struct {
	self    string
	key     string
	results string
	dir     string
}

func newSeries(results string) (*series, error) {
	s := &series{}
	var err error
	if s.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if s.key, err = ledger.Key(s.self); err != nil {
		return nil, err
	}
	cache, err := ledger.Dir("power")
	if err != nil {
		return nil, err
	}
	s.dir = filepath.Join(cache, s.key)
	if s.results = results; results == "" {
		s.results = filepath.Join(s.dir, "results.jsonl")
	}
	return s, os.MkdirAll(s.dir, 0o755)
}

// highwater is this program as highwater over one of the planted programs.
func (s *series) highwater(ctx context.Context, kind string, change float64, args ...string) *exec.Cmd {
	cmd := subject.Command(ctx, s.dir, s.self, append(args, "--quiet", "--scenario", "planted/"+kind)...)
	cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+filepath.Join(s.dir, "state"), envHighwater+"=1",
		envChange+"="+strconv.FormatFloat(change, 'f', -1, 64))
	return cmd
}

// try makes one trial.
func (s *series) try(ctx context.Context, t trial) (result, error) {
	r := result{Key: s.key, trial: t}
	baseline := filepath.Join(s.dir, fmt.Sprintf("%s-%d.baseline.json", t.Kind, t.Number))
	if _, err := os.Stat(baseline); err != nil {
		saved, err := subject.Run(ctx, s.highwater(ctx, t.Kind, 0, "baseline", "save", "--output", baseline), "")
		if err == nil && saved.Exit != highwater.ExitOK {
			err = fmt.Errorf("status %d\n%s", saved.Exit, saved.Printed)
		}
		if err != nil {
			return r, fmt.Errorf("save the baseline of %s: %w", t.Kind, err)
		}
	}
	k := all[slices.Index(kinds(), t.Kind)]
	configuration := filepath.Join(s.dir, "highwater.yml")
	if err := os.WriteFile(configuration, []byte(k.configuration(t.Threshold)), 0o600); err != nil {
		return r, err
	}
	gate := s.highwater(ctx, t.Kind, t.Change, "gates", "--baseline", baseline, "--config", configuration)
	run, err := subject.Run(ctx, gate, filepath.Join(s.dir, "report.json"))
	r.Seconds, r.Exit = run.Seconds, run.Exit
	if err == nil && len(run.Report.Rows) != 1 {
		err = fmt.Errorf("%d scenarios in the report, want one", len(run.Report.Rows))
	}
	if err != nil {
		return r, err
	}
	return r, r.take(run.Report.Rows[0], k.metrics[0])
}

// configuration holds the kind's metrics to a threshold whose floor is far below the
// planted change.
func (k kind) configuration(threshold float64) string {
	text := "thresholds:\n"
	for _, name := range k.metrics {
		floor := "256"
		if name == highwater.Allocs {
			floor = "0.5"
		}
		text += fmt.Sprintf("  %s: %s|%s\n", name, highwater.Threshold{Relative: threshold}, floor)
	}
	return text
}

// take fills in what the gate made of the regression.
func (r *result) take(row highwater.Row, metric string) error {
	for _, f := range row.Findings {
		if f.Verdict == highwater.VerdictFail {
			r.Failed = append(r.Failed, f.Metric)
		}
		if f.Verdict == highwater.VerdictError {
			return fmt.Errorf("%s could not be measured: %s", row.Scenario.ID(), f.Reason)
		}
		if f.Check == "baseline" && f.Metric == metric && f.Observed != nil {
			r.Verdict, r.Measured, r.Repeats = f.Verdict, f.Change, f.Observed.N
		}
	}
	if r.Verdict == "" {
		return fmt.Errorf("%s was not compared in %s", row.Scenario.ID(), metric)
	}
	r.Found = r.Exit == highwater.ExitFail && r.Verdict == highwater.VerdictFail
	return nil
}
