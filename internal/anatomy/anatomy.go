package anatomy

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/live"
)

// Options say what of a process is wanted.
type Options struct {
	Module    string                     // path of the program's own module; "" where it is not known
	Target    func(function string) bool // sites and groups with such a function; nil: all
	Threshold int64                      // bytes that a site holds at least, to be listed
	Most      int                        // rows of each list; 0: 10
}

func (o Options) most() int { return cmp.Or(o.Most, 10) }

func (o Options) keeps(at highwater.Frame, stack []highwater.Frame) bool {
	return o.Target == nil || o.Target(at.Func) || slices.ContainsFunc(stack, func(f highwater.Frame) bool { return o.Target(f.Func) })
}

// Anatomy is where the bytes of a process are. Bytes are counts, shares and rates ratios
// and figures a second; what is not known is absent, and Lacks says why.
type Anatomy struct {
	Name    string        `json:"name"`
	Go      string        `json:"go,omitempty"`
	Source  string        `json:"source"`
	At      time.Time     `json:"at"`
	Watched time.Duration `json:"watched_ns"`
	Looks   int           `json:"looks"`
	Ended   string        `json:"ended,omitempty"`

	RSS   int64  `json:"rss_bytes,omitempty"`
	Parts []Part `json:"parts,omitempty"` // of RSS: they add up to it

	Memory     live.Memory `json:"memory"`
	Packages   []Package   `json:"packages,omitempty"` // most live bytes first
	Sites      []Hotspot   `json:"sites,omitempty"`    // the same
	Profiled   int64       `json:"profiled_bytes"`     // what the profile accounts for, live
	Rate       int         `json:"profile_rate,omitempty"`
	Sizes      *Sizes      `json:"sizes,omitempty"` // nil where nothing tells of them
	Goroutines Goroutines  `json:"goroutines"`
	Collector  Collector   `json:"collector"`
	Course     []Course    `json:"course,omitempty"` // how memory went while it was watched

	Findings []Finding                     `json:"findings"` // most important first
	Lacks    map[highwater.Quantity]string `json:"lacks,omitempty"`
}

// Part is a part of a whole.
type Part struct {
	highwater.Part
	Share float64 `json:"share"`
	// What is what is in it, for people.
	What string `json:"what"`
}

// Package is what one package holds and allocates: that of the function outside of the
// runtime and the standard library which is nearest to the allocation.
type Package struct {
	Path      string   `json:"path"`
	Bytes     int64    `json:"live_bytes"`
	Objects   int64    `json:"live_objects"`
	Share     float64  `json:"share"`                            // of all live bytes of the profile
	Allocated int64    `json:"allocated_bytes"`                  // since the process began
	Rate      *float64 `json:"alloc_bytes_per_second,omitempty"` // while it was watched
	Own       bool     `json:"own,omitempty"`                    // of the program's own module
}

// Goroutines are how many there are, and what they do.
type Goroutines struct {
	Count  int                        `json:"count"`
	Stacks int64                      `json:"stack_bytes"`
	Each   int64                      `json:"stack_bytes_each,omitempty"` // on average, threads' stacks among them
	States map[string]int             `json:"states,omitempty"`
	Groups []highwater.GoroutineGroup `json:"groups,omitempty"` // the largest first
}

// Collector is what garbage collection costs.
type Collector struct {
	Cycles   int64          `json:"cycles"`
	Forced   int64          `json:"forced"`
	GOGC     int            `json:"gogc,omitempty"` // in percent, -1 for off; 0 where the source does not tell
	Goal     int64          `json:"goal_bytes"`
	Limit    int64          `json:"limit_bytes,omitempty"`
	Share    *float64       `json:"cpu_share,omitempty"` // of all CPU time while it was watched, idle included
	Pressure *float64       `json:"pressure,omitempty"`
	Rate     *float64       `json:"cycles_per_second,omitempty"`
	Assist   *float64       `json:"assist_share,omitempty"`
	P99      time.Duration  `json:"pause_p99_ns,omitempty"`
	Max      time.Duration  `json:"pause_max_ns,omitempty"`
	Limited  bool           `json:"limited,omitempty"` // the CPU limiter has held it back
	Why      map[string]int `json:"triggers,omitempty"`
}

