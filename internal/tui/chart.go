package tui

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/live"
)

// curve is one line of a chart.
type curve struct {
	name string // short: it stands at the line's end
	ink  ink
	of   func(*live.Point) float64 // NaN where nothing was seen
}

// dots is a picture of characters, each two dots wide and four high.
type dots struct {
	columns, rows int
	bits          []uint8
	inks          []ink
}

// dotBits are a braille character's dots by column and row, as Unicode numbers them.
var dotBits = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

func (d *dots) set(x, y int, k ink) {
	if x < 0 || y < 0 || x/2 >= d.columns || y/4 >= d.rows {
		return
	}
	c := y/4*d.columns + x/2
	d.bits[c] |= dotBits[x%2][y%4]
	d.inks[c] = k
}

// braille is the character of these dots.
func braille(bits uint8) rune { return 0x2800 + rune(bits) }

// blocks is the same where there is no braille: its upper half, its lower half or both.
func blocks(bits uint8) rune {
	const upper, lower = 0x01 | 0x02 | 0x08 | 0x10, 0x04 | 0x40 | 0x20 | 0x80
	switch {
	case bits&lower == 0:
		return '▀'
	case bits&upper == 0:
		return '▄'
	}
	return '█'
}

// labelWidth is the room for the names at the right, and axisWidth for the values.
const (
	labelWidth = 6
	axisWidth  = 9
)

// chartEvery is how often a chart is drawn anew at most. It takes more cells than all the
// figures, and to move it four times a second costs half as much as the rest.
const chartEvery = time.Second

// toChart says whether charts are to show what is there now.
func (m *model) toChart(v *live.View) bool {
	return v.Looks == m.charted.looks || v.Ended != "" || v.Snapshot.At.Sub(m.charted.at).Abs() >= chartEvery-chartEvery/10
}

// chart draws curves over time from zero on, in a block of that size with an axis of
// values and one of times. Its name is that of its panel.
func (m *model) chart(name string, w, h int, points []live.Point, curves []curve, word func(float64) string) block {
	return m.panel("chart of "+name, w, h, courseKey{m.charted.version, m.whole}, func() block {
		return m.plot(w, h, points, curves, word)
	})
}

func (m *model) plot(w, h int, points []live.Point, curves []curve, word func(float64) string) block {
	rows, columns := h-1, w-axisWidth-2-labelWidth
	if rows < 2 || columns < 10 {
		return block{}.fill(w, h)
	}
	if len(points) < 2 {
		return m.paragraph(w, inkDim, "the course begins with the second look").fill(w, h)
	}
	most := 0.0
	for i := range points {
		for _, c := range curves {
			if v := c.of(&points[i]); v > most {
				most = v
			}
		}
	}
	y := scaleTo(most, min(rows-1, 5), word)
	d := &dots{columns, rows, make([]uint8, columns*rows), make([]ink, columns*rows)}
	// What is drawn last is in sight where lines meet: the first curve matters most.
	for i := len(curves) - 1; i >= 0; i-- {
		d.plot(points, curves[i], y.high)
	}
	return d.lines(m, w, curves, points, y)
}

// level is the dot from the top at which a value stands.
func (d *dots) level(v, high float64) int {
	height := 4*d.rows - 1
	return height - int(math.Round(min(max(v/high, 0), 1)*float64(height)))
}

// plot joins the points of a curve, and leaves gaps where nothing was seen.
func (d *dots) plot(points []live.Point, c curve, high float64) {
	first := points[0].At
	all := points[len(points)-1].At.Sub(first).Seconds()
	px, py, drawn := 0, 0, false
	for i := range points {
		v := c.of(&points[i])
		if !finite(v) {
			drawn = false
			continue
		}
		x := 0
		if all > 0 {
			x = int(math.Round(points[i].At.Sub(first).Seconds() / all * float64(2*d.columns-1)))
		}
		y := d.level(v, high)
		if drawn {
			d.join(px, py, x, y, c.ink)
		}
		d.set(x, y, c.ink)
		px, py, drawn = x, y, true
	}
}

// join draws the dots between two, in whichever direction they are further apart.
func (d *dots) join(x0, y0, x1, y1 int, k ink) {
	steps := max(x1-x0, y1-y0, y0-y1)
	for s := 1; s < steps; s++ {
		part := float64(s) / float64(steps)
		d.set(x0+int(math.Round(part*float64(x1-x0))), y0+int(math.Round(part*float64(y1-y0))), k)
	}
}

func (d *dots) lines(m *model, w int, curves []curve, points []live.Point, y scale) block {
	labels := d.labels(curves, points, y.high)
	ticks := map[int]string{}
	for at := 0.0; at <= y.high*1.0001; at += y.step {
		ticks[d.level(at, y.high)/4] = y.word(at)
	}
	var b block
	for line := range d.rows {
		r := m.row(w)
		edge := "│"
		if ticks[line] != "" {
			edge = "┤"
		}
		r.cell(inkDim, ticks[line], axisWidth, true).put(inkDim, edge)
		for c := line * d.columns; c < (line+1)*d.columns; c++ {
			if d.bits[c] == 0 {
				r.to(inkPlain)
				r.b.WriteByte(' ')
			} else {
				r.to(d.inks[c])
				r.b.WriteRune(m.dots(d.bits[c]))
			}
			r.used++
		}
		if l := labels[line]; l != nil {
			r.gap(1).put(l.ink, l.name)
		}
		b = append(b, r.line())
	}
	return append(b, d.times(m, w, points))
}

// labels puts each curve's name beside its end, the highest first. One that would lie
// over another stands below it.
func (d *dots) labels(curves []curve, points []live.Point, high float64) map[int]*curve {
	last := &points[len(points)-1]
	var ends []*curve
	for i := range curves {
		if finite(curves[i].of(last)) {
			ends = append(ends, &curves[i])
		}
	}
	slices.SortStableFunc(ends, func(a, b *curve) int { return cmp.Compare(b.of(last), a.of(last)) })
	at := map[int]*curve{}
	free := 0
	for i, c := range ends {
		// Below the one before, and not so low that those behind find no room.
		line := max(min(max(d.level(c.of(last), high)/4, free), d.rows-len(ends)+i), 0)
		at[line], free = c, line+1
	}
	return at
}

// times is the axis under a chart: when it begins, and now.
func (d *dots) times(m *model, w int, points []live.Point) string {
	first, last := points[0].At, points[len(points)-1].At
	from, now := clock(first)+" ", " "+clock(last)
	if ago := last.Sub(first); d.columns > 50 {
		middle := " " + clock(first.Add(ago/2)) + " "
		line := d.columns - width(from) - width(now) - width(middle)
		from += strings.Repeat("─", line/2) + middle + strings.Repeat("─", line-line/2) + now
	} else {
		from += strings.Repeat("─", max(d.columns-width(from)-width(now), 0)) + now
	}
	return m.row(w).gap(axisWidth).put(inkDim, "└"+from).line()
}
