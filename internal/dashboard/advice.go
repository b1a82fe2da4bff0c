package dashboard

import (
	"fmt"
	"slices"
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
	Source   []string `json:"source,omitempty"` // around the first of Where
}

// process is what was advised on that is no scenario of the page.
type process struct {
	Name   string   `json:"name"`
	How    string   `json:"how,omitempty"`
	Advice []advice `json:"advice"`
	Gaps   []string `json:"gaps,omitempty"`
	Failed []string `json:"failed,omitempty"`
}

// advise adds what the measurements support, by the rules of debug optimize. The source
// is not at hand here, so what needs it is not looked for; a result of debug optimize, which
// has it, is taken as it is.
func (d *document) advise(given []advise.Subject) {
	used := make([]bool, len(given))
	for i := range d.report.Rows {
		s := &d.Scenarios[i]
		id := d.report.Rows[i].Scenario.ID()
		if at := slices.IndexFunc(given, func(g advise.Subject) bool { return g.Name == id }); at >= 0 {
			used[at], s.Advised = true, true
			s.Advice = d.weightiest(given[at].Advice)
			s.Gaps = gaps(given[at].Gaps)
			continue
		}
		if d.report.Run == nil {
			continue
		}
		ms := d.report.Run.Of(id)
		if len(ms) == 0 {
			continue
		}
		e := advise.Evidence{Measurements: ms, Module: d.report.Env.Module, NoCode: "the page is made without the source", NoEscapes: "the page is made without the source", NoStructs: "the page is made without the executable"}
		s.Advice = d.weightiest(advise.Advise(e))
		if len(s.Advice) == 0 && d.detail.advice > 4 {
			s.Gaps = gaps(advise.Gaps(e))
		}
	}
	for i, g := range given {
		if used[i] {
			continue
		}
		p := process{Name: report.Name(g.Name), How: report.Sentence(g.How), Advice: []advice{}, Gaps: gaps(g.Gaps)}
		p.Advice = append(p.Advice, d.weightiest(g.Advice)...)
		for _, f := range g.Failed {
			p.Failed = append(p.Failed, report.Sentence(f))
		}
		d.Processes = append(d.Processes, p)
	}
}

// weightiest are as many as the page has room for.
func (d *document) weightiest(all []advise.Advice) []advice {
	var some []advice
	for k, a := range all {
		if k == d.detail.advice {
			d.thinned("of the recommendations on a scenario the %d weightiest are here; `highwater debug optimize` has all", d.detail.advice)
			break
		}
		some = append(some, d.advice(a))
	}
	return some
}

func gaps(all []advise.Gap) []string {
	var said []string
	for _, g := range all {
		said = append(said, report.Sentence(fmt.Sprintf("%s: %s", kinds(g.Kinds), g.Why)))
	}
	return said
}

func (d *document) advice(a advise.Advice) advice {
	v := advice{Title: report.Sentence(a.Title), Severity: report.Name(string(a.Severity)), How: report.Sentence(a.How), Found: report.Sentence(a.Found)}
	switch {
	case !a.Known:
	case a.SavedBytes > 0:
		v.Saves = highwater.FormatBytes(float64(a.SavedBytes)) + " live"
	case a.SavedAllocBytes > 0:
		v.Saves = highwater.FormatBytes(a.SavedAllocBytes) + " allocated" + a.Per.Over()
	case a.SavedObjects > 0:
		v.Saves = fmt.Sprintf("%.3g objects%s", a.SavedObjects, a.Per.Over())
	case a.SavedCPU >= advise.LeastCPU:
		v.Saves = fmt.Sprintf("%.1f %% of %s", a.SavedCPU*100, a.WholeCPU())
	}
	for _, e := range a.Evidence[:min(len(a.Evidence), d.detail.advice)] {
		v.Evidence = append(v.Evidence, report.Sentence(e))
	}
	for _, f := range a.Lines[:min(len(a.Lines), 3)] {
		v.Where = append(v.Where, d.place(f))
	}
	for _, l := range a.Source[:min(len(a.Source), 7)] {
		here := " "
		if l.Here {
			here = ">"
		}
		v.Source = append(v.Source, fmt.Sprintf("%s %5d  %s", here, l.Number, report.Name(strings.ReplaceAll(l.Text, "\t", "    "))))
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
