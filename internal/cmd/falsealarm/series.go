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
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/report"
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
		// Without what differs from build to build, so that a series goes on.
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", n.binary, "github.com/highwater-dev/highwater/cmd/highwater")
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build highwater: %w\n%s", err, out)
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
	if out, err := n.highwater(ctx, "baseline", "save", "--quiet", "--output", n.baseline).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("save the baseline: %w\n%s", err, out)
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
	list := exec.CommandContext(ctx, n.binary, "gates", "--list", "--format", "json", "--scenario", "all")
	list.Dir = os.TempDir()
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the scenarios: %w", err)
	}
	var infos []highwater.ScenarioInfo
	if err := json.Unmarshal(out, &infos); err != nil {
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
	cmd := exec.CommandContext(ctx, n.binary, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its children
	cmd.Dir = n.dir
	cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+filepath.Join(n.dir, "state"))
	return cmd
}

// gate runs the gate once.
func (n *series) gate(ctx context.Context, number int) (result, error) {
	file := filepath.Join(n.dir, "report.json")
	_ = os.Remove(file) // an older one must not be taken for this one's
	cmd := n.highwater(ctx, "gates", "--quiet", "--baseline", n.baseline, "--output", file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	begun := time.Now()
	err := cmd.Run()
	r := result{Key: n.key, Run: number, At: begun.UTC().Truncate(time.Second), Seconds: time.Since(begun).Seconds()}
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		r.Exit = exit.ExitCode()
	} else if err != nil {
		return r, fmt.Errorf("run %s: %w", n.binary, err)
	}
	data, err := os.ReadFile(file)
	if err != nil || r.Exit < 0 || r.Exit > highwater.ExitError {
		return r, fmt.Errorf("gate run %d ended with status %d and no report: %s", number, r.Exit, strings.TrimSpace(stderr.String()))
	}
	var doc report.Document
	if err := json.Unmarshal(data, &doc); err != nil || doc.Report == nil {
		return r, fmt.Errorf("read the report of gate run %d: %w", number, err)
	}
	r.take(doc.Report)
	return r, nil
}
