package main

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// judge says whether a soak shows a leak.
type judge func(*highwater.Soak) bool

// detected is when the leak was to be seen: the earliest checkpoint at which the soak
// until then would have been judged to leak. It is false where there was none.
func detected(s *highwater.Soak, leaks judge) (time.Duration, bool) {
	for n := 2; n <= len(s.Points); n++ {
		if leaks(prefix(s, n)) {
			return time.Duration(s.Points[n-1].At), true
		}
	}
	return 0, false
}

// prefix is the soak as it was after n checkpoints. Which sites and goroutines have a
// series was decided at the end, as those that hold most or have grown most: one that
// leaks is among them in time.
func prefix(s *highwater.Soak, n int) *highwater.Soak {
	p := *s
	p.Points = s.Points[:n:n]
	p.Sites, p.Goroutines = nil, nil
	for _, site := range s.Sites {
		if m := min(n, len(site.Bytes)); m > 0 {
			site.Bytes = site.Bytes[:m:m]
			p.Sites = append(p.Sites, site)
		}
	}
	for _, g := range s.Goroutines {
		if m := min(n, len(g.Counts)); m > 0 {
			g.Counts = g.Counts[:m:m]
			p.Goroutines = append(p.Goroutines, g)
		}
	}
	p.Mappings, p.Blocked, p.Ended = nil, nil, ""
	for _, mapping := range s.Mappings {
		if m := min(n, len(mapping.Bytes)); m > 0 {
			mapping.Bytes = mapping.Bytes[:m:m]
			mapping.After = mapping.Bytes[m-1]
			p.Mappings = append(p.Mappings, mapping)
		}
	}
	return &p
}
