package history

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/highwater-dev/highwater"
)

// Configuration keys of an export in the benchmark format: what the names of benchmarks
// cannot hold. low-, high- and limit- are followed by a metric.
const (
	keyRun         = "highwater-run"
	keyAt          = "highwater-at"
	keyGo          = "highwater-go"
	keyTool        = "highwater-tool"
	keyVerdict     = "highwater-verdict"
	keyScenario    = "highwater-scenario"
	keyEnvironment = "highwater-environment"
	keySessions    = "highwater-sessions"
	keyModule      = "highwater-module"
	keyDirty       = "highwater-dirty"
	keyLow         = "low-"
	keyHigh        = "high-"
	keyLimit       = "limit-"
	keyCommit      = "commit"
	keyBranch      = "branch"
	keyTime        = "commit-time"
	keyPackage     = "pkg"
)

// exportBench writes a block of lines for each result: a block, and not a line for each
// process, since a series knows nothing of the others.
func (s *Store) exportBench(ctx context.Context, w io.Writer, q Query) error {
	runs, err := s.Runs(ctx)
	if err != nil {
		return err
	}
	byID := make(map[string]Run, len(runs))
	for _, r := range runs {
		byID[r.ID] = r
	}
	set := map[string]string{} // configuration as the lines so far have it
	config := func(key, value string) error {
		if set[key] == value {
			return nil
		}
		set[key] = value
		_, err := fmt.Fprintf(w, "%s: %s\n", key, value)
		return err
	}
	units := map[string]bool{}
	return s.Each(ctx, q, func(one highwater.Series) error {
		unit := benchUnit(one.Key.Metric)
		if !units[unit] {
			units[unit] = true
			better := "lower"
			if m, ok := highwater.MetricByName(one.Key.Metric); ok && m.HigherIsBetter {
				better = "higher"
			}
			if _, err := fmt.Fprintf(w, "Unit %s better=%s\n", unit, better); err != nil {
				return err
			}
		}
		for _, p := range one.Points {
			r := byID[p.Run]
			limit := ""
			if p.Limit != nil {
				limit = number(*p.Limit)
			}
			for _, c := range []struct{ key, value string }{
				{"goos", r.GOOS},
				{"goarch", r.GOARCH},
				{keyPackage, one.Key.Module},
				{keyModule, one.Key.Module},
				{keyRun, p.Run},
				{keyAt, p.At.UTC().Format(time.RFC3339Nano)},
				{keyTool, r.Tool},
				{keyVerdict, string(r.Verdict)},
				{keyCommit, p.Commit},
				{keyDirty, flag(p.Dirty)},
				{keyBranch, one.Key.Branch},
				{keyGo, p.Go},
				{keyScenario, one.Key.Scenario},
				{keySessions, strconv.Itoa(one.Key.Sessions)},
				{keyEnvironment, one.Key.Environment},
				{keyLow + one.Key.Metric, number(p.Low)},
				{keyHigh + one.Key.Metric, number(p.High)},
				{keyLimit + one.Key.Metric, limit},
			} {
				if err := config(c.key, c.value); err != nil {
					return err
				}
			}
			samples := p.Samples
			if len(samples) == 0 {
				samples = []float64{p.Center}
			}
			for _, v := range samples {
				if _, err := fmt.Fprintf(w, "%s 1 %s %s\n", benchName(one.Key.Scenario), number(v), unit); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// benchUnit is the unit under which highwater's reports in the benchmark format have a
// metric: peak-B/session. Allocations go by the names that package testing gave them.
func benchUnit(metric string) string {
	unit := Unit(metric)
	switch {
	case metric == highwater.AllocBytes || metric == highwater.Allocs:
		return string(unit)
	case unit == "":
		return metric
	}
	return metric + "-" + string(unit)
}

// metricOf is the other way; "" for a unit that is none of ours.
func metricOf(unit string) string {
	switch unit {
	case string(highwater.UnitBytesPerOp):
		return highwater.AllocBytes
	case string(highwater.UnitAllocsPerOp):
		return highwater.Allocs
	}
	metric, _, _ := strings.Cut(unit, "-")
	if Unit(metric) != "" && benchUnit(metric) == unit {
		return metric
	}
	return ""
}

// benchName makes a scenario's ID the name of a benchmark; the ID itself is in the
// configuration.
func benchName(id string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == '@':
			return '/'
		case unicode.IsSpace(r) || !unicode.IsPrint(r):
			return '_'
		}
		return r
	}, id)
	first, rest := []rune(name)[:1], []rune(name)[1:]
	return "Benchmark" + string(unicode.ToUpper(first[0])) + string(rest)
}
