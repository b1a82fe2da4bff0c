package measure

import (
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
)

// SoakRecorder turns readings into a soak.
type SoakRecorder struct {
	mu sync.Mutex
	s  highwater.Soak
	by map[string]*highwater.SiteSeries
	gs map[string]*highwater.GoroutineSeries
}

// NewSoakRecorder begins a soak without points.
func NewSoakRecorder(source highwater.SoakSource, interval, planned time.Duration) *SoakRecorder {
	return &SoakRecorder{s: highwater.Soak{Source: source, Interval: interval, Planned: planned, Thinned: 1}, by: map[string]*highwater.SiteSeries{}, gs: map[string]*highwater.GoroutineSeries{}}
}

// Add takes one checkpoint.
func (r *SoakRecorder) Add(p highwater.SoakPoint, sites []highwater.Site, groups []highwater.GoroutineSeries, mappings []highwater.Mapping) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.s.Points)
	r.s.Points = append(r.s.Points, p)
	for _, s := range sites {
		b := r.by[s.Fingerprint]
		if b == nil {
			b = &highwater.SiteSeries{}
			r.by[s.Fingerprint] = b
		}
		b.Site = s
		for len(b.Bytes) <= n {
			b.Bytes = append(b.Bytes, 0)
		}
		b.Bytes[n] += s.Bytes
	}
	for _, g := range groups {
		b := r.gs[g.Fingerprint]
		if b == nil {
			b = &highwater.GoroutineSeries{Created: g.Created, State: g.State, Stack: g.Stack, Fingerprint: g.Fingerprint}
			r.gs[g.Fingerprint] = b
		}
		for len(b.Counts) <= n {
			b.Counts = append(b.Counts, 0)
		}
		b.Counts[n] += g.Counts[0]
	}
}

// Soak is all so far.
func (r *SoakRecorder) Soak() highwater.Soak {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.s
	n := len(s.Points)
	for _, b := range r.by {
		for len(b.Bytes) < n {
			b.Bytes = append(b.Bytes, 0)
		}
		s.Sites = append(s.Sites, *b)
	}
	for _, b := range r.gs {
		for len(b.Counts) < n {
			b.Counts = append(b.Counts, 0)
		}
		s.Goroutines = append(s.Goroutines, *b)
	}
	return s
}
