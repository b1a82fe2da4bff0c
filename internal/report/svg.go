package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
)

// chartOf is what a chart of the page shows.
type chartOf struct {
	title  string
	times  []float64 // seconds
	series []line2d
	word   unit
	zero   bool    // the axis begins at zero
	warm   float64 // seconds, 0 for no warm-up
	trend  *trend
	limit  float64 // in bytes, 0 for none
}

type line2d struct {
	name   string
	values []float64 // no number where there is none
}

// svgChart is a chart as the template draws it: coordinates and words.
type svgChart struct {
	Title, Summary        string
	Width, Height         int
	Left, Right           int // of the plot
	Top, Bottom           int
	X, Y                  []svgTick
	Lines                 []svgLine
	Warm                  int // where the warm-up ends, 0 for none
	WarmWidth             int
	Band, Trend           string // a polygon's points, a path
	Limit                 float64
	LimitText             string
	HasLimit, HasWarmText bool
	Class                 string
}

// The rest of the template's arithmetic.

func (g svgChart) PlotHeight() int { return g.Bottom - g.Top }
func (g svgChart) LabelX() int     { return g.Left - 7 }
func (g svgChart) LabelY() int     { return g.Bottom + 18 }
func (g svgChart) TickEnd() int    { return g.Bottom + 5 }

// Keyed is whether it takes a key to tell the lines apart.
func (g svgChart) Keyed() bool { return len(g.Lines) > 1 }

type svgTick struct {
	At    float64
	Label string
}

type svgLine struct {
	Name, Path string
	Class      string // s0, s1, …
}

// draw lays a chart out for a picture of that size. Sizes are in the picture's own
// pixels, and the page scales it.
func (c chartOf) draw(width, height int, class string) svgChart {
	var all [][]float64
	for _, l := range c.series {
		all = append(all, l.values)
	}
	y := valueScale(all, c.zero, max(height/55, 2), c.word)
	end := 0.0
	if len(c.times) > 0 {
		end = c.times[len(c.times)-1]
	}
	x := timeScale(end, max(width/90, 2))
	margin := 0
	for _, t := range y.ticks {
		margin = max(margin, lipgloss.Width(t.label))
	}
	g := svgChart{Title: c.title, Width: width, Height: height, Left: margin*7 + 14, Right: width - 26, Top: 10, Bottom: height - 24, Class: class}
	px := func(t float64) float64 { return round1(float64(g.Left) + x.part(t)*float64(g.Right-g.Left)) }
	py := func(v float64) float64 { return round1(float64(g.Bottom) - y.part(v)*float64(g.Bottom-g.Top)) }
	for _, t := range x.ticks {
		g.X = append(g.X, svgTick{px(t.at), t.label})
	}
	for _, t := range y.ticks {
		g.Y = append(g.Y, svgTick{py(t.at), t.label})
	}
	for i, l := range c.series {
		g.Lines = append(g.Lines, svgLine{l.name, path(c.times, l.values, px, py, g.Right-g.Left), "s" + strconv.Itoa(i%5)})
		g.Summary += summary(l, c.word)
	}
	if c.warm > 0 {
		g.Warm = int(px(c.warm))
		g.WarmWidth = g.Warm - g.Left
		g.HasWarmText = g.WarmWidth > 60
	}
	if t := c.trend; t != nil && t.from < x.high {
		g.Trend = fmt.Sprintf("M%g,%gL%g,%g", px(t.from), py(t.start), px(t.to), py(t.end))
		g.Band = fmt.Sprintf("%g,%g %g,%g %g,%g %g,%g", px(t.from), py(t.lowAt), px(t.to), py(t.highTo), px(t.to), py(t.lowEnd), px(t.from), py(t.highAt))
	}
	if c.limit > 0 && c.limit >= y.low && c.limit <= y.high {
		g.HasLimit, g.Limit, g.LimitText = true, py(c.limit), "limit "+bytes(int64(c.limit))
	}
	return g
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// path joins the values. Where there are more of them than pixels, of each pixel the
// lowest and the highest are drawn, so that no spike is lost.
func path(times, values []float64, px, py func(float64) float64, width int) string {
	var b strings.Builder
	open := false
	to := func(x, y float64) {
		command := byte('L')
		if !open {
			command, open = 'M', true
		}
		b.WriteByte(command)
		b.WriteString(strconv.FormatFloat(x, 'f', -1, 64))
		b.WriteByte(',')
		b.WriteString(strconv.FormatFloat(y, 'f', -1, 64))
	}
	dense := len(values) > 2*width
	for i := 0; i < len(values); {
		if !finite(values[i]) {
			open, i = false, i+1
			continue
		}
		x := px(times[i])
		low, high, first, last := values[i], values[i], values[i], values[i]
		next := i + 1
		for dense && next < len(values) && finite(values[next]) && math.Floor(px(times[next])) == math.Floor(x) {
			last = values[next]
			low, high, next = min(low, last), max(high, last), next+1
		}
		to(x, py(first))
		if next > i+1 {
			for _, v := range []float64{low, high, last} {
				to(x, py(v))
			}
		}
		i = next
	}
	return b.String()
}

// summary is a line for those who cannot see the chart.
func summary(l line2d, word unit) string {
	low, high := math.Inf(1), math.Inf(-1)
	first, last := math.NaN(), math.NaN()
	for _, v := range l.values {
		if !finite(v) {
			continue
		}
		if math.IsNaN(first) {
			first = v
		}
		last, low, high = v, min(low, v), max(high, v)
	}
	if math.IsNaN(first) {
		return l.name + ": no reading. "
	}
	say := func(v float64) string { return word(v, max(math.Abs(v), high-low)/100, math.Abs(v)) }
	return fmt.Sprintf("%s: %s at first, %s at last, between %s and %s. ", l.name, say(first), say(last), say(low), say(high))
}
