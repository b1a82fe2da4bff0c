package dashboard

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// soaked is what came of a soak.
type soaked struct {
	Headline string         `json:"headline"`
	Course   string         `json:"course"` // in a word
	Figure   string         `json:"figure"`
	Facts    []report.Fact  `json:"facts"`
	Suspects []suspect      `json:"suspects,omitempty"`
	Asides   []report.Aside `json:"asides,omitempty"`
}

// suspect is something that grew at nearly every checkpoint. Its texts are as reports have
// them.
type suspect struct {
	Kind        string   `json:"kind"`
	Where       int      `json:"where"` // in Frames
	More        []string `json:"more,omitempty"`
	Before      string   `json:"before"`
	After       string   `json:"after"`
	PerHour     string   `json:"perHour"`
	PerOp       string   `json:"perOp,omitempty"`
	Share       string   `json:"share,omitempty"`
	Tau         string   `json:"tau"`
	Status      string   `json:"status,omitempty"`
	Known       string   `json:"known,omitempty"`
	Fingerprint string   `json:"fingerprint,omitempty"`
	Stack       []int    `json:"stack,omitempty"` // in Frames, innermost first
	Course      *course  `json:"course,omitempty"`
}

// mostStack is how many frames of a suspect are shown.
const mostStack = 32

// soaked says what came of the row's soak, nil where there was none.
func (d *document) soaked(row *highwater.Row, ms []highwater.Measurement) *soaked {
	told, ok := report.SoakOf(d.report, row)
	if !ok {
		return nil
	}
	s := &soaked{Headline: told.Headline, Course: told.Course, Figure: told.Figure, Facts: told.Facts, Asides: told.Asides}
	var points []highwater.SoakPoint
	for _, m := range ms {
		if m.Soak != nil {
			points = m.Soak.Points
		}
	}
	for _, x := range told.Suspects {
		v := suspect{
			Kind: x.Kind, Where: d.frame(strings.TrimSpace(x.Func + " " + bracketed(x.Place))), Before: x.Before, After: x.After, PerHour: x.PerHour, PerOp: x.PerOp,
			Share: x.Share, Tau: x.Tau, Status: x.Status, Known: x.Known, Fingerprint: x.Fingerprint,
		}
		if x.Name != "" {
			v.More = append(v.More, x.Name)
		}
		if x.Blocked != "" {
			v.More = append(v.More, "they stand in "+x.Blocked)
		}
		for _, f := range x.Stack[:min(len(x.Stack), mostStack)] {
			v.Stack = append(v.Stack, d.place(f))
		}
		v.Course = d.growth(x, points)
		s.Suspects = append(s.Suspects, v)
	}
	return s
}

func bracketed(place string) string {
	if place == "" {
		return ""
	}
	return "(" + place + ")"
}

// growth is how a suspect grew, nil where that was not kept.
func (d *document) growth(x report.SuspectTold, points []highwater.SoakPoint) *course {
	if len(x.Course) != len(points) || len(points) < 2 {
		return nil
	}
	at := make([]float64, len(points))
	for i, p := range points {
		at[i] = float64(p.At) / 1e9
	}
	kept := thin(x.Course, nil, d.detail.course)
	c := &course{Title: d.frame(x.Kind + " of this suspect over the soak"), Unit: "B", X: pack(chosen(at, kept)), Lines: []line{d.line(x.Kind, x.Course, kept)}}
	if x.CourseInNumbers {
		c.Unit = "count"
	}
	c.shown(len(kept), len(points), d)
	return c
}

