// Command pressure measures twelve programs and prints, for each, gc_pressure
// with its coefficient of variation, the collector's share of CPU time behind it,
// and its share in natural processes, which use all processors. It exits 1 when
// the two do not rank the programs alike.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/pressure"
	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/target"
)

func main() {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if code, done := measure.ChildMain(pressure.ByID); done {
		os.Exit(code)
	}
	repeats := flag.Int("repeats", 5, "processes of each kind for each program")
	length := flag.Duration("time", 500*time.Millisecond, "length of each natural process")
	flag.Parse()
	os.Exit(run(*repeats, *length))
}

type row struct {
	name             string
	pressure, shares []float64 // of the collector pass
	natural          []float64 // the share in natural processes
}

func run(repeats int, length time.Duration) int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pressure:", err)
		return highwater.ExitError
	}
	var targets []target.Target
	rows := map[string]*row{}
	for _, s := range pressure.Scenarios() {
		info := s.Info()
		info.Omit = map[highwater.Pass]string{highwater.PassExact: "not of interest here"}
		targets = append(targets, target.Target{Info: info, Path: self})
		rows[s.ID()] = &row{name: s.Name}
	}
	failed := false
	err = measure.Run(context.Background(), targets, measure.Options{Repeats: repeats, Time: length, Jobs: 1}, func(m highwater.Measurement) {
		if m.Outcome.Status != highwater.StatusOK {
			fmt.Fprintf(os.Stderr, "pressure: %s: %s\n", m.Scenario, m.Outcome.Detail)
			failed = true
			return
		}
		r := rows[m.Scenario]
		if m.Pass == highwater.PassNatural {
			r.natural = append(r.natural, m.GC.CPUShare)
		} else {
			r.pressure = append(r.pressure, m.Values[highwater.GCPressure])
			r.shares = append(r.shares, m.GC.CPUShare)
		}
	})
	if err != nil || failed {
		fmt.Fprintln(os.Stderr, "pressure: not all programs could be measured", err)
		return highwater.ExitError
	}
	return show(rows)
}

func show(rows map[string]*row) int {
	var list []*row
	for _, r := range rows {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b *row) int { return cmp.Compare(stat.Median(a.natural), stat.Median(b.natural)) })
	fmt.Printf("%-28s %9s %7s  %9s %7s  %9s %7s\n", "program", "pressure", "CV", "share 1P", "CV", "share", "CV")
	var x, y []float64
	for _, r := range list {
		fmt.Printf("%-28s %9.3f %6.1f%%  %8.2f%% %6.1f%%  %8.2f%% %6.1f%%\n", r.name, stat.Median(r.pressure), cv(r.pressure),
			100*stat.Median(r.shares), cv(r.shares), 100*stat.Median(r.natural), cv(r.natural))
		x, y = append(x, stat.Median(r.natural)), append(y, stat.Median(r.shares))
	}
	tau := stat.Kendall(x, y)
	fmt.Printf("Kendall's tau between the rankings: %.3f\n", tau)
	if tau < 0.9 {
		return highwater.ExitFail
	}
	return highwater.ExitOK
}

// cv is the coefficient of variation in percent.
func cv(xs []float64) float64 {
	if m := stat.Mean(xs); m != 0 {
		return 100 * stat.SD(xs) / m
	}
	return 0
}
