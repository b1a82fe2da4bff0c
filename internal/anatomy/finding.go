package anatomy

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// Level is how much a finding weighs.
type Level string

// The levels.
const (
	LevelHigh   Level = "high"   // act
	LevelMedium Level = "medium" // look
	LevelLow    Level = "low"    // know
)

// Finding is something that explains much of the memory, or is not as it should be.
type Finding struct {
	Level  Level   `json:"level"`
	Text   string  `json:"text"`             // what was seen, with its figures
	Advice string  `json:"advice,omitempty"` // what to do next
	Share  float64 `json:"share"`            // of what it is a part of, for the order
}

// findings are what follows from the figures, most important first.
func findings(a Anatomy, v live.View) []Finding {
	var all []Finding
	for _, rule := range []func(Anatomy, live.View) []Finding{
		growing, limited, pressed, garbage, kept, outside, scattered, stacked, waiting, concentrated, coarse,
	} {
		all = append(all, rule(a, v)...)
	}
	order := map[Level]int{LevelHigh: 0, LevelMedium: 1, LevelLow: 2}
	slices.SortStableFunc(all, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(order[x.Level], order[y.Level]), cmp.Compare(y.Share, x.Share))
	})
	return all
}

func bytes(n int64) string     { return highwater.FormatBytes(float64(n)) }
func size(x float64) string    { return highwater.FormatBytes(x) }
func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

// growing: live memory, or what counts in its stead, that grew while it was watched.
func growing(a Anatomy, _ live.View) []Finding {
	var all []Finding
	for _, name := range []string{"live heap", "goroutines"} {
		c, ok := a.of(name)
		if !ok || !c.grows() {
			continue
		}
		what := fmt.Sprintf("%s to %s", size(c.From), size(c.To))
		if c.Count {
			what = fmt.Sprintf("%.0f to %.0f", c.From, c.To)
		}
		all = append(all, Finding{
			Level: LevelHigh, Share: (c.To - c.From) / max(c.To, 1),
			Text:   fmt.Sprintf("%s: %s growth, %s in %v", name, c.Shape, what, c.Over.Round(time.Second)),
			Advice: "watch it for longer with debug leaks: growth in so short a time is no leak yet",
		})
	}
	return all
}

// limited: the memory limit is near, and the collector works for it.
func limited(a Anatomy, _ live.View) []Finding {
	held := a.Memory.Total - a.Memory.Released
	if a.Memory.Limit <= 0 || a.Memory.Total <= 0 {
		return nil
	}
	near := ratio(held, a.Memory.Limit)
	switch {
	case a.Collector.Limited:
		return []Finding{{
			LevelHigh, fmt.Sprintf("GOMEMLIMIT of %s cannot be kept: the CPU limiter has held the collector back, and memory goes over it", bytes(a.Memory.Limit)),
			"raise the limit, or hold less: at the limit half of the CPU time goes to collecting", 1,
		}}
	case near > 0.9:
		return []Finding{{
			LevelMedium, fmt.Sprintf("the runtime holds %s, %s of GOMEMLIMIT (%s)", bytes(held), percent(near), bytes(a.Memory.Limit)),
			"near the limit collections come ever more often: see the collector's share", near,
		}}
	}
	return nil
}

// pressed: the collector takes much of the CPU time.
func pressed(a Anatomy, _ live.View) []Finding {
	p := a.Collector.Pressure
	if p == nil || a.Collector.Share == nil || *p < 0.4 {
		return nil
	}
	f := Finding{
		LevelMedium, fmt.Sprintf("garbage collection takes %s of all CPU time, idle included, a pressure of %.2f", percent(*a.Collector.Share), *p),
		"allocate less at the lines of debug hotspots, or give the heap more room with GOGC", *p,
	}
	if *p >= 0.8 {
		f.Level = LevelHigh
	}
	return []Finding{f}
}

// part is a part of resident memory.
func (a Anatomy) part(name string) (Part, bool) {
	i := slices.IndexFunc(a.Parts, func(p Part) bool { return p.Name == name })
	if i < 0 {
		return Part{}, false
	}
	return a.Parts[i], true
}

// large is a part that makes up so much of resident memory, and so many bytes at least.
func (a Anatomy) large(name string, share float64, least int64) (Part, bool) {
	p, ok := a.part(name)
	return p, ok && p.Share >= share && p.Bytes >= least
}

// garbage: what is not live, or not yet known to be, is much. What it may grow to is told
// by GOGC: where a source tells it not, it is 0, and where it tells not what is live, there
// is no such part.
func garbage(a Anatomy, _ live.View) []Finding {
	p, ok := a.large(highwater.PartNew, 0.3, 8<<20)
	if !ok || a.Collector.GOGC == 0 {
		return nil
	}
	gogc := fmt.Sprintf("with GOGC=%d the heap may grow by as much before the next collection", a.Collector.GOGC)
	if a.Collector.GOGC < 0 {
		gogc = "GOGC is off: only the memory limit makes it collect"
	}
	return []Finding{{
		LevelLow, fmt.Sprintf("%s, %s of resident memory, is new or dead: %s", bytes(p.Bytes), percent(p.Share), gogc),
		"it is headroom and no leak; a lower GOGC, or GOMEMLIMIT, trades it for CPU time", p.Share,
	}}
}

