package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// whole is what came of the unrestricted command: every package, every benchmark, an
// operation each.
type whole struct {
	packages, benchmarks int
	failed               []string // what highwater could not measure, and go test could
	unfit                []string // what fails in go test as well
	written              string   // into the copy
	seconds              float64
}

func (w whole) ok() bool { return w.written == "" && len(w.failed) == 0 }

// String is the cell of the table.
func (w whole) String() string {
	tree, errors := "clean", fmt.Sprint(len(w.failed))
	if w.written != "" {
		tree = "**written**"
	}
	if len(w.failed) > 0 {
		errors = "**" + errors + "**"
	}
	if len(w.unfit) > 0 {
		errors += fmt.Sprintf(" (and %d as in go test)", len(w.unfit))
	}
	return fmt.Sprintf("%d packages, %d benchmarks, errors: %s, %s, %.0f s", w.packages, w.benchmarks, errors, tree, w.seconds)
}

// everything runs highwater gates ./... over the module as it is, and asks go test
// about what could not be measured.
func (r *result) everything(ctx context.Context, highwaterFile, tree, scratch string) error {
	cmd := subject.Command(ctx, tree, highwaterFile, "gates", "./...", "--repeats", "1", "--benchtime", "1x", "--quiet")
	run, err := subject.Run(ctx, cmd, filepath.Join(scratch, "whole.json"))
	if err != nil {
		return err
	}
	w := whole{seconds: run.Seconds}
	built, broken := map[string]bool{}, map[string]bool{}
	for _, row := range run.Report.Rows {
		id := row.Scenario
		if id.Name == "build" { // see driver's failures: the package could not be built or listed
			broken[id.Suite] = true
		} else {
			built[id.Suite] = true
			w.benchmarks++
		}
		if row.Verdict != highwater.VerdictError {
			continue
		}
		line := fmt.Sprintf("%s %s: %s", id.Suite, id.Name, reasons(row))
		if err := plainly(ctx, tree, id, scratch); err != nil {
			w.unfit = append(w.unfit, line+"; "+err.Error())
			continue
		}
		w.failed = append(w.failed, line)
	}
	w.packages = len(built)
	if w.packages+len(broken) == 0 {
		return fmt.Errorf("highwater found no benchmark:\n%s", run.Printed)
	}
	if w.written, err = written(ctx, tree); err != nil {
		return err
	}
	r.whole = w
	return nil
}

// plainly does with go test what highwater could not: builds the package, or runs the
// benchmark once.
func plainly(ctx context.Context, tree string, id highwater.ScenarioInfo, scratch string) error {
	p, err := buildPlain(ctx, tree, id.Suite, scratch)
	if err != nil || id.Name == "build" {
		return err
	}
	_, err = p.figures(ctx, id.Name, 1)
	return err
}
