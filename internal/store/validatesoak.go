package store

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// What a soak may have at most; its recorder stays far below.
const (
	maxPoints = 20_000
	maxSeries = 1_000
)

// checkSoak holds the series of a soak to what those who read them rely on: they are
// parallel to its points, which go forward in time.
func checkSoak(s *highwater.Soak) error {
	if s == nil {
		return nil
	}
	n := len(s.Points)
	if n > maxPoints || len(s.Sites) > maxSeries || len(s.Goroutines) > maxSeries || len(s.Mappings) > maxSeries {
		return fmt.Errorf("soak: %d points, %d sites, %d groups of goroutines and %d mappings: too many for a Run file", n, len(s.Sites), len(s.Goroutines), len(s.Mappings))
	}
	for i, p := range s.Points {
		switch {
		case p.At < 0 || i > 0 && p.At < s.Points[i-1].At:
			return fmt.Errorf("soak: point %d is at %d ns, before the one before it", i, p.At)
		case p.Op < 0 || i > 0 && p.Op < s.Points[i-1].Op:
			return fmt.Errorf("soak: point %d has fewer operations than the one before it", i)
		}
	}
	for i, site := range s.Sites {
		if len(site.Bytes) != n {
			return fmt.Errorf("soak: site %d has %d values for %d points", i, len(site.Bytes), n)
		}
	}
	for i, g := range s.Goroutines {
		if len(g.Counts) != n {
			return fmt.Errorf("soak: group %d has %d counts for %d points", i, len(g.Counts), n)
		}
	}
	for i, m := range s.Mappings {
		if len(m.Bytes) != 0 && len(m.Bytes) != n {
			return fmt.Errorf("soak: mapping %d has %d values for %d points", i, len(m.Bytes), n)
		}
	}
	return nil
}