// soakCourses are what a soak has seen over time, without what it could not see.
func (d *document) soakCourses(s *highwater.Soak) []course {
	live, at := make([]float64, len(s.Points)), make([]float64, len(s.Points))
	for i, p := range s.Points {
		live[i], at[i] = float64(p.Live()), float64(p.At)/1e9
		if _, lacking := s.Lacks[highwater.QuantityLive]; lacking {
			live[i] = float64(p.RSS)
		}
	}
	kept := thin(live, nil, d.detail.course)
	draw := func(title, unit string, lines ...soakLine) (course, bool) {
		c := course{Title: d.frame(title), Unit: unit}
		for _, l := range lines {
			if _, lacking := s.Lacks[l.of]; lacking {
				continue
			}
			values := make([]float64, len(s.Points))
			for i, p := range s.Points {
				values[i] = l.value(p)
			}
			c.Lines = append(c.Lines, d.line(l.name, values, kept))
		}
		c.X = pack(chosen(at, kept))
		c.shown(len(kept), len(s.Points), d)
		return c, len(c.Lines) > 0
	}
	var all []course
	own := ownCollections(s.Points)
	memory := []soakLine{
		{highwater.QuantityLive, "live", func(p highwater.SoakPoint) float64 { return float64(p.Live()) }},
		{highwater.QuantityRSS, "resident", func(p highwater.SoakPoint) float64 { return float64(p.RSS) }},
		{highwater.QuantityOffHeap, "off-heap", func(p highwater.SoakPoint) float64 { return float64(p.OffHeap()) }},
	}
	if own != nil {
		memory = memory[1:]
	}
	if c, ok := draw("memory over the soak", "B", memory...); ok {
		if own != nil {
			if _, lacking := s.Lacks[highwater.QuantityLive]; !lacking {
				c.Lines = append(c.Lines, d.collected(live, at, own))
			}
			c.Said = append(c.Said, d.frame(fmt.Sprintf("%d checkpoints, of which %d came after a new collection of the process's own: nothing is forced in it", len(s.Points), len(own))))
		} else {
			c.Said = append(c.Said, d.frame(fmt.Sprintf("%d checkpoints; at each a collection is forced where the process lets us", len(s.Points))))
		}
		if s.Ended != "" {
			c.Said = append(c.Said, d.frame(report.Sentence("it ended before its time: "+s.Ended)))
		}
		all = append(all, c)
	}
	if c, ok := draw("what else the process holds", "count",
		soakLine{highwater.QuantityGoroutines, "goroutines", func(p highwater.SoakPoint) float64 { return float64(p.Goroutines) }},
		soakLine{highwater.QuantityThreads, "threads", func(p highwater.SoakPoint) float64 { return float64(p.Threads) }},
		soakLine{highwater.QuantityFDs, "descriptors", func(p highwater.SoakPoint) float64 {
			n := 0
			for _, k := range p.FDs {
				n += k
			}
			return float64(n)
		}}); ok {
		all = append(all, c)
	}
	return all
}

// ownCollections are the points that came after a collection that none before them did,
// in a process of which none is forced; nil in others.
func ownCollections(points []highwater.SoakPoint) []int {
	var own []int
	before := int64(0)
	for i, p := range points {
		if p.Cycle > before {
			own, before = append(own, i), p.Cycle
		}
	}
	return own
}

// collected is live memory at those of the points.
func (d *document) collected(live, at []float64, own []int) line {
	values, times := chosen(live, own), chosen(at, own)
	kept := thin(values, nil, d.detail.course)
	l := d.line("live, after its own collections", values, kept)
	x := pack(chosen(times, kept))
	l.X, l.Dotted = &x, true
	return l
}

// soakLine is one figure of a soak's points.
type soakLine struct {
	of    highwater.Quantity
	name  string
	value func(highwater.SoakPoint) float64
}

// treeCourse is the memory of a command's processes.
func (d *document) treeCourse(points []highwater.TreePoint) course {
	pss, at := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		pss[i], at[i] = float64(p.PSS), float64(p.At)/1e9
	}
	kept := thin(pss, nil, d.detail.course)
	c := course{Title: d.frame("memory of the whole tree of processes (PSS)"), Unit: "B", X: pack(chosen(at, kept)), Lines: []line{d.line("tree", pss, kept)}}
	c.shown(len(kept), len(points), d)
	return c
}
