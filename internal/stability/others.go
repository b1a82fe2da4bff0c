package stability

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// How many more there must be of what is counted. Threads stay when the goroutine that
// needed them has gone, so that a program may collect a few for a while.
var leastMore = map[string]float64{
	kindGoroutines: 10, kindFDs: 10, kindThreads: 10, kindChildren: 5,
}

// The kinds of suspects.
const (
	kindSite       = "site"
	kindGoroutines = "goroutines"
	kindFDs        = "fds"
	kindThreads    = "threads"
	kindChildren   = "children"
	kindMapping    = "mapping"
)

// others appends the suspects among what is counted.
func (a *assessed) others() {
	v := a.view
	if v.len() < MinCheckpoints {
		return
	}
	groups := 0
	for i, g := range v.soak.Goroutines {
		l, ok := v.group(i)
		if !ok {
			continue
		}
		where := g.Created
		site := &highwater.Site{Where: where, Stack: g.Stack, Fingerprint: g.Fingerprint}
		name := "goroutines of " + where.Place()
		if g.State != "" {
			name += ", in " + g.State
		}
		if a.count(l, kindGoroutines, name, g.Fingerprint, site) {
			groups++
		}
	}
	if groups == 0 && !v.lacks(highwater.QuantityGoroutines) {
		// Their groups are the largest ones only.
		// Or they are so many that they are seldom looked at: most are of one origin.
		name, fingerprint, site := a.mostGrown()
		a.count(v.of(func(p highwater.SoakPoint) float64 { return float64(p.Goroutines) }), kindGoroutines, name, fingerprint, site)
	}
	kinds := map[string]bool{}
	for _, i := range v.keep {
		for kind := range v.soak.Points[i].FDs {
			kinds[kind] = true
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		a.count(v.of(func(p highwater.SoakPoint) float64 { return float64(p.FDs[kind]) }), kindFDs, fmt.Sprintf("descriptors (%s)", kind), "", nil)
	}
	a.count(v.of(func(p highwater.SoakPoint) float64 { return float64(p.Threads) }), kindThreads, "threads", "", nil)
	a.count(v.of(func(p highwater.SoakPoint) float64 { return float64(p.Children) }), kindChildren, "child processes", "", nil)
	a.withoutRuntime()
	if a.Course != highwater.CourseUnjudged && !v.lacks(highwater.QuantityOffHeap) {
		least := mappingBytes
		if a.piles(kindGoroutines, kindThreads, kindFDs) {
			least = offHeapBytes
		}
		for _, s := range a.Suspects {
			if s.Kind == kindThreads {
				least += threadBytes * float64(s.After-s.Before)
			}
		}
		a.Suspects = append(a.Suspects, a.mapped(least)...)
	}
}

// threadBytes is what a thread may touch of a stack that the C library has made for it.
const threadBytes = 64 * 1024

// piles reports whether there is a suspect of one of these kinds. What piles up takes
// memory outside of the heap as well, such as the stacks of threads: a mapping that grows
// meanwhile is another leak only when it grows by more than that.
func (a *assessed) piles(kinds ...string) bool {
	return slices.ContainsFunc(a.Suspects, func(s highwater.Suspect) bool { return slices.Contains(kinds, s.Kind) })
}

// mostGrown is the group of goroutines that has grown most, if that is most of what all
// have; else it stands for all.
func (a *assessed) mostGrown() (name, fingerprint string, site *highwater.Site) {
	v := a.view
	first, last := v.keep[0], v.keep[v.len()-1]
	grown := v.soak.Points[last].Goroutines - v.soak.Points[first].Goroutines
	name = "goroutines"
	most := grown / 2
	for _, g := range v.soak.Goroutines {
		if len(g.Counts) != len(v.soak.Points) {
			continue
		}
		if more := g.Counts[last] - g.Counts[first]; more > most {
			most = more
			name, fingerprint = "goroutines of "+g.Created.Place(), g.Fingerprint
			site = &highwater.Site{Where: g.Created, Stack: g.Stack, Fingerprint: g.Fingerprint}
		}
	}
	return name, fingerprint, site
}

// withoutRuntime takes out the sites at which the runtime itself allocates, where
// goroutines or threads pile up: it is for them.
func (a *assessed) withoutRuntime() {
	if !a.piles(kindGoroutines, kindThreads) {
		return
	}
	a.Suspects = slices.DeleteFunc(a.Suspects, func(s highwater.Suspect) bool {
		return s.Kind == kindSite && !slices.ContainsFunc(s.Site.Stack, func(f highwater.Frame) bool { return !strings.HasPrefix(f.Func, "runtime.") })
	})
	a.sites = slices.ContainsFunc(a.Suspects, func(s highwater.Suspect) bool { return s.Kind == kindSite })
}

// count adds a suspect if the series climbs.
func (a *assessed) count(l line, kind, name, fingerprint string, site *highwater.Site) bool {
	// Counts need no warm-up but what their own course shows: a pool that fills stops.
	c, ok := climbs(l, 0, leastMore[kind])
	if !ok {
		return false
	}
	first, last := c.points.ends()
	s := highwater.Suspect{
		Kind: kind, Site: site, Name: name, Before: bytes(first), After: bytes(last),
		PerHour: finite(c.slope * 3600), Tau: c.tau, Status: statusNew, Fingerprint: fingerprint,
	}
	if pace := a.view.pace(); pace > 0 {
		s.PerOp = finite(c.slope / pace)
	}
	a.Suspects = append(a.Suspects, s)
	return true
}

// What memory outside the Go heap must grow by. It is the difference of two accounts
// that are read one after the other, of pages that the kernel hands out when they are
// first touched: the threshold is far above that of live memory.
const (
	offHeapBytes   = 4 * float64(highwater.MB)
	accountShare   = 0.3 // of the growth, by which the runtime's account may grow meanwhile
	confirmedShare = 0.5 // of the growth, that mappings must show
)

// offHeap judges resident memory less the runtime's account. With mappings that grew by
// half as much it is a leak; where there is no word of mappings it takes the rule for
// resident memory alone.
func (a *assessed) offHeap() (tr trend, leak bool, names []highwater.Mapping) {
	v := a.view
	if v.len() < MinCheckpoints || v.lacks(highwater.QuantityOffHeap) || v.lacks(highwater.QuantityRSS) {
		return trend{}, false, nil
	}
	held := v.of(account)
	if slices.Max(held.y) <= 0 {
		return trend{}, false, nil
	}
	// Below zero there are pages that were never touched; they are no memory given back.
	l := v.of(func(p highwater.SoakPoint) float64 { return math.Max(float64(p.RSS)-float64(p.Runtime), 0) })
	tr, leak = whole(l, warmUp(l))
	first, last := held.from(v.len() - tr.points.len()).ends()
	if !leak || tr.growth < offHeapBytes || last-first > accountShare*tr.growth {
		return tr, false, nil
	}
	if len(v.soak.Mappings) == 0 {
		return tr, creeps(l), nil
	}
	var grown float64
	for _, m := range v.soak.Mappings {
		if d := float64(m.After) - float64(m.Before); d > 0 {
			grown += d
			names = append(names, m)
		}
	}
	slices.SortStableFunc(names, func(x, y highwater.Mapping) int {
		return -compare(float64(x.After)-float64(x.Before), float64(y.After)-float64(y.Before))
	})
	return tr, grown >= confirmedShare*tr.growth, names[:min(len(names), 3)]
}

// What one kind of mapping must grow by: within seconds as much as memory outside the heap
// as a whole, since a process that has just begun touches pages for the first time, and at
// least such a share of what the runtime's own account grows meanwhile, since its tables are
// touched as the heap grows, a few percent of it.
const (
	mappingBytes = 512 * float64(highwater.KB)
	youngSpan    = 10 // seconds that are judged, of the soak's last three quarters
	touchedShare = 0.08
)

// mapped are the kinds of mappings that grow at nearly every checkpoint and are not the
// Go heap's: what C allocates, and anonymous memory less the runtime's own tables, which
// lie there, too. Files are mapped as a whole, and their pages come in as they are used.
// Each must grow by least bytes.
func (a *assessed) mapped(least float64) []highwater.Suspect {
	v := a.view
	if v.len() < MinCheckpoints {
		return nil
	}
	tables := v.of(func(p highwater.SoakPoint) float64 { return float64(p.Bookkeeping) })
	var all []highwater.Suspect
	for _, m := range v.soak.Mappings {
		l, ok := among(v, m.Bytes)
		switch {
		case !ok || slices.Max(tables.y) <= 0:
			continue
		case m.Name == "anonymous":
			for i := range l.y {
				l.y[i] -= tables.y[i]
			}
		case m.Name != "[heap]":
			continue
		}
		// What they do while the heap warms up says nothing.
		rest := l.from(max(a.warm, l.len()/4))
		must := least
		if rest.span() < youngSpan {
			must = math.Max(least, offHeapBytes)
		}
		c, ok := climbs(rest, 0, must)
		start, end := v.of(account).from(v.len() - c.points.len()).ends()
		if !ok || c.growth < touchedShare*(end-start) {
			continue
		}
		full, _ := among(v, m.Bytes) // with the tables
		before, after := full.from(v.len() - c.points.len()).ends()
		all = append(all, highwater.Suspect{
			Kind: kindMapping, Name: m.Name, Before: bytes(before), After: bytes(after), PerHour: finite(c.slope * 3600),
			Tau: c.tau, Status: statusNew, Fingerprint: "mapping:" + m.Name,
		})
	}
	return all
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// What resident memory alone must do to be called growing, by the last three quarters
// of the soak.
const (
	creepSpan   = 600 // seconds, or
	creepPoints = 120 // checkpoints
	creepBytes  = 8 * float64(highwater.MB)
	creepShare  = 0.15 // of what there was
	creepTau    = 0.9
	creepPace   = 0.75 // of the first quarter's rate and of the whole, that the last must have
)

// creeps judges resident memory where nothing else is to be seen. It holds garbage not
// yet collected and pages not yet given back, and creeps up for long in programs that
// leak nothing; so it must rise in every quarter, in the last as fast as before, and by
// a good part of what there was. It cannot find what is slower than that.
func creeps(l line) bool {
	l = l.from(l.len() / 4)
	if l.len() < 15 || l.span() < creepSpan && l.len() < creepPoints {
		return false
	}
	tr := look(l)
	if !tr.leaks() || tr.growth < math.Max(creepBytes, creepShare*tr.fit.At(l.t[0])) || tr.tau() <= creepTau {
		return false
	}
	var gains [4]float64
	b := tr.blocks
	k := b.len()
	for q := range gains {
		part := b.from(q * (k - 1) / 4).to((q+1)*(k-1)/4 - q*(k-1)/4 + 1)
		gains[q] = stat.FitLine(part.t, part.y).Slope
	}
	for _, g := range gains {
		if !(g > 0.3*tr.fit.Slope) {
			return false
		}
	}
	return gains[3] >= creepPace*gains[0] && gains[3] >= creepPace*tr.fit.Slope &&
		gains[2]+gains[3] >= 0.85*(gains[0]+gains[1])
}
