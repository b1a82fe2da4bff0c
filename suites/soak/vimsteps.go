package soak

import (
	"fmt"
	"slices"
	"strings"
)

// painted makes sure that there is highlighting: a terminal without colours to
// follow has little to do.
func (v *vim) painted() {
	v.keys(":echo 'painted' (synID(1, 1, 1) > 0)\r")
	v.row("painted 1")
}

// edit types into the file, and does the same to lines.
func (v *vim) edit(n int, lines []string) []string {
	const marked, appended, doubled, indented, moved = 4, 20, 36, 52, 70 // lines of the file
	note := fmt.Sprintf("// round %d was here", n)
	v.do(fmt.Sprintf("%dGo%s\x1b", marked, note))
	lines = slices.Insert(lines, marked, note)
	v.do(fmt.Sprintf("%dGA // seen\x1b", appended))
	lines[appended-1] += " // seen"
	v.do(fmt.Sprintf("%dGyyp", doubled))
	lines = slices.Insert(lines, doubled, lines[doubled-1])
	v.do(fmt.Sprintf("%dG>>", indented))
	lines[indented-1] = "\t" + lines[indented-1]
	v.do(fmt.Sprintf("%dGVjjdP", moved)) // three lines away, and back
	v.do(fmt.Sprintf("%dGx.u.uu", moved))

	// In the middle of the file the line that was typed is at the top of the window,
	// and what is typed next comes where it should.
	v.do(fmt.Sprintf("%dGzt", marked+1))
	v.rowAt(0, numbered(marked+1, note))
	v.do(fmt.Sprintf("%dG0Rvery\x1b", marked+1))
	lines[marked] = "very" + note[4:]
	v.rowAt(0, numbered(marked+1, lines[marked]))
	return lines
}

// replace searches and replaces, undoes that and does it again.
func (v *vim) replace(n int, lines []string) []string {
	word := fmt.Sprintf("amount%d", n%10)
	before := slices.Clone(lines)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], "total", word)
	}
	changed := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, word) })
	top := func(line string) {
		v.do(fmt.Sprintf("%dGzt", changed+1))
		v.rowAt(0, numbered(changed+1, line))
	}
	v.do(fmt.Sprintf(":%%substitute/total/%s/g\r", word))
	top(lines[changed])
	v.do("u")
	top(before[changed])
	v.do("\x12")
	top(lines[changed])
	v.do("gg/" + word + "\r")
	for range 4 {
		v.do("n")
	}
	v.do("N")
	return lines
}

// page goes through the file. At its end the last line is above the status line.
func (v *vim) page(lines []string) {
	v.do("gg")
	for range 6 {
		v.do("\x06") // a page down
	}
	v.do("\x15\x15\x05\x05\x19") // half pages, lines
	v.do("G")
	v.rowAt(rows-3, numbered(len(lines), lines[len(lines)-1]))
}

// buffers opens other files, in windows beside and below.
func (v *vim) buffers() {
	v.do(":split notes.txt\r")
	v.do(":vsplit queue.go\r")
	for range 3 {
		v.do("\x04")  // half a page down
		v.do("\x17w") // the next window
	}
	v.do(":only\r:buffer notes.txt\rgg")
	v.rowAt(0, "  1 note 001:")
	v.do(":bnext\r:bprevious\r:buffer queue.go\rgg")
	v.rowAt(0, numbered(1, "package queue"))
}

// windows changes the size of the window, to one of four and back, with two windows
// in it.
func (v *vim) windows(n int) {
	sizes := [][2]int{{100, 30}, {60, 18}, {132, 43}, {40, 12}}
	other := sizes[n%len(sizes)]
	v.do(":split\r")
	for _, size := range [][2]int{other, {cols, rows}} {
		v.resize(size[0], size[1])
		// A signal that comes just before vim begins to wait for a key is seen after the
		// next key only. Escape does nothing here.
		v.keys("\x1b")
		want := fmt.Sprintf(" is %dx%d", size[0], size[1])
		v.awaitNudging("a status line with"+want, func() bool {
			screen := v.term.Screen()
			return len(screen) == size[1] && strings.HasSuffix(screen[size[1]-2], want)
		}, func() {
			// Of two changes that follow on each other it may have asked for the first only.
			sizeChanged(v.child.cmd.Process)
			v.keys("\x1b")
		})
		v.do("\x04") // half a page down
	}
	v.do(":only\rgg")
	v.rowAt(0, numbered(1, "package queue"))
}
