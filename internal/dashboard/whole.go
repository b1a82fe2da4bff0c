package dashboard

import (
	"github.com/highwater-dev/highwater"
)

// whole is something that consists of parts which add up to it.
type whole struct {
	Title string `json:"title"`
	Sum   int64  `json:"sum"`
	Parts []part `json:"parts"`
}

// part of a whole; what was never touched is below zero.
type part struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
	Base  *int64 `json:"base,omitempty"` // the baseline's
}

// wholes are the footprint and the peak, taken apart.
func wholes(row *highwater.Row, baseline *highwater.Run, id string) []whole {
	var all []whole
	var before *highwater.FootprintParts
	if baseline != nil {
		for _, m := range baseline.Of(id) {
			if m.Footprint != nil && m.Outcome.Status == highwater.StatusOK {
				before = m.Footprint
				break
			}
		}
	}
	if f := row.Footprint; f != nil {
		w := whole{Title: "resident memory of the natural process at the end of its steady phase", Sum: f.RSS}
		now, was := footprint(f), []part(nil)
		if before != nil {
			was = footprint(before)
		}
		for i, p := range now {
			if was != nil {
				p.Base = &was[i].Bytes
			}
			w.Parts = append(w.Parts, p)
		}
		all = append(all, w)
	}
	if p := row.PeakParts; p != nil {
		all = append(all, whole{Title: "all that was live at the peak of the exact process", Sum: p.Heap + p.Stacks + p.Baseline, Parts: []part{
			{Name: "the scenario's heap", Bytes: p.Heap}, {Name: "goroutine stacks", Bytes: p.Stacks}, {Name: "live before the scenario", Bytes: p.Baseline},
		}})
	}
	return all
}

func footprint(f *highwater.FootprintParts) []part {
	return []part{
		{Name: "live heap", Bytes: f.LiveHeap},
		{Name: "dead heap", Bytes: f.DeadHeap},
		{Name: "fragmentation", Bytes: f.Fragmentation},
		{Name: "stacks", Bytes: f.Stacks},
		{Name: "runtime metadata", Bytes: f.Metadata},
		{Name: "free, not returned", Bytes: f.Free},
		{Name: "off-heap", Bytes: f.OffHeap},
	}
}
