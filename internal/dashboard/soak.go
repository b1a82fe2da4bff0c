package dashboard

import (
	"fmt"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// suspect is something that grew at nearly every checkpoint of a soak.
type suspect struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Before  int64    `json:"before"`
	After   int64    `json:"after"`
	PerHour *float64 `json:"perHour,omitempty"`
	PerOp   *float64 `json:"perOp,omitempty"`
	Share   *float64 `json:"share,omitempty"`
	Status  string   `json:"status,omitempty"`
	Known   string   `json:"known,omitempty"`
}

// soaked adds what came of a soak.
func (s *scenario) soaked(row *highwater.Row) {
	r := row.Soak
	if r == nil {
		return
	}
	s.Soak = report.Sentence(fmt.Sprintf("%s memory: %s after %s, %d checkpoints; %s an hour (%s to %s); a leak of %s an hour would have been found",
		r.Of, r.Course, r.Elapsed.Round(1e9), r.Checkpoints, highwater.FormatBytes(r.PerHour.Center), highwater.FormatBytes(r.PerHour.Low),
		highwater.FormatBytes(r.PerHour.High), highwater.FormatBytes(r.Detectable)))
	for _, x := range r.Suspects {
		v := suspect{Kind: report.Name(x.Kind), Name: report.Name(x.Name), Before: x.Before, After: x.After, PerHour: number(x.PerHour), Status: report.Name(x.Status), Known: report.Sentence(x.Known)}
		if x.Site != nil && x.Site.Where.Func != "" {
			v.Name = report.Name(x.Site.Where.Place())
		}
		if x.PerOp != 0 {
			v.PerOp = number(x.PerOp)
		}
		if x.Share != 0 {
			v.Share = number(x.Share)
		}
		s.Suspects = append(s.Suspects, v)
	}
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
	if c, ok := draw("memory over the soak", "B",
		soakLine{highwater.QuantityLive, "live", func(p highwater.SoakPoint) float64 { return float64(p.Live()) }},
		soakLine{highwater.QuantityRSS, "resident", func(p highwater.SoakPoint) float64 { return float64(p.RSS) }},
		soakLine{highwater.QuantityOffHeap, "off-heap", func(p highwater.SoakPoint) float64 { return float64(p.OffHeap()) }}); ok {
		c.Said = append(c.Said, d.frame(fmt.Sprintf("%d checkpoints; at each a collection is forced where the process lets us", len(s.Points))))
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
