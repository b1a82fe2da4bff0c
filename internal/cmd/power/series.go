package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/report"
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

// highwater runs this program as highwater over one of the planted programs and returns
// its exit status.
func (s *series) highwater(ctx context.Context, kind string, change float64, args ...string) (int, error) {
	cmd := exec.CommandContext(ctx, s.self, append(args, "--quiet", "--scenario", "planted/"+kind)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its children
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+filepath.Join(s.dir, "state"), envHighwater+"=1",
		envChange+"="+strconv.FormatFloat(change, 'f', -1, 64))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	exit := new(exec.ExitError)
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() >= 0 && exit.ExitCode() <= highwater.ExitError:
		return exit.ExitCode(), nil
	case err != nil:
		return 0, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out.String())
	}
	return highwater.ExitOK, nil
}

// try makes one trial.
func (s *series) try(ctx context.Context, t trial) (result, error) {
	r := result{Key: s.key, trial: t}
	baseline := filepath.Join(s.dir, fmt.Sprintf("%s-%d.baseline.json", t.Kind, t.Number))
	if _, err := os.Stat(baseline); err != nil {
		if exit, err := s.highwater(ctx, t.Kind, 0, "baseline", "save", "--output", baseline); err != nil || exit != highwater.ExitOK {
			return r, fmt.Errorf("save the baseline of %s: status %d, %w", t.Kind, exit, err)
		}
	}
	k := all[slices.Index(kinds(), t.Kind)]
	configuration := filepath.Join(s.dir, "highwater.yml")
	if err := os.WriteFile(configuration, []byte(k.configuration(t.Threshold)), 0o600); err != nil {
		return r, err
	}
	file := filepath.Join(s.dir, "report.json")
	_ = os.Remove(file) // an older one must not be taken for this one's
	begun := time.Now()
	exit, err := s.highwater(ctx, t.Kind, t.Change, "gates", "--baseline", baseline, "--config", configuration, "--output", file)
	r.Seconds, r.Exit = time.Since(begun).Seconds(), exit
	if err != nil {
		return r, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return r, fmt.Errorf("the gate ended with status %d and no report: %w", exit, err)
	}
	var doc report.Document
	if err := json.Unmarshal(data, &doc); err != nil || doc.Report == nil || len(doc.Report.Rows) != 1 {
		return r, fmt.Errorf("read the report: %w", err)
	}
	return r, r.take(doc.Report.Rows[0], k.metrics[0])
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
