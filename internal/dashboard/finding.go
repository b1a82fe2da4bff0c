package dashboard

import (
	"fmt"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// finding is a verdict with its reason.
type finding struct {
	Verdict  string   `json:"v"`
	Severity string   `json:"severity,omitempty"`
	Metric   int      `json:"m"` // -1 for none
	Check    string   `json:"check"`
	Label    string   `json:"label,omitempty"`
	Reason   string   `json:"reason"`
	Hint     string   `json:"hint,omitempty"`
	Known    string   `json:"known,omitempty"`
	Command  string   `json:"command,omitempty"`
	Evidence []change `json:"evidence,omitempty"`
}

// change is an allocation site's part.
type change struct {
	Where  int      `json:"w"` // in Frames
	Before float64  `json:"b"`
	After  float64  `json:"a"`
	Share  *float64 `json:"s,omitempty"`
	New    bool     `json:"new,omitempty"`
	Why    string   `json:"why,omitempty"` // what changed in the source, or why it escapes
	Diff   []string `json:"diff,omitempty"`
}

func (d *document) finding(f highwater.Finding) finding {
	v := finding{
		Verdict: string(f.Verdict), Severity: string(f.Severity), Metric: -1, Check: report.Name(f.Check), Label: string(f.Label),
		Reason: report.Sentence(f.Reason), Hint: report.Sentence(f.Hint), Known: report.Sentence(f.Known), Command: report.Sentence(f.Command),
	}
	if m, ok := d.metrics[f.Metric]; ok {
		v.Metric = m
	}
	most := min(d.detail.nodes/4+1, 12)
	for i, e := range f.Evidence {
		if i == most {
			d.thinned("of the sites behind a finding, the first %d are shown", most)
			break
		}
		c := change{Where: d.place(e.Site.Where), Before: float64(e.Before), After: float64(e.After), Share: number(e.Share), New: e.New}
		if e.Escape != "" {
			c.Why = report.Sentence(e.Escape)
		}
		if h := e.Hunk; h != nil && d.detail.nodes >= 36 {
			c.Diff = append(c.Diff, report.Name(fmt.Sprintf("%s:%d", h.File, h.After)))
			for _, l := range h.Lines[:min(len(h.Lines), 12)] {
				c.Diff = append(c.Diff, report.Name(l))
			}
		}
		v.Evidence = append(v.Evidence, c)
	}
	return v
}

// place is the number of a line of source as people call it: the function, and the file.
func (d *document) place(f highwater.Frame) int {
	text := report.ShortFunc(f.Func)
	if p := report.Place(f); p != "" {
		text += " (" + p + ")"
	}
	return d.frame(text)
}
