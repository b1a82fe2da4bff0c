package advise

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// facts is the evidence in one form, wherever it comes from.
type facts struct {
	Evidence
	last *highwater.Snapshot // nil where there is none

	unit      Per
	over      float64             // how many of unit the allocations are of
	allocated highwater.Allocated // of all sites, over that
	live      int64               // heap and stacks, at the peak or in the last snapshot
	profiled  bool                // live is what the sites hold: nothing else tells
	window    string              // "in 200 operations"

	places []*place // most allocated bytes first

	// looks are what was live at two times or more, the oldest first.
	looks []look

	left     bool                     // the stacks leave the runtime's functions out
	inferred map[highwater.Frame]bool // lines where the compiler stands in for them

	collected bool    // gcShare is known
	gcShare   float64 // the collector's part of the CPU time that the process used
	ofAll     bool    // or of all that there was: its source tells no more
}

// look is what was live at one time, by place.
type look struct {
	name string // "at the peak", "after tear-down"
	live map[highwater.Frame]*place
}

// place is a line of the user's with all stacks that allocate there.
type place struct {
	where   highwater.Frame
	alloc   highwater.Allocated // over the window
	live    highwater.Allocated
	parts   []part // what was allocated
	held    []part // what is live
	claimed bool   // a rule has explained its garbage
}

// part is one stack of a place.
type part struct {
	above []highwater.Frame // the frames inside the place's, innermost first
	highwater.Allocated
	sizes []highwater.SizeUse // of all of them, also where they are alike
}

// gather brings the evidence into one form. Snapshots say more of a process that is
// running, and measurements of a scenario: where both are there, the measurements tell
// of allocations and the snapshots of goroutines.
func gather(e Evidence) *facts {
	f := &facts{Evidence: e, unit: PerProcess, over: 1}
	if n := len(e.Snapshots); n > 0 {
		f.last = &e.Snapshots[n-1]
	}
	index := map[highwater.Frame]*place{}
	at := func(where highwater.Frame) *place {
		p := index[where]
		if p == nil {
			p = &place{where: where}
			index[where] = p
			f.places = append(f.places, p)
		}
		return p
	}
	if !f.fromMeasurements(at) {
		f.fromSnapshots(at)
	}
	// Nobody can change a line of the standard library.
	f.places = slices.DeleteFunc(f.places, func(p *place) bool { return p.where.Func == "" || heap.IsLibrary(p.where.Func) })
	slices.SortStableFunc(f.places, func(a, b *place) int { return cmp.Compare(b.alloc.Bytes, a.alloc.Bytes) })
	f.left = f.bare()
	f.complete()
	return f
}

// made adds what a site has allocated to its place.
func (p *place) made(s highwater.Site, a highwater.Allocated, sizes []highwater.SizeUse) {
	if a.Objects <= 0 || a.Bytes <= 0 {
		return
	}
	if len(sizes) == 0 {
		sizes = []highwater.SizeUse{{Size: a.Bytes / a.Objects, Objects: a.Objects}}
	}
	p.alloc.Bytes += a.Bytes
	p.alloc.Objects += a.Objects
	p.parts = append(p.parts, part{above(s), a, sizes})
}

// holds adds what is live of a site to its place.
func (p *place) holds(s highwater.Site) {
	if s.Objects <= 0 || s.Bytes <= 0 {
		return
	}
	a := highwater.Allocated{Bytes: s.Bytes, Objects: s.Objects}
	p.live.Bytes += a.Bytes
	p.live.Objects += a.Objects
	p.held = append(p.held, part{above(s), a, nil})
}

// above are the frames of a site inside that of its place.
func above(s highwater.Site) []highwater.Frame {
	if i := slices.Index(s.Stack, s.Where); i >= 0 {
		return s.Stack[:i]
	}
	return nil
}

// through reports whether one of the frames is of a function whose name begins so.
func (p part) through(names ...string) bool {
	return slices.ContainsFunc(p.above, func(f highwater.Frame) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(f.Func, n) })
	})
}

// direct reports whether nothing but the runtime is above the place.
func (p part) direct() bool { return p.only() }

// only reports whether nothing is above the place but the runtime and functions whose
// names begin so: a buffer inside another library is not for the user to size.
func (p part) only(names ...string) bool {
	return !slices.ContainsFunc(p.above, func(f highwater.Frame) bool {
		return !isRuntime(f.Func) && !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(f.Func, n) })
	})
}

func isRuntime(function string) bool {
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "internal/runtime/")
}

// per is a number over the window as one for each unit.
func (f *facts) per(n int64) float64 { return float64(n) / max(f.over, 1e-9) }

// cpu is what of the collector's CPU time goes with that many bytes of garbage: it works
// once for each heap's worth of allocation, so that its time is in proportion to what is
// allocated. See the model in collector.go.
func (f *facts) cpu(bytes int64) float64 {
	return f.gcShare * min(ratio(float64(bytes), float64(f.allocated.Bytes)), 1)
}

// shortLived reports whether next to nothing of what the place allocates stays live. In
// the exact pass that is what an operation under way has, with as much again for the one
// before; entries of a cache, which are replaced in the end, are more. Snapshots are of
// a collector that marks while the program goes on: what it allocated meanwhile counts
// as live. One sample may stand for thousands of objects: a single one that is live, of
// many that were allocated, is no sign of a life.
func (f *facts) shortLived(p *place) bool {
	const most, few, many = 0.10, 2, 8
	if f.unit == PerOp {
		return float64(p.live.Objects) <= 2*f.per(p.alloc.Objects)+few
	}
	if p.alloc.Objects < fewest {
		return false // what is made once lives as long as it is needed
	}
	least := float64(few)
	if one := f.sample(); float64(p.alloc.Bytes) >= many*one && float64(p.live.Bytes) < 1.5*one {
		least = max(least, float64(p.live.Objects))
	}
	return float64(p.live.Objects) <= max(most*float64(p.alloc.Objects), least)
}

// sample is how many bytes one sample of the heap profile stands for, of small objects.
func (f *facts) sample() float64 {
	if f.last == nil {
		return 0
	}
	return float64(max(f.last.Rate, 0))
}

func (f *facts) size(bytes float64) string { return highwater.FormatBytes(bytes) }

// rate words bytes per unit: 4.1 KB an operation.
func (f *facts) rate(bytes int64) string { return f.size(f.per(bytes)) + f.words() }

// words are those of the unit; of all the time of a process the window speaks.
func (f *facts) words() string {
	if f.unit == PerProcess {
		return ""
	}
	return f.unit.Words()
}

func (f *facts) count(objects int64) string {
	n := f.per(objects)
	digits := 1
	if n >= 10 || n == float64(int64(n)) {
		digits = 0
	}
	text := strconv.FormatFloat(n, 'f', digits, 64) + " object"
	if n != 1 {
		text += "s"
	}
	return text + f.words()
}

// Words are such as: an operation.
func (p Per) Words() string {
	switch p {
	case PerOp:
		return " an operation"
	case PerSecond:
		return " a second"
	}
	return " since the process began"
}

// Over is the same in a table: /op.
func (p Per) Over() string {
	if p == PerProcess {
		return ""
	}
	return "/" + string(p)
}

// ofLive words a share of what is live. Samples may stand for more than there is.
func (f *facts) ofLive(bytes int64) string {
	of := "live memory"
	if f.profiled {
		of = "what the heap profile has live"
	}
	return percent(float64(min(bytes, f.live)), float64(f.live)) + " of " + of
}

// percent of the whole.
func percent(part, whole float64) string {
	return strconv.FormatFloat(100*ratio(part, whole), 'f', 0, 64) + " %"
}
