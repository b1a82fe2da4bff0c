package report

import (
	"strings"

	"github.com/highwater-dev/highwater"
)

// Around is what a report says besides its rows, in words that are fit to be shown: a
// page that draws the rows in its own way says the rest as all reports do.
type Around struct {
	Tally       string // 8 scenarios: 1 fail, 7 pass
	Against     string // what it was compared with, "" for nothing
	Environment []Fact
	Reproduce   []string // each a line for a shell
	// Differs are the conditions in which the baseline was measured otherwise.
	Differs                     []string
	Unmeasured, Unjudged, Notes []Remark
}

// Fact is a label with its text.
type Fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Remark is a statement on some scenarios; on all of the run where it names none.
type Remark struct {
	Text      string   `json:"text"`
	Scenarios []string `json:"of,omitempty"`
}

// AroundOf words what is around the rows of the report.
func AroundOf(r *highwater.Report) Around {
	a := Around{Tally: sentence(tally(r)), Reproduce: reproduce(r)}
	if r.BaseName != "" {
		a.Against = against(r) + name(r.BaseName)
	}
	for _, c := range environment(r.Env) {
		if text := name(c.text); strings.TrimSpace(text) != "" {
			a.Environment = append(a.Environment, Fact{c.label, text})
		}
	}
	for _, m := range r.Mismatches {
		what, consequence := differs(m)
		a.Differs = append(a.Differs, sentence(what+": "+consequence))
	}
	unmeasured, unjudged, notes := asides(r)
	a.Unmeasured, a.Unjudged, a.Notes = remarksOf(unmeasured), remarksOf(unjudged), remarksOf(notes)
	return a
}

func remarksOf(rs remarks) []Remark {
	var all []Remark
	for _, r := range rs {
		all = append(all, Remark{sentence(r.text), names(r.scenarios)})
	}
	return all
}

// Name makes a name from outside fit to be shown, on a page as on a terminal: what is
// invisible, or would reorder the text about it, becomes visible, and what is over-long
// loses its middle.
func Name(s string) string { return name(s) }

// Sentence does the same for text that may be longer than a name.
func Sentence(s string) string { return sentence(s) }

// ShortFunc is a function's name without the path of its package.
func ShortFunc(full string) string { return name(shortFunc(full)) }

// Unbreakable reports a limit that no value of the metric is over. It is shown as none.
func Unbreakable(m highwater.Metric, l highwater.Limit) bool { return unbreakable(m, l) }

// Place is file.go:12, without the directory; "" where the file is not known.
func Place(f highwater.Frame) string { return name(place(f)) }
