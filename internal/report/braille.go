package report

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"
)

// dots is a picture of braille characters, each two dots wide and four high.
type dots struct {
	columns, rows int
	cells         []rune // the dots of a character, or a whole character of its own
}

const braille = 0x2800

// dotBits are a braille character's dots by column and row, as Unicode numbers them.
var dotBits = [2][4]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

func newDots(columns, rows int) *dots {
	return &dots{columns, rows, make([]rune, columns*rows)}
}

// set makes the dot at x and y, from the top left.
func (d *dots) set(x, y int) {
	if c := y/4*d.columns + x/2; x >= 0 && y >= 0 && x/2 < d.columns && y/4 < d.rows && d.cells[c] < braille {
		d.cells[c] |= dotBits[x%2][y%4]
	}
}

// put places a whole character, over other dots only if asked for.
func (d *dots) put(column, row int, r rune, over bool) {
	if column < 0 || row < 0 || column >= d.columns || row >= d.rows {
		return
	}
	if c := row*d.columns + column; over || d.cells[c] == 0 {
		d.cells[c] = r
	}
}

// plot draws values over time, joined where there are fewer values than dots.
func (d *dots) plot(times, values []float64, x, y scale) {
	width, height := 2*d.columns-1, 4*d.rows-1
	px, py, drawn := 0, 0, false
	for i, v := range values {
		if !finite(v) {
			drawn = false
			continue
		}
		at := int(math.Round(x.part(times[i]) * float64(width)))
		level := height - int(math.Round(y.part(v)*float64(height)))
		if drawn && at > px+1 {
			for step := px + 1; step < at; step++ {
				share := float64(step-px) / float64(at-px)
				d.set(step, py+int(math.Round(share*float64(level-py))))
			}
		}
		d.set(at, level)
		px, py, drawn = at, level, true
	}
}

const (
	trendMark = '─'
	warmMark  = '┊'
)

// chartRows is how high a chart in a terminal is.
const chartRows = 9

// chart draws the judged memory of a soak over time in lines of at most width
// columns: the readings as dots, the trend and the end of the warm-up over them.
func (s soaked) chart(width int, paint func(ink, string) string) []string {
	times := s.times()
	if len(times) < 2 || s.lacks(s.Of) {
		return nil
	}
	values := s.judged()
	y := valueScale([][]float64{values}, false, 4, byteUnit)
	margin := 0
	for _, t := range y.ticks {
		margin = max(margin, lipgloss.Width(t.label))
	}
	const indent = 2
	d := newDots(max(width-indent-margin-3, 20), chartRows)
	x := timeScale(times[len(times)-1], max(d.columns/14, 2))
	d.plot(times, values, x, y)
	column := func(t float64) int { return int(math.Round(x.part(t) * float64(d.columns-1))) }
	row := func(v float64) int { return d.rows - 1 - int(math.Round(y.part(v)*float64(d.rows-1))) }
	if s.Warm > 0 {
		for r := range d.rows {
			d.put(column(s.Warm.Seconds()), r, warmMark, false)
		}
	}
	line, hasTrend := s.trend()
	if hasTrend {
		// Every third column, so that the readings are seen behind it.
		for c := column(line.from); c < d.columns; c += 3 {
			t := x.low + float64(c)/float64(d.columns-1)*(x.high-x.low)
			v := line.start + (t-line.from)/(line.to-line.from)*(line.end-line.start)
			if v >= y.low && v <= y.high {
				d.put(c, row(v), trendMark, true)
			}
		}
	}
	labels := map[int]string{}
	for _, t := range y.ticks {
		labels[row(t.at)] = t.label
	}
	var lines []string
	for r := range d.rows {
		edge := " │"
		if labels[r] != "" {
			edge = " ┤"
		}
		lines = append(lines, strings.Repeat(" ", indent)+paint(dim, pad(labels[r], margin, true)+edge)+d.line(r, paint))
	}
	left := strings.Repeat(" ", indent+margin+1)
	axis, words := timeAxis(x, d.columns)
	key := "⠒ " + quantity(s.Of)
	if hasTrend {
		key += ", " + string(trendMark) + " trend"
	}
	if s.Warm > 0 {
		key += ", " + string(warmMark) + " the end of the warm-up, after " + span(s.Warm)
	}
	return append(lines, left+paint(dim, "└"+axis), left+paint(dim, words), left+" "+paint(dim, shorten(key, d.columns)))
}

// line is one row of the picture, without blanks at its end.
func (d *dots) line(row int, paint func(ink, string) string) string {
	cells := d.cells[row*d.columns : (row+1)*d.columns]
	end := len(cells)
	for end > 0 && cells[end-1] == 0 {
		end--
	}
	var b strings.Builder
	for _, c := range cells[:end] {
		switch {
		case c == 0:
			b.WriteByte(' ')
		case c == trendMark:
			b.WriteString(paint(caution, string(c)))
		case c == warmMark:
			b.WriteString(paint(dim, string(c)))
		default:
			b.WriteRune(braille + c)
		}
	}
	return b.String()
}

// timeAxis is the line under a chart and the times under that, which begin one
// column to the left of the line.
func timeAxis(x scale, columns int) (axis, words string) {
	line := []rune(strings.Repeat("─", columns))
	text := []rune(strings.Repeat(" ", columns+1))
	free := 0
	for _, t := range x.ticks {
		at := int(math.Round(x.part(t.at) * float64(columns-1)))
		line[at] = '┴'
		label := []rune(t.label)
		from := max(min(at+1-len(label)/2, len(text)-len(label)), 0)
		if from < free {
			continue
		}
		copy(text[from:], label)
		free = from + len(label) + 1
	}
	return string(line), strings.TrimRight(string(text), " ")
}
