package live

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
)

// Points is how many of the newest looks are kept one by one, and how many points all
// the time since the beginning is thinned to at most.
const Points = 600

// Point is one look in the course over time. What it did not see is NaN.
type Point struct {
	At                                time.Time
	Live, Heap, Goal, RSS, Goroutines float64
	// AllocRate is in bytes a second, and GCShare the collector's part of the CPU time:
	// as [Rates] has them.
	AllocRate, GCShare float64
}

func pointOf(s *highwater.Snapshot, marks []mark) Point {
	seen := func(n int64) float64 {
		if n <= 0 {
			return math.NaN()
		}
		return float64(n)
	}
	r := ratesOf(marks, s)
	return Point{
		At: s.At, Live: seen(s.Memory.Live), Heap: seen(s.Memory.Heap), Goal: seen(s.Memory.Goal), RSS: seen(s.Memory.RSS),
		Goroutines: seen(int64(s.Goroutines)), AllocRate: r.AllocBytes, GCShare: r.GCShare,
	}
}

// series is the course over time in bounded memory. Its slices are only ever appended
// to, or replaced: what was handed out stays as it was.
type series struct {
	recent []Point
	all    []Point
	stride int // looks that a point of all stands for
	part   Point
	parts  int // looks in part
}

func (s *series) add(p Point) {
	if len(s.recent) >= 2*Points {
		s.recent = append(make([]Point, 0, 2*Points), s.recent[len(s.recent)-Points+1:]...)
	}
	s.recent = append(s.recent, p)
	s.stride = max(s.stride, 1)
	if s.parts == 0 {
		s.part = p
	} else {
		s.part = merge(s.part, p)
	}
	if s.parts++; s.parts < s.stride {
		return
	}
	s.all, s.parts = append(s.all, s.part), 0
	if len(s.all) < Points {
		return
	}
	thinned := make([]Point, 0, Points)
	for i := 0; i+1 < len(s.all); i += 2 {
		thinned = append(thinned, merge(s.all[i], s.all[i+1]))
	}
	s.all, s.stride = thinned, 2*s.stride
}

// frozen is the newest looks and the whole time. The whole begins at the first look and
// ends at the newest one, also where its last point still waits for looks.
func (s *series) frozen() (recent, all []Point) {
	recent = s.recent[max(len(s.recent)-Points, 0):len(s.recent):len(s.recent)]
	all = s.all[:len(s.all):len(s.all)]
	if s.parts > 0 {
		all = append(all, s.part) // a copy, since there is no room behind
	}
	return recent, all
}

// merge is one point for two: the higher of each figure, so that thinning hides no peak.
func merge(a, b Point) Point {
	high := func(x, y float64) float64 {
		if math.IsNaN(x) || y > x {
			return y
		}
		return x
	}
	return Point{
		At: b.At, Live: high(a.Live, b.Live), Heap: high(a.Heap, b.Heap), Goal: high(a.Goal, b.Goal), RSS: high(a.RSS, b.RSS),
		Goroutines: high(a.Goroutines, b.Goroutines), AllocRate: high(a.AllocRate, b.AllocRate), GCShare: high(a.GCShare, b.GCShare),
	}
}
