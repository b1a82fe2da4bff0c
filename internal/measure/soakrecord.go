package measure

import (
	"maps"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
)

// The bounds of a recorder. With all of them reached it takes about 50 MB.
const (
	// maxPoints is the largest number of points that are kept.
	maxPoints = 2000
	// maxTracks is the largest number of sites, or of groups of goroutines, whose
	// course is kept, and maxValues that of the figures in those courses.
	maxTracks = 4000
	maxValues = 4 << 20
)

// SoakRecorder makes a [highwater.Soak] of bounded size out of readings, however many
// there are. When there are too many points every second one is dropped, here and in
// all series; the last reading always is the last point. The course of every site and
// every group of goroutines is kept meanwhile, and the Soak has those that hold most
// or grow. Of too many sites, as from a program that makes and drops them, the ones
// that hold least and do not grow are forgotten; one that comes back is taken to have
// held nothing before.
//
// Its methods may be called by several goroutines.
type SoakRecorder struct {
	mu       sync.Mutex
	source   highwater.SoakSource
	interval time.Duration
	planned  time.Duration

	points   []highwater.SoakPoint
	readings int  // so far
	stride   int  // readings that a point stands for
	passing  bool // the last point goes when another comes
	sites    tracks[siteID, highwater.Site]
	groups   tracks[groupID, highwater.GoroutineSeries]
	first    []highwater.Mapping
	last     []highwater.Mapping
	maps     tracks[string, highwater.Mapping]
}

// siteID is what one site is within one process. Lines of one function have one
// fingerprint, and may take different courses.
type siteID struct {
	fingerprint string
	where       highwater.Frame
}

type groupID struct {
	fingerprint string
	created, at highwater.Frame
}

// NewSoakRecorder returns a recorder of readings that are interval apart, of a soak
// that is planned to take so long.
func NewSoakRecorder(source highwater.SoakSource, interval, planned time.Duration) *SoakRecorder {
	return &SoakRecorder{source: source, interval: interval, planned: planned, stride: 1}
}

// Add takes a reading: a point, and what goes with it. Sites and groups are all that
// there are, each group with one count: one that is not among them holds nothing.
// Mappings have their size in After. The recorder keeps what it is given.
func (r *SoakRecorder) Add(p highwater.SoakPoint, sites []highwater.Site, groups []highwater.GoroutineSeries, mappings []highwater.Mapping) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var before *highwater.SoakWork
	if r.passing {
		at := len(r.points) - 1
		before = r.points[at].Work
		r.points = r.points[:at]
		r.sites.truncate(at)
		r.groups.truncate(at)
		r.maps.truncate(at)
	}
	p.FDs = maps.Clone(p.FDs)
	p.Work = together(before, p.Work)
	at := len(r.points)
	r.points = append(r.points, p)
	for _, s := range sites {
		r.sites.add(siteID{s.Fingerprint, s.Where}, at, s.Bytes, s, joinSites)
	}
	for _, g := range groups {
		id := groupID{fingerprint: g.Fingerprint, created: g.Created}
		if len(g.Stack) > 0 {
			id.at = g.Stack[0]
		}
		if len(g.Counts) > 0 {
			r.groups.add(id, at, int64(g.Counts[0]), g, larger)
		}
	}
	if mappings != nil {
		if r.first == nil {
			r.first = mappings
		}
		r.last = mappings
	}
	for _, m := range r.last { // not looked at: as they were
		r.maps.add(m.Name, at, m.After, m, func(a, _ highwater.Mapping) highwater.Mapping { return a })
	}
	r.passing = r.readings%r.stride != 0
	r.readings++
	if len(r.points) > maxPoints {
		r.thin()
	}
	r.sites.forget(len(r.points))
	r.maps.forget(len(r.points))
	r.groups.forget(len(r.points))
}

// thin drops every second point, but for the last one. What was done up to a point
// that is dropped counts to the next.
func (r *SoakRecorder) thin() {
	var keep []int
	var points []highwater.SoakPoint
	var before *highwater.SoakWork
	last := len(r.points) - 1
	for i, p := range r.points {
		p.Work = together(before, p.Work)
		if i%2 != 0 && i != last {
			before = p.Work
			continue
		}
		before = nil
		keep = append(keep, i)
		points = append(points, p)
	}
	r.points = points
	r.stride *= 2
	r.passing = (r.readings-1)%r.stride != 0
	r.sites.keep(keep)
	r.groups.keep(keep)
	r.maps.keep(keep)
}

// Soak is what there is so far. Later readings do not change it.
func (r *SoakRecorder) Soak() highwater.Soak {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.points)
	s := highwater.Soak{
		Source: r.source, Interval: r.interval, Planned: r.planned, Thinned: r.stride,
		Points: append([]highwater.SoakPoint{}, r.points...), Mappings: moved(r.first, r.last),
	}
	for _, t := range r.sites.pick(n) {
		site := t.of
		if t.at(n-1) == 0 {
			site.Bytes, site.Objects, site.Share = 0, 0, 0 // it is not there any more
		}
		s.Sites = append(s.Sites, highwater.SiteSeries{Site: site, Bytes: t.series(n)})
	}
	for _, t := range r.groups.pick(n) {
		group := t.of
		group.Counts = make([]int, n)
		for i, count := range t.series(n) {
			group.Counts[i] = int(count)
		}
		s.Goroutines = append(s.Goroutines, group)
	}
	for i, m := range s.Mappings {
		if t := r.maps.by[m.Name]; t != nil {
			s.Mappings[i].Bytes = t.series(n)
		}
	}
	return s
}

// joinSites takes two sites of one reading together that are one to the recorder:
// they differ in a line of a caller.
func joinSites(a, b highwater.Site) highwater.Site {
	if b.Bytes > a.Bytes {
		a, b = b, a
	}
	a.Bytes += b.Bytes
	a.Objects += b.Objects
	a.Share += b.Share
	return a
}

func larger(a, b highwater.GoroutineSeries) highwater.GoroutineSeries {
	if b.Counts[0] > a.Counts[0] {
		return b
	}
	return a
}
