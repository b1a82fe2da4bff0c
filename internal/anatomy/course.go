package anatomy

import (
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Course is how a figure went while it was watched.
type Course struct {
	Name        string        `json:"name"` // live heap, heap, resident memory, goroutines
	Shape       Shape         `json:"shape"`
	From        float64       `json:"from"`
	To          float64       `json:"to"`
	Low         float64       `json:"low"`
	High        float64       `json:"high"`
	PerHour     float64       `json:"per_hour"` // of a straight line through it; 0 but for shapes that grow
	Looks       int           `json:"looks"`
	Over        time.Duration `json:"over_ns"`
	Explained   float64       `json:"explained,omitempty"` // R² of the shape's curve, 0 to 1
	Count       bool          `json:"count,omitempty"`     // of things, not of bytes
	Description string        `json:"description"`         // of the rule that it met
}

// Shape is what a course looks like.
type Shape string

// The shapes.
const (
	ShapeUnknown     Shape = "unknown" // too few looks
	ShapeConstant    Shape = "constant"
	ShapeLinear      Shape = "linear"
	ShapeLogarithmic Shape = "logarithmic" // it grows ever more slowly
	ShapeExponential Shape = "exponential" // it grows ever faster
	ShapeStep        Shape = "step"
	ShapeSawtooth    Shape = "sawtooth"
	ShapeIrregular   Shape = "irregular"
)

// rules say how the shapes are told, in the order in which they are tried.
var rules = map[Shape]string{
	ShapeUnknown:     "fewer than twelve looks",
	ShapeConstant:    "it stayed within 5 % or 64 KB",
	ShapeSawtooth:    "it fell twice and more by over 40 % of its range, and rose again",
	ShapeStep:        "two levels leave less than a tenth of the variance, and one look lies between them",
	ShapeLinear:      "a straight line explains 90 % and more, and no curve halves what it leaves",
	ShapeLogarithmic: "a logarithm explains 90 % and more, and leaves less than half of what a line does",
	ShapeExponential: "an exponential explains 90 % and more, and leaves less than half of what a line does",
	ShapeIrregular:   "none of the other shapes",
}

const (
	leastLooks  = 12
	flatShare   = 0.05
	toothShare  = 0.4
	stepLeft    = 0.1
	goodFit     = 0.9
	betterCurve = 0.5 // of what a line leaves, that a curve may leave
	flatBytes   = 64e3
	flatCount   = 2
)

// courses are those of the figures that were seen.
func courses(v live.View) []Course {
	var all []Course
	for _, f := range []struct {
		name  string
		of    func(*live.Point) float64
		count bool
	}{
		{"live heap", func(p *live.Point) float64 { return p.Live }, false},
		{"heap with garbage", func(p *live.Point) float64 { return p.Heap }, false},
		{"resident memory", func(p *live.Point) float64 { return p.RSS }, false},
		{"goroutines", func(p *live.Point) float64 { return p.Goroutines }, true},
	} {
		var t, y []float64
		for i := range v.All {
			if x := f.of(&v.All[i]); !math.IsNaN(x) {
				t = append(t, v.All[i].At.Sub(v.Began).Seconds())
				y = append(y, x)
			}
		}
		if len(y) == 0 {
			continue
		}
		c := courseOf(t, y, f.count)
		c.Name = f.name
		all = append(all, c)
	}
	return all
}

// courseOf says what a series looks like: seconds, and bytes or a count.
func courseOf(t, y []float64, count bool) Course {
	c := Course{From: y[0], To: y[len(y)-1], Low: slices.Min(y), High: slices.Max(y), Looks: len(y), Count: count}
	c.Over = time.Duration((t[len(t)-1] - t[0]) * float64(time.Second))
	c.Shape, c.Explained = shapeOf(t, y, count)
	c.Description = rules[c.Shape]
	if _, slope, _ := stat.Line(t, y); c.Shape == ShapeLinear || c.Shape == ShapeExponential || c.Shape == ShapeLogarithmic {
		c.PerHour = slope * 3600
	}
	return c
}

func shapeOf(t, y []float64, count bool) (Shape, float64) {
	spread := slices.Max(y) - slices.Min(y)
	flat := flatBytes
	if count {
		flat = flatCount
	}
	switch {
	case len(y) < leastLooks || t[len(t)-1] <= t[0]:
		return ShapeUnknown, 0
	case spread <= max(flat, flatShare*stat.Median(y)):
		return ShapeConstant, 0
	case teeth(y, toothShare*spread) >= 2:
		return ShapeSawtooth, 0
	case stepped(y):
		return ShapeStep, 0
	}
	_, slope, line := stat.Line(t, y)
	best, shape := line, ShapeLinear
	if curve, grows := bent(t, y); grows != "" && 1-curve < betterCurve*(1-line) {
		best, shape = curve, grows
	}
	if best < goodFit || slope <= 0 {
		return ShapeIrregular, best
	}
	return shape, best
}

// teeth is how often a series fell from its highest by more than depth, and rose by as
// much again.
func teeth(y []float64, depth float64) int {
	n, high, low, fallen := 0, y[0], y[0], false
	for _, v := range y {
		switch {
		case fallen && v-low > depth:
			n, high, fallen = n+1, v, false
		case fallen:
			low = min(low, v)
		case high-v > depth:
			low, fallen = v, true
		default:
			high = max(high, v)
		}
	}
	return n
}

// stepped reports whether a series is two levels, with one look between them at most.
func stepped(y []float64) bool {
	total := squares(y)
	if total == 0 {
		return false
	}
	for k := 2; k <= len(y)-2; k++ {
		left := squares(y[:k]) + squares(y[k:])
		if k+1 <= len(y)-2 { // the one in between belongs to neither
			left = min(left, squares(y[:k])+squares(y[k+1:]))
		}
		if left < stepLeft*total {
			return true
		}
	}
	return false
}

func squares(y []float64) (sum float64) {
	mean := stat.Mean(y)
	for _, v := range y {
		sum += (v - mean) * (v - mean)
	}
	return sum
}

// bent fits a + b·f(t) with curves of several bends, and returns the best R² and which
// way it bends. b is above zero: a series that grows.
func bent(t, y []float64) (best float64, shape Shape) {
	span := t[len(t)-1] - t[0]
	x := make([]float64, len(t))
	try := func(s Shape, f func(part float64) float64) {
		for i := range t {
			x[i] = f((t[i] - t[0]) / span)
		}
		if _, slope, r2 := stat.Line(x, y); slope > 0 && r2 > best {
			best, shape = r2, s
		}
	}
	for _, bend := range []float64{3, 10, 30, 100} {
		try(ShapeLogarithmic, func(part float64) float64 { return math.Log1p(bend * part) })
	}
	for _, bend := range []float64{2, 4, 8, 16} {
		try(ShapeExponential, func(part float64) float64 { return math.Exp(bend * (part - 1)) })
	}
	return best, shape
}

// of is the course of a name, if it was seen.
func (a Anatomy) of(name string) (Course, bool) {
	i := slices.IndexFunc(a.Course, func(c Course) bool { return c.Name == name })
	if i < 0 {
		return Course{}, false
	}
	return a.Course[i], true
}

// grows reports whether it is a shape that does not come to an end by itself.
func (c Course) grows() bool { return c.Shape == ShapeLinear || c.Shape == ShapeExponential }
