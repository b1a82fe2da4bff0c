package tui

import "strings"

const sgrOff = "\x1b[m"

// row is one line that is being written, of a fixed width. What does not fit is left
// out, so that no line is ever wider.
type row struct {
	theme *theme
	b     strings.Builder
	width int
	used  int
	ink   ink // of what was written last
}

func (m *model) row(width int) *row {
	r := &row{theme: m.theme, width: width}
	r.b.Grow(width + 32)
	return r
}

func (r *row) left() int { return r.width - r.used }

// to changes the ink for what follows.
func (r *row) to(k ink) {
	if k == r.ink || r.theme.sgr[k] == r.theme.sgr[r.ink] {
		r.ink = k
		return
	}
	if r.theme.sgr[r.ink] != "" {
		r.b.WriteString(sgrOff)
	}
	if s := r.theme.sgr[k]; s != "" {
		r.b.WriteString("\x1b[")
		r.b.WriteString(s)
		r.b.WriteByte('m')
	}
	r.ink = k
}

// put writes clean text, as much of it as fits.
func (r *row) put(k ink, s string) *row {
	w := width(s)
	if w > r.left() {
		s = cut(s, r.left())
		w = width(s)
	}
	if w > 0 {
		r.to(k)
		r.b.WriteString(s)
		r.used += w
	}
	return r
}

func (r *row) gap(n int) *row {
	if n = min(n, r.left()); n > 0 {
		r.to(inkPlain)
		r.b.WriteString(blanks(n))
		r.used += n
	}
	return r
}

// cell writes text into exactly w columns, at its right or left.
func (r *row) cell(k ink, s string, w int, right bool) *row {
	s = cut(s, w)
	space := w - width(s)
	if right {
		return r.gap(space).put(k, s)
	}
	return r.put(k, s).gap(space)
}

// line is the whole row, filled up with blanks.
func (r *row) line() string {
	r.gap(r.left())
	r.to(inkPlain)
	return r.b.String()
}

// again begins another line.
func (r *row) again() *row {
	r.b.Reset()
	r.used, r.ink = 0, inkPlain
	return r
}

const manyBlanks = "                                                                                "

func blanks(n int) string {
	if n <= len(manyBlanks) {
		return manyBlanks[:max(n, 0)]
	}
	return strings.Repeat(" ", n)
}

// block is lines that are all equally wide.
type block []string

// fill makes a block exactly that high.
func (b block) fill(width, height int) block {
	for len(b) < height {
		b = append(b, blanks(width))
	}
	return b[:max(height, 0)]
}

// beside sets blocks of the same height side by side, with a gap.
func beside(gap int, blocks ...block) block {
	if len(blocks) == 1 {
		return blocks[0]
	}
	out := make(block, len(blocks[0]))
	var b strings.Builder
	for i := range out {
		b.Reset()
		n := gap * (len(blocks) - 1)
		for _, o := range blocks {
			n += len(o[i])
		}
		b.Grow(n)
		for j, o := range blocks {
			if j > 0 {
				b.WriteString(blanks(gap))
			}
			b.WriteString(o[i])
		}
		out[i] = b.String()
	}
	return out
}

// panel is a block that is drawn anew only when what it shows has changed.
type panel struct {
	key   any
	lines block
}

// natural is the height of a panel that is as high as what it shows.
const natural = -1

// panel draws a named part of the picture, or takes it from the frame before. The key
// holds all that it depends on besides the theme and its size.
func (m *model) panel(name string, width, height int, key any, draw func() block) block {
	type whole struct {
		width, height int
		theme         *theme
		key           any
	}
	k := whole{width, height, m.theme, key}
	if p, ok := m.panels[name]; ok && p.key == k {
		return p.lines
	}
	if width <= 0 || height <= 0 && height != natural {
		return nil
	}
	lines := draw()
	if height != natural {
		lines = lines.fill(width, height)
	}
	m.panels[name] = panel{k, lines}
	return lines
}

// heading is the title of a panel: a rule that is not needed to know where it begins.
func (m *model) heading(width int, title, more string) string {
	r := m.row(width).put(inkTitle, title)
	if more != "" {
		r.gap(2).put(inkDim, more)
	}
	if r.left() > 2 {
		r.gap(1).put(inkDim, strings.Repeat("─", r.left()-1))
	}
	return r.line()
}

// paragraph is text in lines of that width.
func (m *model) paragraph(width int, k ink, text string) block {
	var b block
	for _, l := range wrap(text, width) {
		b = append(b, m.row(width).put(k, l).line())
	}
	return b
}
