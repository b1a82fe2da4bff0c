package dashboard

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/report"
)

// advice is one change that would save something.
type advice struct {
	Title    string   `json:"title"`
	Severity string   `json:"severity"`
	Saves    string   `json:"saves,omitempty"`
	How      string   `json:"how"`
	Found    string   `json:"found"`
	Evidence []string `json:"evidence,omitempty"`
	Where    []int    `json:"where,omitempty"`
}

// advise adds what the measurements support, by the rules of debug optimize. The source
// is not at hand here, so what needs it is not looked for.
func (d *document) advise() {
	if d.report.Run == nil {
		return
	}
	for i := range d.report.Rows {
		s := &d.Scenarios[i]
		ms := d.report.Run.Of(d.report.Rows[i].Scenario.ID())
		if len(ms) == 0 {
			continue
		}
		e := advise.Evidence{Measurements: ms, Module: d.report.Env.Module, NoCode: "the page is made without the source", NoEscapes: "the page is made without the source", NoStructs: "the page is made without the executable"}
		all := advise.Advise(e)
		for k, a := range all {
			if k == d.detail.advice {
				d.thinned("of the recommendations on a scenario the %d weightiest are here; `highwater debug optimize` has all", d.detail.advice)
				break
			}
			s.Advice = append(s.Advice, d.advice(a))
		}
		if len(all) == 0 && d.detail.advice > 4 {
			for _, g := range advise.Gaps(e) {
				s.Gaps = append(s.Gaps, report.Sentence(fmt.Sprintf("%s: %s", kinds(g.Kinds), g.Why)))
			}
		}
	}
}

func (d *document) advice(a advise.Advice) advice {
	v := advice{Title: report.Sentence(a.Title), Severity: string(a.Severity), How: report.Sentence(a.How), Found: report.Sentence(a.Found)}
	switch {
	case !a.Known:
	case a.SavedBytes > 0:
		v.Saves = highwater.FormatBytes(float64(a.SavedBytes)) + " live"
	case a.SavedAllocBytes > 0:
		v.Saves = highwater.FormatBytes(a.SavedAllocBytes) + " allocated per " + string(a.Per)
	case a.SavedObjects > 0:
		v.Saves = fmt.Sprintf("%.3g objects per %s", a.SavedObjects, a.Per)
	case a.SavedCPU > 0:
		v.Saves = fmt.Sprintf("%.1f %% of the CPU time", a.SavedCPU*100)
	}
	for _, e := range a.Evidence[:min(len(a.Evidence), d.detail.advice)] {
		v.Evidence = append(v.Evidence, report.Sentence(e))
	}
	for _, f := range a.Lines[:min(len(a.Lines), 3)] {
		v.Where = append(v.Where, d.place(f))
	}
	return v
}

func kinds(all []advise.Kind) string {
	var words []string
	for _, k := range all {
		words = append(words, string(k))
	}
	return strings.Join(words, ", ")
}
