package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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
	whole      whole
}

// benchmark is a benchmark as highwater and as go test measured it.
type benchmark struct {
	pkg, name string
	ours      figures
	plain     []figures // of fresh processes

	peak    int64 // of the live heap, in highwater's exact pass
	sampled int64 // the same, by the sampler, less what it sees of an empty benchmark
	empty   int64 // that
	checked bool  // sampled was taken
}

// Each benchmark is run by plain go test so many times, each in a fresh process, and
// where highwater's figure is off so many times in all: a difference that go test shows
// by itself one time in ten is seen then. So many benchmarks of each module have their peaks checked: those with
// the largest, as a share of a small one says little.
const (
	plainRuns = 3
	mostRuns  = 20
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
	say("highwater gates ./...")
	if err := r.everything(ctx, highwaterFile, tree, scratch); err != nil {
		return r, err
	}
	say("highwater gates")
	report := filepath.Join(scratch, "report.json")
	doc, seconds, err := r.gates(ctx, highwaterFile, tree, report, r.Bench, r.Ops)
	if err != nil {
		return r, err
	}
	r.seconds = seconds
	if n := len(doc.Rows); n != r.Benchmarks {
		return r, fmt.Errorf("the pattern %s selects %d benchmarks, and is to select %d", r.Bench, n, r.Benchmarks)
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
	say("peaks")
	if err := r.checkPeaks(ctx, highwaterFile, tree, scratch); err != nil {
		return r, err
	}
	return r, os.RemoveAll(dir)
}

// gates runs highwater over the module, and returns its report and the seconds that it
// took.
func (r *result) gates(ctx context.Context, highwaterFile, tree, file, bench string, ops int) (*highwater.Report, float64, error) {
	packages := r.Packages
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	args := append([]string{"gates"}, packages...)
	args = append(args, "--bench", bench, "--benchtime", strconv.Itoa(ops)+"x", "--repeats", "1", "--quiet")
	run, err := subject.Run(ctx, subject.Command(ctx, tree, highwaterFile, args...), file)
	if err == nil && len(run.Report.Rows) == 0 {
		err = fmt.Errorf("highwater measured nothing:\n%s", run.Printed)
	}
	return run.Report, run.Seconds, err
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
		err := b.plainly(ctx, p, r.Ops, plainRuns)
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
		if verdict, _ := b.worst(); verdict == disagree && r.Differ[b.name] == "" {
			if err := b.plainly(ctx, p, r.Ops, mostRuns); err != nil {
				return err
			}
		}
		r.benchmarks = append(r.benchmarks, b)
	}
	return nil
}

// plainly runs the benchmark by plain go test until there are so many results.
func (b *benchmark) plainly(ctx context.Context, p plain, ops, runs int) error {
	for len(b.plain) < runs {
		f, err := p.figures(ctx, b.name, ops)
		if err != nil {
			return err
		}
		b.plain = append(b.plain, f)
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
