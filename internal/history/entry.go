package history

import (
	"errors"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
)

// What a soak comes to is kept under names of its own: it has no metric of a gate.
// Only soaks whose live memory could be seen have any of them.
const (
	SoakFinal  = "soak_final"     // live memory at the end, of the whole process
	SoakGrowth = "soak_growth"    // its growth after the warm-up, in an hour
	SoakPerOp  = "soak_growth_op" // and in an operation
)

// Unit is the unit of a metric, one of the above included; "" for one that this
// highwater does not know.
func Unit(metric string) highwater.Unit {
	switch metric {
	case SoakFinal:
		return highwater.UnitBytes
	case SoakGrowth:
		return "B/h"
	case SoakPerOp:
		return highwater.UnitBytesPerOp
	}
	m, _ := highwater.MetricByName(metric)
	return m.Unit
}

// Run is what is kept of a run besides its results.
type Run struct {
	ID        string            `json:"run"`
	At        time.Time         `json:"at"` // when it began, to the millisecond
	Tool      string            `json:"tool,omitempty"`
	Module    string            `json:"module,omitempty"`
	Commit    string            `json:"commit,omitempty"`
	Branch    string            `json:"branch,omitempty"`
	Dirty     bool              `json:"dirty,omitempty"`
	Go        string            `json:"go,omitempty"`
	GOOS      string            `json:"goos,omitempty"`
	GOARCH    string            `json:"goarch,omitempty"`
	Verdict   highwater.Verdict `json:"verdict,omitempty"` // as it was judged when it was added
	Scenarios int               `json:"scenarios"`
	// Errors is how many of its measurements failed: nothing of those is in a series.
	Errors  int `json:"errors"`
	Results int `json:"-"` // that the store has of it
}

// Result is a point and the series that it belongs to.
type Result struct {
	Key   highwater.SeriesKey
	Point highwater.Point
}

// Entry is a run with its results.
type Entry struct {
	Run     Run
	Results []Result
}

// Of is what is kept of a judged run: of every scenario and metric that was measured
// the figures that the report has, and the limit that it was held to. A figure that
// may be too small, since not all was seen, is none.
func Of(r *highwater.Report) (Entry, error) {
	run := r.Run
	if run == nil {
		return Entry{}, errors.New("there is no run in the report: nothing was measured, and nothing can be stored")
	}
	env := run.Environment
	e := Entry{Run: Run{
		ID: run.ID, At: run.Created.UTC().Truncate(time.Millisecond), Tool: run.Tool,
		Module: env.Module, Commit: env.Revision, Branch: branch(env.Branch), Dirty: env.Dirty,
		Go: env.Go, GOOS: env.GOOS, GOARCH: env.GOARCH,
		Verdict: r.Verdict, Scenarios: len(run.Scenarios),
	}}
	if src := run.Source; src != nil {
		// What was built is another revision than the one that is checked out.
		if src.Revision != "" && src.Revision != env.Revision {
			e.Run.Branch = ""
		}
		if src.Revision != "" {
			e.Run.Commit = src.Revision
		}
		e.Run.Dirty = src.Dirty || src.Dependency != ""
	}
	partial := map[[2]string]bool{} // scenario and metric of which there may have been more
	for _, m := range run.Measurements {
		if m.Outcome.Status != highwater.StatusOK {
			e.Run.Errors++
		}
		for metric := range m.Incomplete {
			partial[[2]string{m.Scenario, metric}] = true
		}
	}
	for _, row := range r.Rows {
		e.addRow(env, row, partial)
	}
	return e, nil
}

// branch is "" where no branch is checked out, which git calls HEAD.
func branch(name string) string {
	if name == "HEAD" {
		return ""
	}
	return name
}

func (e *Entry) addRow(env highwater.Environment, row highwater.Row, partial map[[2]string]bool) {
	for _, m := range highwater.Metrics() {
		s, ok := row.Summaries[m.Name]
		if !ok || s.N == 0 || partial[[2]string{row.Scenario.ID(), m.Name}] {
			continue
		}
		p := e.point(s.Center, s.Low, s.High)
		p.Samples = s.Samples
		for _, l := range row.Limits {
			if l.Metric == m.Name {
				p.Limit = &l.Bound
			}
		}
		e.add(env, row, m.Name, p)
	}
	if k := row.Soak; k != nil && k.Of == highwater.QuantityLive && k.Course != highwater.CourseShort && k.Course != highwater.CourseUnjudged {
		e.add(env, row, SoakFinal, e.point(float64(k.Final), float64(k.Final), float64(k.Final)))
		e.add(env, row, SoakGrowth, e.point(k.PerHour.Center, k.PerHour.Low, k.PerHour.High))
		if k.PerOp != nil {
			e.add(env, row, SoakPerOp, e.point(k.PerOp.Center, k.PerOp.Low, k.PerOp.High))
		}
	}
}

func (e *Entry) point(center, low, high float64) highwater.Point {
	return highwater.Point{
		Run: e.Run.ID, Commit: e.Run.Commit, Dirty: e.Run.Dirty, At: e.Run.At, Go: e.Run.Go,
		Center: center, Low: low, High: high,
	}
}

func (e *Entry) add(env highwater.Environment, row highwater.Row, metric string, p highwater.Point) {
	e.Results = append(e.Results, Result{highwater.SeriesKey{
		Module: e.Run.Module, Scenario: row.Scenario.ID(), Metric: metric, Branch: e.Run.Branch,
		Environment: gate.EnvironmentKey(env, metric), Sessions: max(row.Scenario.Sessions, 1),
	}, p})
}
