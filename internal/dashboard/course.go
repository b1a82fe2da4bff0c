package dashboard

import (
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// course is how something went within a process.
type course struct {
	Title int      `json:"title"` // in Frames
	Unit  string   `json:"unit"`  // B or count
	X     packed   `json:"x"`     // seconds
	Lines []line   `json:"lines"`
	Marks []mark   `json:"marks,omitempty"`
	Said  []int    `json:"said,omitempty"` // in Frames: what to know of it
	Peak  *float64 `json:"peak,omitempty"` // the highest, also between checkpoints
	Of    int      `json:"of,omitempty"`   // how many points there are, where not all are here
}

// line is one curve.
type line struct {
	Name   int     `json:"name"` // in Frames
	Values packed  `json:"v"`
	X      *packed `json:"x,omitempty"` // its own seconds, where they are not the course's
	// Behind says that it is drawn behind the others, and Dotted that its points are seen.
	Behind bool `json:"behind,omitempty"`
	Dotted bool `json:"dotted,omitempty"`
}

// mark is a named checkpoint.
type mark struct {
	X    float64 `json:"x"`
	Name int     `json:"name"` // in Frames
}

// line packs those of the values that are kept.
func (d *document) line(name string, values []float64, kept []int) line {
	return line{Name: d.frame(name), Values: pack(chosen(values, kept))}
}

func chosen(values []float64, kept []int) []float64 {
	some := make([]float64, len(kept))
	for i, k := range kept {
		some[i] = values[k]
	}
	return some
}

// courses are the timelines of the scenario: of the exact pass its checkpoints, of a soak
// its points, of a command its tree of processes.
func (d *document) courses(ms []highwater.Measurement) []course {
	var all []course
	if m, ok := typical(ms); ok && len(m.Checkpoints) > 0 {
		all = append(all, d.checkpoints(m, ms))
	}
	for _, m := range ms {
		if m.Soak != nil && len(m.Soak.Points) > 0 {
			all = append(all, d.soakCourses(m.Soak)...)
		}
	}
	if i := slices.IndexFunc(ms, func(m highwater.Measurement) bool { return len(m.Series) > 0 }); i >= 0 {
		all = append(all, d.treeCourse(ms[i].Series))
	}
	return all
}

// typical is the exact measurement with the median peak: the one whose course and sites
// are shown for all.
func typical(ms []highwater.Measurement) (highwater.Measurement, bool) {
	var exact []highwater.Measurement
	for _, m := range ms {
		if m.Pass == highwater.PassExact && m.Outcome.Status == highwater.StatusOK {
			exact = append(exact, m)
		}
	}
	if len(exact) == 0 {
		return highwater.Measurement{}, false
	}
	slices.SortStableFunc(exact, func(a, b highwater.Measurement) int {
		return int(a.Values[highwater.Peak] - b.Values[highwater.Peak])
	})
	return exact[(len(exact)-1)/2], true
}

func (d *document) checkpoints(m highwater.Measurement, ms []highwater.Measurement) course {
	c := course{Title: d.frame("live memory of the exact pass, less what was there before"), Unit: "B"}
	n := len(m.Checkpoints)
	live, stacks, at := make([]float64, n), make([]float64, n), make([]float64, n)
	var named []int
	for i, p := range m.Checkpoints {
		live[i], stacks[i], at[i] = float64(p.Live()), float64(p.Stacks), float64(p.At)/1e9
		if p.Name != "" {
			named = append(named, i)
		}
	}
	kept := thin(live, named[:min(len(named), d.detail.course/2)], d.detail.course)
	c.X = pack(chosen(at, kept))
	c.Lines = []line{d.line("heap and stacks at checkpoints", live, kept), d.line("of it stacks", stacks, kept)}
	for _, i := range kept {
		if p := m.Checkpoints[i]; p.Name != "" {
			c.Marks = append(c.Marks, mark{round(at[i]), d.frame(report.Name(p.Name))})
		}
	}
	c.shown(len(kept), len(m.Checkpoints), d)
	said := fmt.Sprintf("Each of the %d checkpoints is right after a forced collection.", len(m.Checkpoints))
	if len(m.Checkpoints) == 1 {
		said = "The one checkpoint is right after a forced collection."
	}
	if p := m.PeakParts; p != nil {
		c.Peak = number(float64(p.Heap + p.Stacks))
		said += fmt.Sprintf(" The highest was %s, at operation %d, %s.", highwater.FormatBytes(*c.Peak), p.Op, report.Name(p.Where))
	}
	c.Said = append(c.Said, d.frame(said))
	d.between(&c, m.Collections)
	for _, pass := range highwater.Passes() {
		if g := collections(ms, pass); g != "" {
			c.Said = append(c.Said, d.frame(g))
		}
	}
	return c
}

// between adds what the collections between the checkpoints found. Of those the highest
// count: a spike is what they are there for.
func (d *document) between(c *course, all *highwater.Collections) {
	if all == nil || len(all.Points) == 0 {
		return
	}
	live, at := make([]float64, len(all.Points)), make([]float64, len(all.Points))
	for i, p := range all.Points {
		live[i], at[i] = float64(p.Live()), float64(p.At)/1e9
	}
	kept := thin(live, nil, d.detail.course)
	l := d.line("other collections", live, kept)
	x := pack(chosen(at, kept))
	l.X, l.Behind = &x, true
	c.Lines[0].Dotted = true
	c.Lines = append(c.Lines, l)
	said := fmt.Sprintf("%d of %d collections were looked at; the curve has those that no checkpoint forced", all.Seen, all.Total)
	if all.Thinned > 1 {
		said += fmt.Sprintf(", and of every %d of them the one that found most", all.Thinned)
	}
	c.Said = append(c.Said, d.frame(said+"."))
	if len(kept) < len(all.Points) {
		d.thinned("timelines are thinned to about %d points, the highest and lowest among them", d.detail.course)
	}
}

// collections words what the collector did in the first process of a pass.
func collections(ms []highwater.Measurement, pass highwater.Pass) string {
	for _, m := range ms {
		if m.Pass == pass && m.GC != nil && m.Outcome.Status == highwater.StatusOK {
			return fmt.Sprintf("%s pass: %d collections, %d of them forced, %.1f %% of the CPU time", pass, m.GC.Cycles, m.GC.Forced, m.GC.CPUShare*100)
		}
	}
	return ""
}

// shown says that the page has fewer points than were measured.
func (c *course) shown(kept, of int, d *document) {
	if kept < of {
		c.Of = of
		d.thinned("timelines are thinned to about %d points, the highest and lowest among them", d.detail.course)
	}
}
