package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// shortFunc is a function's name without its package's path:
// midterm.(*Screen).insertLine. A path that ends in a major version keeps the
// element before it, so that lipgloss/v2 is called lipgloss.
func shortFunc(full string) string {
	full = strings.ReplaceAll(full, "%2e", ".") // as in gopkg.in/yaml%2ev3
	plain, _, _ := strings.Cut(full, "[")       // type arguments hold paths too
	slash := strings.LastIndexByte(plain, '/')
	if slash < 0 {
		return full
	}
	last, rest := full[slash+1:], plain[:slash]
	version, function, ok := strings.Cut(last, ".")
	if ok && len(version) > 1 && version[0] == 'v' && strings.Trim(version[1:], "0123456789") == "" {
		return rest[strings.LastIndexByte(rest, '/')+1:] + "." + function
	}
	return last
}

// place is file.go:12, without the directory.
func place(f highwater.Frame) string {
	if f.File == "" {
		return ""
	}
	file := f.File[strings.LastIndexAny(f.File, `/\`)+1:]
	return fmt.Sprintf("%s:%d", file, f.Line)
}

// line is a line of source with what all allocation sites on it hold.
type line struct {
	where highwater.Frame
	bytes int64
	share float64
}

// text is the line in at most width columns; the function gives way.
func (l line) text(width int) string {
	rest := strings.TrimSpace(name(place(l.where)) + "  " + percent(l.share))
	return shorten(name(shortFunc(l.where.Func)), max(width-len(rest)-1, 12)) + " " + rest
}

// behind is the source line that holds most of the peak. Sites are told apart
// by their whole stack, so that one line may have several.
func behind(sites []highwater.Site) (line, bool) {
	var lines []line
	for _, s := range sites {
		i := slices.IndexFunc(lines, func(l line) bool { return l.where == s.Where })
		if i < 0 {
			i, lines = len(lines), append(lines, line{where: s.Where})
		}
		lines[i].bytes += s.Bytes
		lines[i].share += s.Share
	}
	if len(lines) == 0 {
		return line{}, false
	}
	return slices.MaxFunc(lines, func(a, b line) int { return cmp.Compare(a.bytes, b.bytes) }), true
}

func percent(ratio float64) string {
	switch p := ratio * 100; {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return "? %"
	case p > 0 && p < 0.5:
		return "<1 %"
	default:
		return strconv.FormatFloat(math.Round(p), 'f', 0, 64) + " %"
	}
}

// change is a signed ratio, as in +12 %.
func change(ratio float64) string {
	if math.Round(ratio*1000) == 0 {
		return "0 %"
	}
	digits := 0
	if math.Abs(ratio) < 0.0995 {
		digits = 1
	}
	s := strconv.FormatFloat(ratio*100, 'f', digits, 64)
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
		return "? %"
	}
	if ratio > 0 {
		s = "+" + s
	}
	return s + " %"
}

// bound is a limit's value without needless zeros: 3 MB, not 3.00 MB.
func bound(m highwater.Metric, v float64) string {
	s := m.Format(v)
	number, unit, ok := strings.Cut(s, " ")
	if ok && strings.Contains(number, ".") {
		return strings.TrimRight(strings.TrimRight(number, "0"), ".") + " " + unit
	}
	return s
}

func bytes(n int64) string { return highwater.FormatBytes(float64(n)) }

func signedBytes(n int64) string {
	if n > 0 {
		return "+" + bytes(n)
	}
	return bytes(n)
}

func seconds(s float64) string {
	switch {
	case !(s >= 0) || s > 1e9:
		return "?"
	case s < 9.95:
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	case s < 90:
		return strconv.FormatFloat(s, 'f', 0, 64) + " s"
	case s >= 7200:
		return span(time.Duration(s * float64(time.Second)))
	default:
		return fmt.Sprintf("%d min %d s", int(s)/60, int(s)%60)
	}
}

// number renders a count of things.
func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// some joins names, the first of many.
func some(names []string, most int) string {
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
