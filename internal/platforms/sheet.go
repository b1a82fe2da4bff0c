package platforms

import (
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
)

// Schema is the version of a Sheet's JSON form.
const Schema = 1

// Options say what the runs are held against.
type Options struct {
	By []Key
	// Thresholds say which differences are large; nil means the metrics' own.
	Thresholds func(id, metric string) highwater.Threshold
	// All adds the metrics that are not judged.
	All bool
}

func (o Options) threshold(info highwater.ScenarioInfo, m highwater.Metric) highwater.Threshold {
	t := m.Relative
	if o.Thresholds != nil {
		t = o.Thresholds(info.ID(), m.Name)
	}
	return m.Applied(t, info)
}

// Sheet is several runs side by side. All differences are those to the first column.
type Sheet struct {
	Schema  int      `json:"schema"`
	By      []string `json:"by"`
	Columns []Column `json:"columns"`
	Tables  []Table  `json:"tables"`
	// Comparisons are those that share one false-alarm rate of 5 %.
	Comparisons int      `json:"comparisons"`
	Notes       []string `json:"notes,omitempty"`
	// Incomplete says that something is missing or could not be measured, for no reason
	// that the platform gives.
	Incomplete bool `json:"incomplete"`
	// Conclusion says in one sentence what came of it.
	Conclusion string `json:"conclusion"`
}

// Table is one metric of all scenarios.
type Table struct {
	Metric string `json:"metric"`
	Unit   string `json:"unit"`
	Rows   []Row  `json:"rows"`
	// Typical is how the scenarios go from the first column to each, in the order of the
	// columns; nil for the first, and where fewer than [fewest] scenarios tell.
	Typical []*Typical `json:"typical,omitempty"`

	metric highwater.Metric
}

// Row is one scenario.
type Row struct {
	Scenario string `json:"scenario"`
	Cells    []Cell `json:"cells"` // in the order of the columns
}

// Interval is an estimate and the interval that goes with it.
type Interval struct {
	Center float64 `json:"center"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// State says whether a platform has a figure.
type State string

// The states of a cell.
const (
	Measured    State = "measured"
	Unsupported State = "unsupported" // this platform cannot measure it
	Missing     State = "missing"     // it should be there and is not
	Failed      State = "failed"      // the process did not end well
	Left        State = "left out"    // on purpose: the scenario omits the pass, or has no such figure
)

// Cell is a metric of a scenario on one platform.
type Cell struct {
	State  State  `json:"state"`
	Reason string `json:"reason,omitempty"` // of any other state than measured
	// Summary is the figure, its interval of 95 % and its samples.
	Summary *highwater.Summary `json:"summary,omitempty"`
	// Difference is that to the first column, where the two can be compared.
	Difference *Difference `json:"difference,omitempty"`
	// NotCompared is why there is no difference although there are two figures.
	NotCompared string `json:"not_compared,omitempty"`
	// Differently says that the scenario does not go the way that the others go.
	Differently *Differently `json:"differently,omitempty"`

	scenario highwater.ScenarioInfo
}

// Analyse sets the runs side by side. The error says which runs cannot be, and what to
// do about it.
func Analyse(sources []Source, o Options) (Sheet, error) {
	s := Sheet{Schema: Schema}
	for _, k := range o.By {
		s.By = append(s.By, k.Name)
	}
	var err error
	if s.Columns, err = columns(sources, o.By); err != nil {
		return s, err
	}
	told := map[string][]gate.Told{}
	ids := s.scenarios()
	for _, id := range ids {
		for _, c := range s.Columns {
			told[id] = append(told[id], gate.Tell(c.runs(), id))
		}
	}
	for _, m := range highwater.Metrics() {
		if m.Relative.IsZero() && !m.Exact && !o.All {
			continue
		}
		t := Table{Metric: m.Name, Unit: string(m.Unit), metric: m}
		some := false
		for _, id := range ids {
			row := Row{Scenario: id}
			for _, one := range told[id] {
				c := cell(m, one, told[id])
				some = some || c.State == Measured || c.State == Unsupported
				row.Cells = append(row.Cells, c)
			}
			t.Rows = append(t.Rows, row)
		}
		if some {
			s.Tables = append(s.Tables, t)
		}
	}
	s.compare(o)
	s.interactions()
	s.notes()
	s.conclude()
	return s, nil
}

// scenarios are those of all columns, in the order in which they are first met.
func (s *Sheet) scenarios() []string {
	var ids []string
	for _, c := range s.Columns {
		for _, r := range c.runs() {
			for _, info := range r.Scenarios {
				if id := info.ID(); !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// notThere is the reason of all cells of a scenario that a column does not have.
const notThere = "the scenario is not in the run"

// cell is what a column tells of a metric. All is what every column tells of the scenario:
// an optional metric that none of them has is missing nowhere.
func cell(m highwater.Metric, t gate.Told, all []gate.Told) Cell {
	c := Cell{scenario: t.Scenario}
	why, unsupported := t.Unsupported[m.Name]
	omitted, left := t.Scenario.Omit[m.Pass]
	elsewhere := slices.ContainsFunc(all, func(o gate.Told) bool { _, ok := o.Summaries[m.Name]; return ok })
	switch s, ok := t.Summaries[m.Name]; {
	case ok:
		c.State, c.Summary = Measured, &s
	case t.Scenario.Name == "":
		c.State, c.Reason = Missing, notThere
	case unsupported:
		c.State, c.Reason = Unsupported, why
	case left:
		c.State, c.Reason = Left, fmt.Sprintf("the scenario omits the %s pass: %s", m.Pass, omitted)
	case t.Scenario.Lacks[m.Name] != "":
		c.State, c.Reason = Left, t.Scenario.Lacks[m.Name]
	case t.Failed != "":
		c.State, c.Reason = Failed, t.Failed
	case m.Optional && !elsewhere, t.Scenario.Outside && !m.Outside():
		c.State, c.Reason = Left, "the scenario has no such figure"
	default:
		c.State, c.Reason = Missing, fmt.Sprintf("the %s pass did not yield it", m.Pass)
	}
	return c
}

// each calls f for every cell but those of the first column, with that one of its row.
func (s *Sheet) each(f func(t *Table, row, column int, first, c *Cell)) {
	for i := range s.Tables {
		t := &s.Tables[i]
		for r := range t.Rows {
			for k := 1; k < len(s.Columns); k++ {
				f(t, r, k, &t.Rows[r].Cells[0], &t.Rows[r].Cells[k])
			}
		}
	}
}
