package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/rogpeppe/go-internal/testscript"
)

// nights fills a store with the results of sixty nights until yesterday, of which the
// truth is known: a step up ten nights ago, a slope that crosses its limit, noise that
// hides anything, a scenario that is new, one that is steady but for a stray, and on
// another branch one that got better.
func nights(path string, commits []string) error {
	ctx := context.Background()
	s, err := history.Open(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	const n = 60
	limit := 2.5e6
	r := rand.New(rand.NewPCG(1, 2))
	begin := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -n)
	for i := range n {
		run := history.Run{
			ID: fmt.Sprintf("20260101-%06d-%04x", i, i), At: begin.AddDate(0, 0, i), Module: "example.com/nights", Branch: "main",
			Commit: commits[min(i/5, len(commits)-1)], GOOS: "linux", GOARCH: "amd64", Scenarios: 5,
		}
		e := history.Entry{Run: run}
		add := func(branch, scenario, metric string, y float64, limit *float64) {
			e.Results = append(e.Results, history.Result{
				Key: highwater.SeriesKey{
					Module: run.Module, Scenario: scenario, Metric: metric, Branch: branch,
					Environment: "linux/amd64 go1.26", Sessions: 1,
				},
				Point: highwater.Point{Run: run.ID, Commit: run.Commit, At: run.At, Center: y, Low: y, High: y, Samples: []float64{y}, Limit: limit},
			})
		}
		peak := 3e6 * (1 + 0.004*r.NormFloat64())
		if i >= 50 {
			peak += 6e5
		}
		add("main", "nightly/stepped", highwater.Peak, peak, nil)
		add("main", "nightly/drifting", highwater.Sustained, 2e6+6e3*float64(i)+8e3*r.NormFloat64(), &limit)
		add("main", "nightly/noisy", highwater.Footprint, 5e7*(1+0.3*r.NormFloat64()), nil)
		steady := 1e6 * (1 + 0.004*r.NormFloat64())
		if i == 30 {
			steady *= 1.3
		}
		add("main", "nightly/steady", highwater.Peak, steady, nil)
		if i >= n-3 {
			add("main", "nightly/fresh", highwater.Peak, 1e6, nil)
		}
		better := 4e6 * (1 + 0.004*r.NormFloat64())
		if i >= 40 {
			better *= 0.7
		}
		add("topic", "nightly/better", highwater.Peak, better, nil)
		if _, err := s.AddEntry(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// nightly is a command of scripts: nightly STORE COMMIT... fills a store.
func nightly(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: nightly STORE COMMIT...")
	}
	ts.Check(nights(ts.MkAbs(args[0]), args[1:]))
}

// remember is a command of scripts: remember STORE REPORT... adds reports to a store.
func remember(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: remember STORE REPORT...")
	}
	s, err := history.Open(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	defer s.Close()
	for _, name := range args[1:] {
		var d report.Document
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &d))
		d.Report.Run = d.Run
		_, err := s.Add(context.Background(), d.Report)
		ts.Check(err)
	}
}

// nights is a module with that history, in a repository that does not have its commits.
func (s *shell) nights() {
	s.stage(map[string]string{"go.mod": "module example.com/nights\n\ngo 1.26.0\n"})
	if err := nights(filepath.Join(s.dir, "state", "history.db"), []string{"3f1c9a7e5b2d4f60718293a4b5c6d7e8f9012345", "8d2e6b1f7a3c4d5e6f708192a3b4c5d6e7f80912"}); err != nil {
		s.t.Fatal(err)
	}
}

func TestNights(t *testing.T) {
	if err := nights(t.TempDir()+"/history.db", []string{"0123456789"}); err != nil {
		t.Fatal(err)
	}
}
