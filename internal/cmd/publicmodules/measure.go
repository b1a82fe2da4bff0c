package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// result is what was found out about a module.
type result struct {
	module
	benchmarks []benchmark
	failed     []string // what highwater could not measure, and go test could
	unfit      []string // what fails in go test as well
	unchecked  []string // peaks that the sampler could not see
	written    string   // by highwater into the copy
	seconds    float64  // that highwater took, its builds included
}

// benchmark is a benchmark as highwater and as go test measured it.
type benchmark struct {
	pkg, name string
	ours      figures
	plain     []figures // of fresh processes

	peak    int64 // of the live heap, in highwater's exact pass
	sampled int64 // the same, by the sampler
	checked bool  // sampled was taken
}

// Each benchmark is run by plain go test so many times, each in a fresh process,
// and so many benchmarks of each module have their peaks checked: those with
// the largest, as a share of a small one says little.
const (
	plainRuns = 3
	peaks     = 2
)

// measure does all that is done with a module, in folders below dir.
func (m module) measure(ctx context.Context, highwaterFile, dir string, say func(string)) (result, error) {
	r := result{module: m}
	tree, scratch := filepath.Join(dir, "tree"), filepath.Join(dir, "scratch")
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return r, err
	}
	say("fetching")
	if err := m.fetch(ctx, tree); err != nil {
		return r, err
	}
	say("highwater gates")
	doc, err := r.gates(ctx, highwaterFile, tree, filepath.Join(scratch, "report.json"))
	if err != nil {
		return r, err
	}
	if r.written, err = written(ctx, tree); err != nil {
		return r, err
	}
	if m.ReadOnly {
		if err := writable(tree, true); err != nil {
			return r, err
		}
	}
	say("go test")
	if err := r.compare(ctx, doc, tree, scratch); err != nil {
		return r, err
	}
	return r, os.RemoveAll(dir)
}

// gates runs highwater over the module, and returns its report.
func (r *result) gates(ctx context.Context, highwaterFile, tree, file string) (*highwater.Report, error) {
	packages := r.Packages
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	args := append([]string{"gates"}, packages...)
	args = append(args, "--bench", r.Bench, "--benchtime", strconv.Itoa(r.Ops)+"x", "--repeats", "1", "--quiet")
	run, err := subject.Run(ctx, subject.Command(ctx, tree, highwaterFile, args...), file)
	if err == nil && len(run.Report.Rows) == 0 {
		err = fmt.Errorf("highwater measured nothing:\n%s", run.Printed)
	}
	r.seconds = run.Seconds
	return run.Report, err
}

// compare measures with plain go test what highwater has measured.
func (r *result) compare(ctx context.Context, doc *highwater.Report, tree, scratch string) error {
	for _, f := range doc.Findings {
		if f.Verdict == highwater.VerdictError {
			r.failed = append(r.failed, f.Scenario+": "+f.Reason)
		}
	}
	built := map[string]plain{}
	for _, row := range doc.Rows {
		p, ok := built[row.Scenario.Suite]
		if !ok {
			var err error
			if p, err = buildPlain(ctx, tree, row.Scenario.Suite, scratch); err != nil {
				return err
			}
			built[row.Scenario.Suite] = p
		}
		b := benchmark{pkg: row.Scenario.Suite, name: row.Scenario.Name}
		var err error
		for range plainRuns {
			var f figures
			if f, err = p.figures(ctx, row.Scenario.Name, r.Ops); err != nil {
				break
			}
			b.plain = append(b.plain, f)
		}
		bytesOp, hasBytes := row.Summaries["alloc_bytes"]
		allocs, hasAllocs := row.Summaries["allocs"]
		switch {
		case err != nil:
			r.unfit = append(r.unfit, err.Error())
			continue
		case row.Verdict == highwater.VerdictError, !hasBytes, !hasAllocs, row.PeakParts == nil:
			r.failed = append(r.failed, fmt.Sprintf("%s: %s %s", b.name, row.Verdict, reasons(row)))
			continue
		}
		b.ours = figures{bytesOp.Center, allocs.Center}
		b.peak = row.PeakParts.Heap
		r.benchmarks = append(r.benchmarks, b)
	}
	return r.checkPeaks(ctx, tree, scratch)
}

// checkPeaks checks the largest peaks of the module.
func (r *result) checkPeaks(ctx context.Context, tree, scratch string) error {
	built := map[string]plain{}
	byPeak := make([]*benchmark, len(r.benchmarks))
	for i := range r.benchmarks {
		byPeak[i] = &r.benchmarks[i]
	}
	slices.SortFunc(byPeak, func(a, b *benchmark) int { return int(b.peak - a.peak) })
	for _, b := range byPeak[:min(peaks, len(byPeak))] {
		p, ok := built[b.pkg]
		if !ok {
			var err error
			if p, err = buildSampled(ctx, tree, b.pkg, scratch); err != nil {
				return err
			}
			built[b.pkg] = p
		}
		var err error
		if b.sampled, err = p.peak(ctx, b.name, r.Ops, scratch); err != nil {
			r.unchecked = append(r.unchecked, fmt.Sprintf("%s: %v", b.name, err))
			continue
		}
		b.checked = true
	}
	return nil
}

func reasons(row highwater.Row) string {
	var all []string
	for _, f := range row.Findings {
		if f.Verdict == highwater.VerdictError {
			all = append(all, f.Reason)
		}
	}
	return strings.Join(all, "; ")
}
