package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/highwater-dev/highwater"
)

// Document is the JSON form of a report: the judgement and the run that was
// judged. docs/schema/report-1.json describes it. Commands that read Run files
// read it too.
type Document struct {
	// Schema is the version of this document, 1.
	Schema int `json:"schema"`
	// Report is the judgement.
	Report *highwater.Report `json:"report"`
	// Run is all that was measured. It is absent where a report was made
	// without one.
	Run *highwater.Run `json:"run,omitempty"`
	// Baseline is what the run was compared with, as far as the report is about it, so
	// that the report can be judged again where the baseline is not at hand.
	Baseline *highwater.Run `json:"baseline,omitempty"`
}

// DocumentSchema is the version of the documents that this code writes.
const DocumentSchema = 1

const maxIndented = 8 << 20

// JSON renders a [Document], indented unless it is of megabytes, of which nobody reads the
// most, and half would be blanks. Lists are arrays even when they are
// empty, and maps are sorted, so that equal reports give equal bytes.
type JSON struct{}

var _ highwater.Reporter = JSON{}

// Render implements [highwater.Reporter].
func (JSON) Render(w io.Writer, r *highwater.Report) error {
	d := document(r)
	data, err := json.Marshal(d)
	if err == nil && len(data) <= maxIndented {
		data, err = json.MarshalIndent(d, "", "  ")
	}
	if err != nil {
		return fmt.Errorf("rendering the report as JSON: %w", err)
	}
	_, err = w.Write(append(jsonSafe(data), '\n'))
	return err
}

// document copies as much of the report as it takes to have no null in it.
func document(r *highwater.Report) Document {
	c := *r
	c.Rows = append([]highwater.Row{}, r.Rows...)
	c.Findings = append([]highwater.Finding{}, r.Findings...)
	for i := range c.Rows {
		row := &c.Rows[i]
		row.Limits = append([]highwater.Limit{}, row.Limits...)
		row.Findings = append([]highwater.Finding{}, row.Findings...)
		if row.Summaries == nil {
			row.Summaries = map[string]highwater.Summary{}
		}
	}
	d := Document{Schema: DocumentSchema, Report: &c}
	if r.Run != nil {
		d.Run = runDocument(r.Run)
	}
	if r.Baseline != nil {
		d.Baseline = runDocument(of(r, r.Baseline))
	}
	return d
}

// of leaves of a baseline what the report is about: its rows, and what it calls missing.
// What nobody asked for would be missing when the report is judged again.
func of(r *highwater.Report, baseline *highwater.Run) *highwater.Run {
	about := map[string]bool{}
	for i := range r.Rows {
		about[r.Rows[i].Scenario.ID()] = true
	}
	for _, f := range r.Findings {
		about[f.Scenario] = true
	}
	c := *baseline
	c.Scenarios, c.Measurements, c.Skipped = nil, nil, nil
	for _, s := range baseline.Scenarios {
		if about[s.ID()] {
			c.Scenarios = append(c.Scenarios, s)
		}
	}
	for _, m := range baseline.Measurements {
		if about[m.Scenario] {
			c.Measurements = append(c.Measurements, m)
		}
	}
	return &c
}

func runDocument(r *highwater.Run) *highwater.Run {
	run := *r
	run.Scenarios = append([]highwater.ScenarioInfo{}, run.Scenarios...)
	run.Measurements = append([]highwater.Measurement{}, run.Measurements...)
	for i := range run.Measurements {
		run.Measurements[i].Soak = soakDocument(run.Measurements[i].Soak)
	}
	return &run
}

// soakDocument is the same for the series of a soak.
func soakDocument(s *highwater.Soak) *highwater.Soak {
	if s == nil {
		return nil
	}
	c := *s
	c.Points = append([]highwater.SoakPoint{}, c.Points...)
	c.Sites = append([]highwater.SiteSeries(nil), c.Sites...)
	for i := range c.Sites {
		c.Sites[i].Bytes = append([]int64{}, c.Sites[i].Bytes...)
	}
	c.Goroutines = append([]highwater.GoroutineSeries(nil), c.Goroutines...)
	for i := range c.Goroutines {
		c.Goroutines[i].Counts = append([]int{}, c.Goroutines[i].Counts...)
	}
	return &c
}