// what is in the parts of resident memory.
var what = map[string]string{
	highwater.PartLive:      "objects that the last collection could reach",
	highwater.PartNew:       "allocated since, or garbage that waits for the next collection",
	live.PartHeap:           "all objects, live ones among them: the source does not tell which",
	highwater.PartUnused:    "room in spans that hold objects: size classes, and what was freed among what lives",
	highwater.PartStacks:    "of goroutines and threads",
	highwater.PartMetadata:  "the runtime's own: tables of spans, bitmaps, profiles",
	highwater.PartFree:      "freed, and kept for the next allocations",
	PartFiles:               "pages of files: the program's own code, libraries, mapped data",
	highwater.PartOffHeap:   "not the Go runtime's: the program's data, C, mmap",
	highwater.PartUntouched: "held by the runtime, and not resident since nobody touched it",
}

// PartFiles is the part of resident memory that is pages of files.
const PartFiles = "mapped files"

// parts are those of [live.Parts], with what is of files taken out of what
// lies off the heap: they still add up to RSS.
func parts(s *highwater.Snapshot) []highwater.Part {
	all, m := live.Parts(s), s.Memory
	for i, p := range all {
		if p.Name == highwater.PartOffHeap && m.Files > 0 && p.Bytes > 0 {
			files := min(m.Files, p.Bytes)
			all[i].Bytes -= files
			all = slices.Insert(all, i, highwater.Part{Name: PartFiles, Bytes: files})
			break
		}
	}
	return all
}

// Analyse takes what was seen of a process apart.
func Analyse(v live.View, o Options) Anatomy {
	s := v.Snapshot
	a := Anatomy{
		Name: s.Name, Go: s.Go, Source: string(s.Source), At: s.At, Watched: s.At.Sub(v.Began), Looks: v.Looks, Ended: cmp.Or(v.Ended, s.Ended),
		RSS: s.Memory.RSS, Memory: live.MemoryOf(&s), Rate: s.Rate, Lacks: s.Lacks,
	}
	for _, p := range parts(&s) {
		a.Parts = append(a.Parts, Part{p, ratio(p.Bytes, s.Memory.RSS), what[p.Name]})
	}
	a.Sites = Hotspots(v, o)
	a.Packages, a.Profiled = packages(v, o)
	if n := 4 * o.most(); len(a.Sites) > n {
		a.Sites = a.Sites[:n]
	}
	a.Sizes = sizesOf(v, o)
	a.Goroutines = goroutinesOf(v, o)
	a.Collector = collectorOf(v)
	a.Course = courses(v)
	a.Findings = findings(a, v)
	return a
}

func ratio(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// known is a figure that may be unknown.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func packages(v live.View, o Options) (all []Package, total int64) {
	by := map[string]*Package{}
	for _, s := range v.Sites {
		total += s.Bytes
		if !o.keeps(s.Where, s.Stack) {
			continue
		}
		path := heap.Package(s.Where.Func)
		p := by[path]
		if p == nil {
			p = &Package{Path: path, Own: heap.InModule(path, o.Module)}
			by[path] = p
		}
		p.Bytes += s.Bytes
		p.Objects += s.Objects
		p.Allocated += s.Allocated.Bytes
		if r := known(s.Rate); r != nil {
			if p.Rate == nil {
				p.Rate = new(float64)
			}
			*p.Rate += *r
		}
	}
	for _, p := range by {
		p.Share = ratio(p.Bytes, total)
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b Package) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Allocated, a.Allocated), cmp.Compare(a.Path, b.Path))
	})
	return all, total
}

func goroutinesOf(v live.View, o Options) Goroutines {
	s := v.Snapshot
	g := Goroutines{Count: s.Goroutines, Stacks: s.Memory.Stacks, States: s.States}
	if g.Count > 0 {
		g.Each = g.Stacks / int64(g.Count)
	}
	for _, r := range v.Groups {
		if o.keeps(r.Created, r.Stack) {
			g.Groups = append(g.Groups, r.GoroutineGroup)
		}
	}
	return g
}

func collectorOf(v live.View) Collector {
	s, r := v.Snapshot, v.Rates
	c := Collector{
		Cycles: s.GC.Cycles, Forced: s.GC.Forced, GOGC: s.GC.GOGC, Goal: s.Memory.Goal, Limit: s.Memory.Limit,
		Share: known(r.GCShare), Pressure: known(r.Pressure), Rate: known(r.Cycles), Assist: known(r.AssistShare),
		P99: v.Pauses.P99, Max: v.Pauses.Max, Limited: s.GC.Limited > 0,
	}
	for _, row := range v.Cycles {
		if row.Why != "" {
			if c.Why == nil {
				c.Why = map[string]int{}
			}
			c.Why[row.Why]++
		}
	}
	return c
}
