package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
)

// Bench renders the run's measurements in the Go benchmark format, which
// benchstat and golang.org/x/perf/benchfmt read
// (https://go.dev/design/14313-benchmark-format). Every process that ended well
// is a line with the metrics that its pass yields, so that benchstat sees the
// repeats of each metric and no figure of another kind of process. A soak is a line
// with what it came to; its series have no form here, see [JSON].
type Bench struct{}

var _ highwater.Reporter = Bench{}

// Render implements [highwater.Reporter].
func (Bench) Render(w io.Writer, r *highwater.Report) error {
	if r.Run == nil {
		return fmt.Errorf("rendering the report in the benchmark format: it has no run, and so no measurements")
	}
	var b strings.Builder
	e := r.Run.Environment
	for _, c := range []struct{ key, value string }{{"goos", e.GOOS}, {"goarch", e.GOARCH}, {"pkg", e.Module}, {"cpu", e.CPU}} {
		if v := strings.TrimSpace(clean(c.value)); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", c.key, v)
		}
	}
	names := benchNames(r.Run.Scenarios)
	var lines []string
	used := map[string]bool{}
	for _, m := range r.Run.Measurements {
		values := benchValues(m, used)
		if benchmark, ok := names[m.Scenario]; ok && values != "" {
			lines = append(lines, benchmark+" 1"+values)
		}
	}
	// What is better is told of the units that follow, so that benchstat can
	// say which change is for the worse.
	for _, m := range highwater.Metrics() {
		if used[m.Name] {
			better := "lower"
			if m.HigherIsBetter {
				better = "higher"
			}
			fmt.Fprintf(&b, "Unit %s better=%s\n", benchUnit(m), better)
		}
	}
	soaks := benchSoaks(r, names)
	if len(soaks) > 0 {
		for _, unit := range soakUnits {
			fmt.Fprintf(&b, "Unit %s better=lower\n", unit)
		}
	}
	for _, l := range append(lines, soaks...) {
		b.WriteString(l + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// benchValues renders what a process yielded as value-unit pairs.
func benchValues(m highwater.Measurement, used map[string]bool) string {
	if m.Outcome.Status != highwater.StatusOK {
		return "" // nothing that it measured counts
	}
	var b strings.Builder
	for _, metric := range highwater.Metrics() {
		if v, ok := m.Values[metric.Name]; ok && metric.Pass == m.Pass {
			fmt.Fprintf(&b, " %s %s", strconv.FormatFloat(v, 'f', -1, 64), benchUnit(metric))
			used[metric.Name] = true
		}
	}
	return b.String()
}

var soakUnits = []string{"soak-final-B", "soak-growth-B/h", "soak-growth-B/op"}

// benchSoaks renders what each soak came to. One too short to be judged has no
// growth.
func benchSoaks(r *highwater.Report, names map[string]string) []string {
	var lines []string
	for _, row := range soakRows(r) {
		benchmark, ok := names[row.Scenario.ID()]
		if !ok || row.Soak.Course == highwater.CourseShort {
			continue
		}
		text := fmt.Sprintf("%s %d %d %s", benchmark, max(row.Soak.Ops, 1), row.Soak.Final, soakUnits[0])
		values := []float64{row.Soak.PerHour.Center}
		if row.Soak.PerOp != nil {
			values = append(values, row.Soak.PerOp.Center)
		}
		for i, v := range values {
			if finite(v) {
				text += " " + strconv.FormatFloat(v, 'f', -1, 64) + " " + soakUnits[i+1]
			}
		}
		lines = append(lines, text)
	}
	return lines
}

// benchUnit is the metric's name and unit, as in peak-B/session. Allocations go
// by the names that package testing gave them.
func benchUnit(m highwater.Metric) string {
	if m.Name == highwater.AllocBytes || m.Name == highwater.Allocs {
		return string(m.Unit)
	}
	return m.Name + "-" + string(m.Unit)
}

// benchNames gives each scenario the name of a benchmark:
// BenchmarkTerminal_operations/scrollback/midterm. Names that become the same
// are numbered, as package testing does with sub-benchmarks.
func benchNames(scenarios []highwater.ScenarioInfo) map[string]string {
	names := map[string]string{}
	taken := map[string]bool{}
	for _, s := range scenarios {
		var parts []string
		for _, part := range []string{s.Suite, s.Name, s.Variant} {
			if part != "" {
				parts = append(parts, benchName(part))
			}
		}
		unique := "Benchmark" + capital(strings.TrimPrefix(strings.Join(parts, "/"), "Benchmark"))
		base := unique
		for n := 1; taken[unique]; n++ {
			unique = fmt.Sprintf("%s#%02d", base, n)
		}
		taken[unique] = true
		names[s.ID()] = unique
	}
	return names
}

// capital makes the first letter one, which the name of a benchmark needs.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
