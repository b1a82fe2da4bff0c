package report

import (
	"fmt"
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/highwater-dev/highwater"
)

// frontierRows is how high the chart of a frontier is.
const frontierRows = 14

// frontierColumns is how wide it is.
const frontierColumns = 80

// FrontierSection is what memory costs a scenario in CPU time: a table with a line for each
// setting, and a chart of the settings by their letters. The settings that none beats are
// joined by dots. Container is a limit for a container in bytes, 0 for none.
func FrontierSection(f highwater.Frontier, container int64) Section {
	s := Section{Title: fmt.Sprintf("%s at %d settings of the collector", f.Scenario, len(f.Points)), Lines: []string{leastWords(f)}}
	if words := containerWords(f, container); words != "" {
		s.Lines = append(s.Lines, words)
	}
	for _, n := range f.Notes {
		s.Lines = append(s.Lines, "note: "+n)
	}
	s.Table = &Grid{Columns: []GridColumn{
		{Head: ""},
		{Head: "setting"},
		{Head: "footprint", Right: true},
		{Head: "throughput", Right: true},
		{Head: "95 %", Right: true},
		{Head: "ops/CPU s", Right: true},
		{Head: "ops/s", Right: true},
		{Head: "gc", Right: true},
		{Head: ""},
	}}
	for i, p := range f.Points {
		s.Table.Rows = append(s.Table.Rows, frontierRow(f, i, p))
	}
	s.Code = frontierChart(f, frontierColumns)
	return s
}

// letter names a point in the chart; there are 52 of them.
func letter(i int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if i < len(letters) {
		return letters[i : i+1]
	}
	return "*"
}

func frontierRow(f highwater.Frontier, i int, p highwater.FrontierPoint) []string {
	row := []string{letter(i), p.Setting.String(), "", "", "", "", "", "", ""}
	if p.Repeats == 0 {
		row[8] = "failed: " + p.Failed
		return row
	}
	row[2] = bytes(int64(p.Footprint.Center))
	if p.Relative.Center > 0 {
		row[3] = fmt.Sprintf("%.0f %%", 100*p.Relative.Center)
		if p.Relative.Low > 0 {
			row[4] = fmt.Sprintf("%.0f to %.0f %%", 100*p.Relative.Low, 100*p.Relative.High)
		}
	}
	row[5], row[6] = grouped(int64(math.Round(p.PerCPU.Center))), grouped(int64(math.Round(p.PerWall.Center)))
	row[7] = fmt.Sprintf("%.1f %%", 100*p.GCShare)
	var notes []string
	if p.Frontier {
		notes = append(notes, "on the frontier")
	}
	if i == f.Reference {
		notes = append(notes, "compared with")
	}
	if p.Failed != "" {
		notes = append(notes, "a process failed")
	}
	row[8] = strings.Join(notes, ", ")
	return row
}

// leastWords say what the least limit is.
func leastWords(f highwater.Frontier) string {
	l := f.Least
	if l == nil {
		return "no memory limit was found at which throughput stays"
	}
	text := fmt.Sprintf("the least memory limit that was tried and at which throughput stays within %.0f %%: %d MiB (%.0f %% of the throughput",
		100*l.Within, l.Limit/highwater.MiB, 100*l.Relative.Center)
	if l.Relative.Low > 0 {
		text += fmt.Sprintf(", between %.0f and %.0f %%", 100*l.Relative.Low, 100*l.Relative.High)
	}
	text += ")"
	if !l.Certain {
		text += "; more repeats would tell whether it really does"
	}
	if l.Below > 0 {
		text += fmt.Sprintf("; %d MiB cost more", l.Below/highwater.MiB)
	}
	return text
}

// frontierChart draws throughput over memory.
func frontierChart(f highwater.Frontier, width int) []string {
	var xs, ys []float64
	var joined [2][]float64
	for _, p := range f.Points {
		if p.Repeats == 0 || p.PerCPU.Center <= 0 {
			continue
		}
		xs, ys = append(xs, p.Footprint.Center), append(ys, p.PerCPU.Center)
		if p.Frontier {
			joined[0], joined[1] = append(joined[0], p.Footprint.Center), append(joined[1], p.PerCPU.Center)
		}
	}
	if len(xs) < 2 {
		return nil
	}
	x, y := valueScale([][]float64{xs}, false, 4, byteUnit), valueScale([][]float64{ys}, false, 4, countUnit)
	margin := 0
	for _, t := range y.ticks {
		margin = max(margin, lipgloss.Width(t.label))
	}
	if width <= 0 {
		width = 80
	}
	d := newDots(max(width-margin-5, 20), frontierRows)
	d.plot(joined[0], joined[1], x, y)
	letters := map[[2]int]string{}
	for i, p := range f.Points {
		if p.Repeats > 0 && p.PerCPU.Center > 0 {
			at := [2]int{int(math.Round(y.part(p.PerCPU.Center) * float64(d.rows-1))), int(math.Round(x.part(p.Footprint.Center) * float64(d.columns-1)))}
			at[0] = d.rows - 1 - at[0]
			for letters[at] != "" && at[1] < d.columns-1 {
				at[1]++ // beside the one that is there
			}
			letters[at] = letter(i)
		}
	}
	labels := map[int]string{}
	for _, t := range y.ticks {
		labels[d.rows-1-int(math.Round(y.part(t.at)*float64(d.rows-1)))] = t.label
	}
	lines := []string{"  operations per second of CPU time, over the footprint"}
	for r := range d.rows {
		edge := " │"
		if labels[r] != "" {
			edge = " ┤"
		}
		var b strings.Builder
		for c := range d.columns {
			switch dot := d.cells[r*d.columns+c]; {
			case letters[[2]int{r, c}] != "":
				b.WriteString(letters[[2]int{r, c}])
			case dot != 0:
				b.WriteRune(braille + dot)
			default:
				b.WriteByte(' ')
			}
		}
		lines = append(lines, "  "+pad(labels[r], margin, true)+edge+strings.TrimRight(b.String(), " "))
	}
	axis, words := timeAxis(x, d.columns)
	left := strings.Repeat(" ", 2+margin+1)
	return append(lines, left+"└"+axis, left+words)
}
