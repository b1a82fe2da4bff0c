package trend

import (
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// bandWidth is how many robust standard deviations from its stretch a result is usual:
// of a thousand normal ones, one in sixteen thousand is outside.
const bandWidth = 4

// spread is the robust standard deviation of what a stretch leaves, and half of the band
// about it: the median absolute deviation (Hampel 1974), and no less than the noise that
// is expected or that the whole series has.
func (g *segmenter) spread(s stretch) (sd, half float64) {
	rests := g.rests(s)
	if len(rests) >= leastPoints {
		sd = stat.NormalMAD * stat.MAD(rests)
	}
	floor := g.noise.prior
	if len(rests) < 2*leastPoints {
		// So few do not tell their spread.
		floor = math.Max(floor, g.noise.sd)
	}
	return sd, bandWidth * math.Max(sd, floor)
}

// anomalies are the results outside of the band about their stretch.
func (g *segmenter) anomalies(points []highwater.Point, s stretch) []highwater.Anomaly {
	_, half := g.spread(s)
	var out []highwater.Anomaly
	for i := s.from; i < s.to; i++ {
		low, high := s.at(i)-half, s.at(i)+half
		if y := g.raw[i]; y < low || y > high {
			p := points[i]
			out = append(out, highwater.Anomaly{
				Index: i, At: p.At, Run: p.Run, Commit: p.Commit, Value: y, Low: low, High: high,
			})
		}
	}
	return out
}
