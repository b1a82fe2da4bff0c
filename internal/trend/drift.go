package trend

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

const (
	// leastDrift is from how many points on a slope may be called a drift.
	leastDrift = 10
	// mostRanked is how many points the tests of a slope look at: they compare all
	// pairs. A longer stretch is put together into blocks first.
	mostRanked = 120
)

// day is the unit of time of slopes.
const day = 24 * time.Hour

func days(points []highwater.Point) []float64 {
	xs := make([]float64, len(points))
	for i, p := range points {
		xs[i] = p.At.Sub(points[0].At).Hours() / 24
	}
	return xs
}

// drift is the slope of a stretch, nil where there is none: a Mann-Kendall test says
// that it is real (Mann, "Nonparametric tests against trend", Econometrica 13 (1945)),
// its variance inflated as that of a mean of correlated points (Yue and Wang, "The
// Mann-Kendall test modified by effective sample size", Water Resources Management 18
// (2004)), and it must move the level by a quarter of the threshold.
func drift(points []highwater.Point, n noise, o Options) *highwater.Drift {
	if len(points) < leastDrift {
		return nil
	}
	xs, ys := days(points), centers(points)
	span := xs[len(xs)-1]
	if span <= 0 {
		return nil
	}
	if len(xs) > mostRanked {
		xs, ys = stat.Blocks(xs, ys, (len(xs)+mostRanked-1)/mostRanked)
	}
	p := mannKendall(ys, n.inflate)
	if p > real {
		return nil
	}
	s := stat.TheilSen(xs, ys, 0.95)
	level := stat.Median(ys)
	// Sen's interval takes the points for independent.
	wide := math.Sqrt(n.inflate)
	d := &highwater.Drift{
		PerDay:    s.Center,
		PerDayLow: s.Center - wide*(s.Center-s.Low), PerDayHigh: s.Center + wide*(s.High-s.Center),
		PValue: p, Worse: o.worse(s.Center),
	}
	if math.IsInf(s.Low, 0) || math.IsInf(s.High, 0) || d.PerDayLow*d.PerDayHigh <= 0 {
		return nil
	}
	// A young drift is looked at as it will be when it is three times as old.
	moved := s.Center * math.Max(span, math.Min(3*span, o.Horizon.Hours()/24))
	if !o.large(level-moved/2, level+moved/2, small) {
		return nil
	}
	return d
}

// mannKendall is the two-sided p-value of no trend, with the correction for ties.
func mannKendall(ys []float64, inflate float64) float64 {
	n := len(ys)
	var score float64
	same := map[float64]float64{}
	for i, y := range ys {
		same[y]++
		for _, later := range ys[i+1:] {
			switch {
			case later > y:
				score++
			case later < y:
				score--
			}
		}
	}
	count := float64(n)
	variance := count * (count - 1) * (2*count + 5)
	for _, t := range same {
		variance -= t * (t - 1) * (2*t + 5)
	}
	variance *= inflate / 18
	if variance <= 0 {
		return 1
	}
	z := math.Max(0, math.Abs(score)-1) / math.Sqrt(variance)
	return math.Min(1, 2*stat.NormalTail(z))
}
