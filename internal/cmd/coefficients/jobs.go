package main

import (
	"fmt"
	"io"
	"math"

	"github.com/highwater-dev/highwater"
)

// shared are the metrics of the passes that run beside each other.
var shared = []string{highwater.Sustained, highwater.Peak, highwater.GCPressure}

// disturbance prints what processes that ran one at a time and two at a time told of
// each scenario, and returns 1 where a mean differs by more than half of what the gate
// takes for a regression, beyond three standard errors: then passes disturb each other.
func disturbance(w io.Writer, one, two *highwater.Run, least int) int {
	fmt.Fprintf(w, "%-*s %-12s %10s %10s %10s %9s\n", nameWidth, "scenario", "metric", "--jobs 1", "--jobs 2", "means", "allowed")
	var disturbed, missing, good int
	for _, info := range one.Scenarios {
		id := info.ID()
		for _, name := range shared {
			m, _ := highwater.MetricByName(name)
			a, b := take(one, id, m, least), take(two, id, m, least)
			if _, omitted := info.Omit[m.Pass]; omitted {
				continue
			}
			if a.missing+b.missing != "" {
				fmt.Fprintf(w, "%-*s %-12s MISSING: %s %s\n", nameWidth, id, name, a.missing, b.missing)
				missing++
				continue
			}
			differ := math.Abs(b.mean - a.mean)
			allowed := math.Max(m.Relative.Relative*math.Abs(a.mean), m.Relative.Floor) / 2
			mark := ""
			if differ > allowed && differ > 3*math.Sqrt(a.sd*a.sd/float64(a.n)+b.sd*b.sd/float64(b.n)) {
				mark = "  DISTURBED"
				disturbed++
			} else {
				good++
			}
			of := math.Max(math.Abs(a.mean), m.PriorAbs)
			fmt.Fprintf(w, "%-*s %-12s %10s %10s %+9.2f%% %8.1f%%%s\n", nameWidth, id, name, a, b, 100*(b.mean-a.mean)/of, 100*allowed/of, mark)
		}
	}
	fmt.Fprintf(w, "coefficients of variation of single processes, and by how much the means differ: %d of %d within half of a regression\n", good, good+disturbed+missing)
	switch {
	case disturbed > 0:
		return highwater.ExitFail
	case missing > 0 || good == 0:
		return highwater.ExitError
	}
	return highwater.ExitOK
}
