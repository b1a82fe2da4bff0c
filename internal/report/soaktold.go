package report

import (
	"slices"

	"github.com/highwater-dev/highwater"
)

// SoakTold is what came of a soak, in words that are fit to be shown: a page that draws
// it in its own way says it as all reports do.
type SoakTold struct {
	Headline string // in one sentence what an engineer is to know
	Course   string // in a word how it went
	Figure   string // the rate of what grows, and else what there is at the end
	Facts    []Fact
	Suspects []SuspectTold
	Asides   []Aside
}

// SuspectTold is something that grew at nearly every checkpoint.
type SuspectTold struct {
	Kind, Func, Place string
	// Name is the judge's line on it where that tells more, and Blocked where goroutines
	// stand.
	Name, Blocked   string
	Before, After   string
	PerHour, PerOp  string
	Share, Tau      string
	Status, Known   string
	Fingerprint     string
	Stack           []highwater.Frame // innermost first, as it was measured
	Course          []float64         // parallel to the soak's points; nil where it was not kept
	CourseInNumbers bool              // and not in bytes
}

// Aside is what a reader may want to know besides.
type Aside struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

// SoakOf tells of the row's soak; false where it has none.
func SoakOf(r *highwater.Report, row *highwater.Row) (SoakTold, bool) {
	if row.Soak == nil {
		return SoakTold{}, false
	}
	s := soakOf(r, row)
	t := SoakTold{Headline: sentence(s.headline(r)), Course: name(string(s.Course))}
	switch s.Course {
	case highwater.CourseGrowing, highwater.CourseFilling:
		t.Figure = growing(s.PerHour.Center) + "/h"
	default:
		t.Figure = bytes(s.Final)
	}
	for _, f := range s.facts() {
		t.Facts = append(t.Facts, Fact{f.label, sentence(f.text)})
	}
	for i, v := range s.suspects() {
		x := s.Suspects[i]
		told := SuspectTold{
			Kind: v.Kind, Func: v.Func, Place: v.Place, Name: v.Name, Blocked: v.Blocked, Before: v.Before, After: v.After, PerHour: v.PerHour,
			PerOp: v.PerOp, Share: v.Share, Tau: v.Tau, Status: v.Status, Known: v.Known, Fingerprint: v.Fingerprint, CourseInNumbers: !countsBytes(x.Kind),
		}
		if x.Site != nil {
			told.Stack = x.Site.Stack
		}
		if course, ok := s.courseOf(x); ok && len(course) > 1 && !slices.ContainsFunc(course, func(v float64) bool { return !finite(v) }) {
			told.Course = course
		}
		t.Suspects = append(t.Suspects, told)
	}
	for _, a := range s.asides() {
		lines := make([]string, len(a.lines))
		for i, l := range a.lines {
			lines[i] = sentence(l)
		}
		t.Asides = append(t.Asides, Aside{a.title, lines})
	}
	return t, true
}
