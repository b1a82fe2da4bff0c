package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/config"
)

// series is one binary's gate runs of the same scenarios, against one baseline after
// the other.
type series struct {
	binary   string
	patterns []string
	key      string
	results  string
	dir      string // working directory, without any configuration
}

// mix are quick scenarios of every suite. Those that the binary does not have are left
// out.
var mix = []string{
	"terminal_operations/cursor_operations", "terminal_operations/resize_storm", "plugin_system/single_load",
	"plugin_system/event_dispatch", "load_testing/high_frequency_updates", "load_testing/session_churn",
}

// prepare builds the binary, where that is not done already.
func prepare(ctx context.Context, s settings) (*series, error) {
	cache, err := ledger.Dir("falsealarm")
	if err != nil {
		return nil, err
	}
	n := &series{binary: s.binary}
	if n.binary == "" {
		n.binary = filepath.Join(cache, "highwater")
		// What is built again is the same file, so that a series goes on.
		if err := subject.Build(ctx, n.binary); err != nil {
			return nil, err
		}
	} else if n.binary, err = filepath.Abs(n.binary); err != nil {
		return nil, err
	}
	if n.patterns, err = n.choose(ctx, s); err != nil {
		return nil, err
	}
	if n.key, err = ledger.Key(n.binary, n.patterns...); err != nil {
		return nil, err
	}
	n.results, n.dir = s.results, filepath.Join(cache, n.key)
	if n.results == "" {
		n.results = filepath.Join(n.dir, "results.jsonl")
	}
	if n.results, err = filepath.Abs(n.results); err != nil {
		return nil, err
	}
	for _, dir := range []string{n.dir, filepath.Dir(n.results)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// next makes the run after those that are done. The runs of a baseline that an
// interrupted series had begun are completed with it: its file is kept beside the
// results.
func (n *series) next(ctx context.Context, done []result, each int) (result, error) {
	number := baselineOf(done, each)
	file := fmt.Sprintf("%s.baseline-%d.json", strings.TrimSuffix(n.results, filepath.Ext(n.results)), number)
	if _, err := os.Stat(file); err != nil {
		fmt.Fprintf(os.Stderr, "baseline %d\n", number)
		saved, err := subject.Run(ctx, n.highwater(ctx, "baseline", "save", "--quiet", "--output", file), "")
		if err == nil && saved.Exit != highwater.ExitOK {
			err = fmt.Errorf("status %d\n%s", saved.Exit, saved.Printed)
		}
		if err != nil {
			return result{}, fmt.Errorf("save baseline %d: %w", number, err)
		}
	}
	r, err := n.gate(ctx, len(done)+1, file)
	r.Baseline = number
	return r, err
}

// baselineOf is the number of the baseline for the run after those that are done:
// that of the last of them until it has had its runs, and then a new one. Results
// without a number are of a version that had one baseline for all runs, which was
// the first.
func baselineOf(done []result, each int) int {
	if len(done) == 0 {
		return 1
	}
	last := done[len(done)-1].baseline()
	runs := 0
	for _, r := range done {
		if r.baseline() == last {
			runs++
		}
	}
	if runs >= each {
		last++
	}
	return last
}

// choose returns the patterns of the scenarios, all of which the binary has.
func (n *series) choose(ctx context.Context, s settings) ([]string, error) {
	if s.all {
		return []string{"all"}, nil
	}
	if s.scenarios != "" {
		return strings.Split(s.scenarios, ","), nil
	}
	out, err := subject.Output(ctx, os.TempDir(), n.binary, "gates", "--list", "--format", "json", "--scenario", "all")
	if err != nil {
		return nil, fmt.Errorf("list the scenarios: %w", err)
	}
	var infos []highwater.ScenarioInfo
	if err := json.Unmarshal([]byte(out), &infos); err != nil {
		return nil, fmt.Errorf("list the scenarios: %w", err)
	}
	var there []string
	for _, pattern := range mix {
		if slices.ContainsFunc(infos, func(i highwater.ScenarioInfo) bool { return config.Match(pattern, i.ID()) }) {
			there = append(there, pattern)
		}
	}
	if len(there) == 0 {
		return nil, errors.New("the binary has none of the usual scenarios: name some with -scenarios")
	}
	return there, nil
}

// highwater is a run of the binary on the scenarios, with a state directory of its own
// and no configuration.
func (n *series) highwater(ctx context.Context, args ...string) *exec.Cmd {
	for _, p := range n.patterns {
		args = append(args, "--scenario", p)
	}
	cmd := subject.Command(ctx, n.dir, n.binary, args...)
	cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+filepath.Join(n.dir, "state"))
	return cmd
}

// gate runs the gate once.
func (n *series) gate(ctx context.Context, number int, baseline string) (result, error) {
	r := result{Key: n.key, Run: number, At: time.Now().UTC().Truncate(time.Second)}
	run, err := subject.Run(ctx, n.highwater(ctx, "gates", "--quiet", "--baseline", baseline), filepath.Join(n.dir, "report.json"))
	if err != nil {
		return r, fmt.Errorf("gate run %d: %w", number, err)
	}
	r.Seconds, r.Exit = run.Seconds, run.Exit
	r.take(run.Report)
	return r, nil
}
