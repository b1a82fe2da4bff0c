package report

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
)

// floats are n values of a series, with no value where the series is too short.
func floats[T int | int64](n int, values []T) []float64 {
	fs := make([]float64, n)
	for i := range fs {
		fs[i] = math.NaN()
		if i < len(values) {
			fs[i] = float64(values[i])
		}
	}
	return fs
}

// values are one figure of every point.
func (s soaked) values(of func(highwater.SoakPoint) int64) []float64 {
	fs := make([]float64, len(s.series.Points))
	for i, p := range s.series.Points {
		fs[i] = float64(of(p))
	}
	return fs
}

// worked are one figure of the work of every point, in seconds, with no value where
// nobody counted.
func (s soaked) worked(of func(*highwater.SoakWork) time.Duration) []float64 {
	fs := make([]float64, len(s.series.Points))
	for i, p := range s.series.Points {
		fs[i] = math.NaN()
		if p.Work != nil && p.Work.Ops > 0 {
			fs[i] = of(p.Work).Seconds()
		}
	}
	return fs
}

// throughput is operations a second between each point and the one before.
func (s soaked) throughput() []float64 {
	fs := make([]float64, len(s.series.Points))
	for i, p := range s.series.Points {
		fs[i] = math.NaN()
		since := p.At
		if i > 0 {
			since -= s.series.Points[i-1].At
		}
		if p.Work == nil || since <= 0 {
			continue
		}
		ops := p.Work.Ops
		// Where points were thinned out, their work may be of the last part alone.
		if i > 0 && p.Op > s.series.Points[i-1].Op {
			ops = p.Op - s.series.Points[i-1].Op
		}
		fs[i] = float64(ops) / time.Duration(since).Seconds()
	}
	return fs
}

// judged is the series that the judgement is of.
func (s soaked) judged() []float64 {
	if s.Of == highwater.QuantityRSS {
		return s.values(func(p highwater.SoakPoint) int64 { return p.RSS })
	}
	return s.values(highwater.SoakPoint.Live)
}

// trend is the line through what followed the warm-up, at two times in seconds, and
// how far the interval of its slope spreads at both ends. The lines of an interval
// cross in the middle, where a slope says nothing of the level.
type trend struct {
	from, to       float64
	start, end     float64
	lowAt, highAt  float64 // at the start, along the steepest and the flattest line
	lowEnd, highTo float64 // at the end
}

// trend returns false where there is none to draw.
func (s soaked) trend() (trend, bool) {
	t := trend{from: s.Warm.Seconds(), to: s.Elapsed.Seconds()}
	ts := s.times()
	if len(ts) > 0 {
		t.to = max(t.to, ts[len(ts)-1])
	}
	r := s.PerHour
	if s.Course == highwater.CourseShort || t.to <= t.from || !finite(r.Center) || !finite(r.Low) || !finite(r.High) {
		return trend{}, false
	}
	if s.Course == highwater.CourseUnjudged && r == (highwater.Rate{}) {
		return trend{}, false
	}
	half := (t.to - t.from) / 2
	const hour = 3600
	t.start = float64(s.Initial)
	t.end = t.start + r.Center/hour*2*half
	middle := (t.start + t.end) / 2
	t.lowAt, t.highAt = middle-r.High/hour*half, middle-r.Low/hour*half
	t.lowEnd, t.highTo = middle+r.Low/hour*half, middle+r.High/hour*half
	return t, true
}
