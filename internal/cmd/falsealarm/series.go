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

// series is one binary's gate runs of the same scenarios.
type series struct {
	binary   string
	patterns []string
	key      string
	results  string
	baseline string
	dir      string // working directory, without any configuration
}

// mix are quick scenarios of every suite. Those that the binary does not have are left
// out.
var mix = []string{
	"terminal_operations/cursor_operations", "terminal_operations/resize_storm", "plugin_system/single_load",
	"plugin_system/event_dispatch", "load_testing/high_frequency_updates", "load_testing/session_churn",
}

// prepare builds the binary and saves the baseline, where that is not done already.
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
	n.baseline = strings.TrimSuffix(n.results, filepath.Ext(n.results)) + ".baseline.json"
	for _, dir := range []string{n.dir, filepath.Dir(n.results)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	if _, err := os.Stat(n.baseline); err == nil {
		return n, nil
	}
	saved, err := subject.Run(ctx, n.highwater(ctx, "baseline", "save", "--quiet", "--output", n.baseline), "")
	if err == nil && saved.Exit != highwater.ExitOK {
		err = fmt.Errorf("status %d\n%s", saved.Exit, saved.Printed)
	}
	if err != nil {
		return nil, fmt.Errorf("save the baseline: %w", err)
	}
	return n, nil
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
func (n *series) gate(ctx context.Context, number int) (result, error) {
	r := result{Key: n.key, Run: number, At: time.Now().UTC().Truncate(time.Second)}
	run, err := subject.Run(ctx, n.highwater(ctx, "gates", "--quiet", "--baseline", n.baseline), filepath.Join(n.dir, "report.json"))
	if err != nil {
		return r, fmt.Errorf("gate run %d: %w", number, err)
	}
	r.Seconds, r.Exit = run.Seconds, run.Exit
	r.take(run.Report)
	return r, nil
}
