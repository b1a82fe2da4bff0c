package target

import "time"

// Tree is what was seen of a process tree from outside, in bytes. A figure that
// could not be had is 0, and has no source.
type Tree struct {
	// Main is the kernel's high-water mark of the process that was started.
	Main int64 `json:"main,omitempty"`
	// Footprint is the highest sum of the high-water marks of processes that lived
	// at one look, and no less than that of any one process.
	Footprint int64 `json:"footprint,omitempty"`
	// PSS is the highest proportional set size of the whole tree at one look.
	PSS int64 `json:"pss,omitempty"`
	// Missed is what a process reached that no look has met, so that PSS is without it.
	Missed int64 `json:"missed,omitempty"`
	// Cgroup is the highest memory use of the control group of the tree.
	Cgroup int64 `json:"cgroup,omitempty"`

	// Series is the proportional set size over time, at most [maxSeries] points.
	Series []TreePoint `json:"series,omitempty"`

	// How each figure was had, "" for one that was not.
	MainSource      string `json:"main_source,omitempty"`
	FootprintSource string `json:"footprint_source,omitempty"`
	PSSSource       string `json:"pss_source,omitempty"`
	CgroupSource    string `json:"cgroup_source,omitempty"`

	Notes []string `json:"notes,omitempty"`
}

// TreePoint is one look at a tree, or the highest of several that follow each
// other.
type TreePoint struct {
	At        time.Duration `json:"at"` // since the start
	PSS       int64         `json:"pss"`
	Processes int           `json:"processes"`
}

// maxSeries is the largest number of points in a series.
const maxSeries = 300

// series keeps the course of a figure in a bounded number of points: when there
// are too many, each two become the higher of them, and from then on each point is
// the highest of twice as many looks.
type series struct {
	points []TreePoint
	stride int // looks in a point
	in     int // looks in the last one
}

func (s *series) add(p TreePoint) {
	s.stride = max(s.stride, 1)
	if s.in < s.stride && len(s.points) > 0 {
		s.points[len(s.points)-1] = higher(s.points[len(s.points)-1], p)
		s.in++
		return
	}
	if len(s.points) == maxSeries {
		for i := range maxSeries / 2 {
			s.points[i] = higher(s.points[2*i], s.points[2*i+1])
		}
		s.points = s.points[:maxSeries/2]
		s.stride *= 2
	}
	s.points, s.in = append(s.points, p), 1
}

func higher(a, b TreePoint) TreePoint {
	if b.PSS > a.PSS {
		return b
	}
	return a
}
