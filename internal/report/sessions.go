package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// fitted words what one more session costs: a slope and an intercept where a
// straight line tells the truth at every reading, and otherwise the readings
// themselves, each with what one more costs from the one before.
func fitted(f *highwater.SessionFit) string {
	line := bytes(int64(f.Cost)) + " each"
	if f.Fixed > 0 {
		line += " beside " + bytes(int64(f.Fixed))
	}
	if !f.Straight() {
		return fmt.Sprintf("%s (not a straight line: %s for any number of them is off by %.0f %% at %d)", stepwise(f.Points), line, 100*f.Worst, f.WorstAt)
	}
	fixed := "and nothing is fixed beside that"
	if f.Fixed > 0 {
		fixed = "beside " + bytes(int64(f.Fixed)) + " for any number of them"
	}
	how := fmt.Sprintf("R² %.4f", f.R2)
	if f.Worst > 0 { // older versions did not say
		how = fmt.Sprintf("off by at most %.1f %%", math.Ceil(1000*f.Worst)/10)
	}
	var at []string
	for _, p := range f.Points {
		at = append(at, strconv.Itoa(p.Sessions))
	}
	return fmt.Sprintf("one more session costs %s, %s (a line through readings at %s sessions, %s)", bytes(int64(f.Cost)), fixed, strings.Join(at, ", "), how)
}

// stepwise words what the first reading holds, and what one more session costs from
// each reading to the next.
func stepwise(points []highwater.SessionPoint) string {
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b highwater.SessionPoint) int { return a.Sessions - b.Sessions })
	sessions := "sessions hold"
	if points[0].Sessions == 1 {
		sessions = "session holds"
	}
	var steps []string
	for i, p := range points[1:] {
		if more := int64(p.Sessions - points[i].Sessions); more > 0 {
			steps = append(steps, fmt.Sprintf("%s up to %d", bytes((p.Live-points[i].Live)/more), p.Sessions))
		}
	}
	return fmt.Sprintf("%d %s %s, and one more costs %s", points[0].Sessions, sessions, bytes(points[0].Live), strings.Join(steps, ", "))
}
