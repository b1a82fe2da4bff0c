package trend

import (
	"slices"

	"github.com/highwater-dev/highwater"
)

// mostReference is how many results a reference is made of at most: as many as tell the
// noise between runs, and no more, so that a slow drift is in it as little as may be.
const mostReference = 30

// Reference are the points that a new result is to be compared with: the newest since the
// last step of any size, without strays. A series that has just stepped has few.
func Reference(series highwater.Series, o Options) []highwater.Point {
	t := Of(series, o)
	points := finite(series.Points)
	from := 0
	if n := len(t.Changes); n > 0 {
		from = t.Changes[n-1].Index
	}
	var out []highwater.Point
	for i := from; i < len(points); i++ {
		if !slices.ContainsFunc(t.Anomalies, func(a highwater.Anomaly) bool { return a.Index == i }) {
			out = append(out, points[i])
		}
	}
	return out[max(0, len(out)-mostReference):]
}
