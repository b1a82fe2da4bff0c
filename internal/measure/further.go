package measure

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// Further is up to n repeats of a pass of the target beside those that the run
// has, and no more than budget of that pass in all. They are measured as the
// earlier ones were.
func Further(run *highwater.Run, t target.Target, pass highwater.Pass, n, budget int) []Repeat {
	have, rate := 0, 0
	for _, m := range run.Of(t.Info.ID()) {
		if m.Pass == pass {
			have++
		}
		if m.PeakParts != nil {
			rate = m.PeakParts.Rate
		}
	}
	var more []Repeat
	for number := have; number < min(have+n, budget); number++ {
		more = append(more, Repeat{Target: t, Pass: pass, Number: number, ProfileRate: rate})
	}
	return more
}
