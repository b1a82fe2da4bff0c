package dashboard

import (
	"github.com/highwater-dev/highwater"
)

// whole is something that consists of parts which add up to it.
type whole struct {
	Title int     `json:"title"` // in Frames, as are Names
	Sum   int64   `json:"sum"`
	Names []int   `json:"names"`
	Bytes []int64 `json:"bytes"`
	Base  []int64 `json:"base,omitempty"` // the baseline's
}

// part of a whole; what was never touched is below zero.
type part struct {
	name  string
	bytes int64
}

func (d *document) whole(title string, sum int64, now, was []part) whole {
	w := whole{Title: d.frame(title), Sum: sum}
	for i, p := range now {
		w.Names, w.Bytes = append(w.Names, d.frame(p.name)), append(w.Bytes, p.bytes)
		if was != nil {
			w.Base = append(w.Base, was[i].bytes)
		}
	}
	return w
}

// wholes are the footprint and the peak, taken apart.
func (d *document) wholes(row *highwater.Row, baseline *highwater.Run, id string) []whole {
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
		var was []part
		if before != nil {
			was = footprint(before)
		}
		all = append(all, d.whole("resident memory of the natural process at the end of its steady phase", f.RSS, footprint(f), was))
	}
	if p := row.PeakParts; p != nil {
		all = append(all, d.whole("all that was live at the peak of the exact process", p.Heap+p.Stacks+p.Baseline, []part{
			{"the scenario's heap", p.Heap}, {"goroutine stacks", p.Stacks}, {"live before the scenario", p.Baseline},
		}, nil))
	}
	return all
}

func footprint(f *highwater.FootprintParts) []part {
	return []part{
		{"live heap", f.LiveHeap},
		{"dead heap", f.DeadHeap},
		{"fragmentation", f.Fragmentation},
		{"stacks", f.Stacks},
		{"runtime metadata", f.Metadata},
		{"free, not returned", f.Free},
		{"off-heap", f.OffHeap},
	}
}
