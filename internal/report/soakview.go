package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// soaked is a scenario's soak as the renderers see it: the judgement, and the series
// behind it. Without a run the series are empty, and what they tell is left out.
type soaked struct {
	*highwater.SoakResult
	row    *highwater.Row
	series *highwater.Soak
}

// soakOf returns the soak of a row that has one.
func soakOf(r *highwater.Report, row *highwater.Row) soaked {
	s := soaked{row.Soak, row, &highwater.Soak{}}
	if r.Run == nil {
		return s
	}
	for i := range r.Run.Measurements {
		m := &r.Run.Measurements[i]
		if m.Scenario == row.Scenario.ID() && m.Pass == highwater.PassSoak && m.Soak != nil {
			s.series = m.Soak // a soak that was taken up again has its last one
		}
	}
	return s
}

// soakRows are the rows that are laid out as soaks, the worst first: each takes a
// screen.
func soakRows(r *highwater.Report) []*highwater.Row {
	var rows []*highwater.Row
	for i := range r.Rows {
		if r.Rows[i].Soak != nil {
			rows = append(rows, &r.Rows[i])
		}
	}
	slices.SortStableFunc(rows, func(a, b *highwater.Row) int { return worstFirst(a.Verdict, b.Verdict) })
	return rows
}

// gateRows are the others, which have a line of a table each.
func gateRows(r *highwater.Report) []*highwater.Row {
	var rows []*highwater.Row
	for i := range r.Rows {
		if r.Rows[i].Soak == nil {
			rows = append(rows, &r.Rows[i])
		}
	}
	return rows
}

// lacks reports whether the source could not tell a quantity: its zeros are no
// readings then.
func (s soaked) lacks(q highwater.Quantity) bool {
	_, ok := s.series.Lacks[q]
	return ok
}

// unseen words what could not be told, with the reasons.
func (s soaked) unseen() []string {
	var by remarks // one reason is commonly that of several
	for _, q := range slices.Sorted(maps.Keys(s.series.Lacks)) {
		by.add(s.series.Lacks[q], quantity(q))
	}
	var said []string
	for _, r := range by {
		said = append(said, strings.Join(r.scenarios, ", ")+": "+r.text)
	}
	return said
}

// headline says in one sentence what an engineer is to know. Where something else
// than live memory is the matter, that comes first: flat alone would mislead.
func (s soaked) headline(r *highwater.Report) string {
	text := s.course()
	if worst := s.problems(r); len(worst) > 0 && worst[0].Reason != "" && s.Course != highwater.CourseGrowing {
		text = worst[0].Reason + "; " + text
	}
	if s.series.Ended != "" {
		text += "; it ended before its time: " + s.series.Ended
	}
	return text
}

// problems are the row's findings that are not well, the worst first.
func (s soaked) problems(r *highwater.Report) []problem {
	return slices.DeleteFunc(problems(r), func(p problem) bool { return p.row != s.row })
}

func (s soaked) course() string {
	what := quantity(s.Of)
	rate := growing(s.PerHour.Center) + "/h"
	switch s.Course {
	case highwater.CourseFlat:
		return fmt.Sprintf("flat: %s stayed at %s for %s, at %s%s", what, bytes(s.Final), span(s.Elapsed), within(s.PerHour, "/h", growing), s.seen())
	case highwater.CourseGrowing:
		text := fmt.Sprintf("%s keeps growing by %s%s", what, strings.TrimPrefix(rate, "+"), s.toLimit())
		if len(s.Suspects) == 0 && s.lacks(highwater.QuantitySites) {
			return text + "; where it is allocated cannot be seen"
		}
		if len(s.Suspects) == 0 {
			return text + "; no single place accounts for it"
		}
		x := s.Suspects[0]
		text += ": " + suspectName(x)
		if finite(x.Share) && x.Share > 0 {
			text += ", " + percent(x.Share) + " of it"
		}
		if n := len(s.Suspects) - 1; n > 0 {
			text += ", and " + number(n, "more suspect", "more suspects")
		}
		return text
	case highwater.CourseSettled:
		return fmt.Sprintf("settled: %s grew for %s, while warming up, and has stayed at %s since, at %s%s", what, span(s.Warm), bytes(s.Final), within(s.PerHour, "/h", growing), s.seen())
	case highwater.CourseFilling:
		text := fmt.Sprintf("%s still grows (%s), ever more slowly, as a cache does that fills", what, rate)
		if s.SettleBy != nil {
			text += fmt.Sprintf("; it should have stopped after %s: soak for longer than that to be sure", span(*s.SettleBy))
		}
		return text
	case highwater.CourseShort:
		if s.Collections > 0 {
			return "too few collections to tell a leak from noise, since nothing is forced: soak for longer"
		}
		return fmt.Sprintf("too short to tell a leak from noise: %s in %s; soak for longer", number(s.Checkpoints, "checkpoint", "checkpoints"), span(s.Elapsed))
	case highwater.CourseUnjudged:
		text := "live memory cannot be seen from here"
		if why := s.series.Lacks[highwater.QuantityLive]; why != "" {
			text += " (" + why + ")"
		}
		return text + fmt.Sprintf("; %s went from %s to %s in %s, which is shown and proves no leak", what, bytes(s.Initial), bytes(s.Final), span(s.Elapsed))
	default: // of a later version
		return fmt.Sprintf("%s: %s went from %s to %s in %s, at %s", s.Course, what, bytes(s.Initial), bytes(s.Final), span(s.Elapsed), within(s.PerHour, "/h", growing))
	}
}

// seen adds how small a leak would have been found: flat alone says too much.
func (s soaked) seen() string {
	if !finite(s.Detectable) || s.Detectable <= 0 {
		return ""
	}
	return "; a steady leak of " + sizeOf(s.Detectable) + "/h would have been found"
}

func (s soaked) toLimit() string {
	if s.ToLimit == nil {
		return ""
	}
	text := ", which reaches its limit"
	if s.Limit > 0 {
		text = ", which reaches " + bytes(s.Limit)
	}
	return text + " in " + span(*s.ToLimit)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// first and last are the points that figures are told of: the first one that is
// warm, and the last.
func (s soaked) ends() (first, last highwater.SoakPoint, ok bool) {
	ps := s.series.Points
	if len(ps) == 0 {
		return first, last, false
	}
	first = ps[0]
	if i := slices.IndexFunc(ps, func(p highwater.SoakPoint) bool { return time.Duration(p.At) >= s.Warm }); i >= 0 {
		first = ps[i]
	}
	return first, ps[len(ps)-1], true
}