func kept(a Anatomy, _ live.View) []Finding {
	p, ok := a.large(highwater.PartFree, 0.25, 8<<20)
	if !ok {
		return nil
	}
	return []Finding{{
		LevelLow, fmt.Sprintf("%s, %s of resident memory, is free and not yet returned to the system: the heap was larger once", bytes(p.Bytes), percent(p.Share)),
		"the runtime returns it in the background; debug.FreeOSMemory does so at once", p.Share,
	}}
}

func outside(a Anatomy, _ live.View) []Finding {
	p, ok := a.large(highwater.PartOffHeap, 0.3, 32<<20)
	if !ok {
		return nil
	}
	return []Finding{{
		LevelMedium, fmt.Sprintf("%s, %s of resident memory, is not the Go runtime's", bytes(p.Bytes), percent(p.Share)),
		"it is the program's file, C, or mmap: Go's profiles do not show it; /proc/PID/smaps names the mappings", p.Share,
	}}
}

// scattered: spans hold few objects.
func scattered(a Anatomy, _ live.View) []Finding {
	p, ok := a.part(highwater.PartUnused)
	if !ok || a.Memory.InUse <= 0 || p.Bytes < 4<<20 {
		return nil
	}
	share := ratio(p.Bytes, a.Memory.InUse)
	if share < 0.25 {
		return nil
	}
	return []Finding{{
		LevelMedium, fmt.Sprintf("fragmentation: %s of %s in use, %s, is room between objects", bytes(p.Bytes), bytes(a.Memory.InUse), percent(share)),
		"few long-lived objects hold whole spans: allocate what lives long together, or in larger pieces", share,
	}}
}

func stacked(a Anatomy, _ live.View) []Finding {
	p, ok := a.large(highwater.PartStacks, 0.2, 4<<20)
	if !ok {
		return nil
	}
	return []Finding{{
		LevelMedium, fmt.Sprintf("stacks take %s, %s of resident memory: %s for each of %d goroutines", bytes(p.Bytes), percent(p.Share), bytes(a.Goroutines.Each), a.Goroutines.Count),
		"fewer goroutines, or less deep calls and smaller local arrays in them", p.Share,
	}}
}

// What goroutines of one origin that wait for long are suspicious from.
const (
	manyWait = 100
	longWait = time.Minute
)

func waiting(a Anatomy, _ live.View) []Finding {
	var all []Finding
	for _, g := range a.Goroutines.Groups {
		if g.Count < manyWait || g.Longest < longWait {
			continue
		}
		at := "main"
		if g.Created.Func != "" {
			at = g.Created.Place()
		}
		all = append(all, Finding{
			LevelMedium, fmt.Sprintf("%d goroutines created at %s wait in %s, the longest for %v", g.Count, at, cmp.Or(g.State, "an unknown state"), g.Longest.Round(time.Second)),
			"are they to wait so long? debug leaks says whether they become more", ratio(int64(g.Count), int64(a.Goroutines.Count)),
		})
	}
	return all
}

// concentrated: one line holds much of the live heap.
func concentrated(a Anatomy, _ live.View) []Finding {
	if len(a.Sites) == 0 || a.Sites[0].Share < 0.25 || a.Sites[0].Bytes < 1<<20 {
		return nil
	}
	h := a.Sites[0]
	return []Finding{{
		LevelLow, fmt.Sprintf("%s holds %s, %s of what the profile sees live, in %d objects", h.Where.Place(), bytes(h.Bytes), percent(h.Share), h.Objects),
		"debug hotspots shows the line", h.Share,
	}}
}

// mostOff is by how much the samples of the profile may stand for more or less than what
// is live, a ratio, before it is told.
const mostOff = 0.1

// coarse: the heap profile stands for more or less than what is live. It lags by a
// collection, too, so that only one that has few samples is called coarse.
func coarse(a Anatomy, _ live.View) []Finding {
	if a.Memory.Live <= 0 || a.Profiled <= 0 || a.Rate <= fineRate {
		return nil
	}
	off := float64(a.Profiled-a.Memory.Live) / float64(a.Memory.Live)
	if off >= -mostOff && off <= mostOff {
		return nil
	}
	return []Finding{{
		LevelLow, fmt.Sprintf("the samples of the heap profile stand for %s, and %s are live: with one in %s they are few, and bytes of lines are rough",
			bytes(a.Profiled), bytes(a.Memory.Live), bytes(int64(a.Rate))),
		"start it with GODEBUG=memprofilerate=4096 to see lines to within a few percent", 0,
	}}
}

// fineRate is the profile rate, in bytes, at which sites of some 100 KB are seen well.
const fineRate = 4096
