package report

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/highwater-dev/highwater"
)

// lineWidth is the most columns of a progress line: it must not wrap.
const lineWidth = 100

// SoakLine is the progress line of a running soak: time gone and left (none where
// planned is zero), operations, live memory at the last checkpoint, how it grows with
// the interval of that, and the verdict so far. It has at most 100 columns and no
// line break.
func SoakLine(elapsed, planned time.Duration, ops int64, p highwater.SoakPoint, r highwater.SoakResult) string {
	parts := []string{span(elapsed)}
	if planned > 0 {
		parts[0] += ", " + span(max(planned-elapsed, 0)) + " left"
	}
	if ops > 0 {
		parts = append(parts, grouped(ops)+" ops")
	}
	if r.Of == highwater.QuantityRSS {
		parts = append(parts, "resident "+bytes(p.RSS))
	} else {
		parts = append(parts, "live "+bytes(p.Live()))
	}
	slope := within(r.PerHour, "/h", growing)
	if r.Course == highwater.CourseShort || r.Course == "" {
		slope = ""
	}
	// The interval goes first where there is no room, and the operations next.
	so := soFar(r)
	for _, try := range [][]string{
		append(parts[:len(parts):len(parts)], slope, so),
		append(parts[:len(parts):len(parts)], strings.SplitN(slope, " (", 2)[0], so),
		{parts[0], parts[len(parts)-1], strings.SplitN(slope, " (", 2)[0], so},
	} {
		line := join(try)
		if lipgloss.Width(line) <= lineWidth {
			return line
		}
	}
	return shorten(join(append(parts, so)), lineWidth)
}

// join joins the parts that say something.
func join(parts []string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "  ")
}

// soFar is the verdict in a word or two.
func soFar(r highwater.SoakResult) string {
	switch r.Course {
	case highwater.CourseShort, "":
		return "too early to tell"
	case highwater.CourseUnjudged:
		return "not judged"
	case highwater.CourseFlat:
		if n := len(r.Suspects); n > 0 {
			return "flat so far, " + number(n, "suspect", "suspects")
		}
		return "flat so far"
	default:
		return name(string(r.Course))
	}
}
