package trend_test

import (
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
)

// nightly are values as results of one night each.
func nightly(ys []float64) highwater.Series {
	s := highwater.Series{Key: highwater.SeriesKey{Scenario: "made/up", Metric: highwater.Peak, Sessions: 1}}
	begin := time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	for i, y := range ys {
		s.Points = append(s.Points, highwater.Point{
			Run: fmt.Sprintf("run%d", i), Commit: fmt.Sprintf("c%d", i), At: begin.AddDate(0, 0, i), Center: y, Low: y, High: y,
		})
	}
	return s
}
