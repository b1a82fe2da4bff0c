package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/stat"
)

// promises are the largest coefficients of variation, as ratios.
var promises = []struct {
	metric               string
	sequential, together float64
}{
	{highwater.Sustained, 0.005, 0.02},
	{highwater.Peak, 0.01, 0.05},
	{highwater.Allocs, 0.001, 0.001},
}

// figure is one metric of one scenario in one run.
type figure struct {
	n        int
	mean, sd float64
	cv       float64
	missing  string // why there is none
}

// take reads the figure. Of a mean below what the metric resolves the deviation is held
// against that resolution: a percentage of nothing means nothing.
func take(run *highwater.Run, id string, m highwater.Metric, least int) figure {
	info, ok := run.Scenario(id)
	if !ok {
		return figure{missing: "not in the run"}
	}
	for _, one := range run.Of(id) {
		if one.Outcome.Status != highwater.StatusOK {
			return figure{missing: "not measured: " + one.Outcome.Detail}
		}
	}
	values := gate.Samples(run, id)[m.Name]
	if why, omitted := info.Omit[m.Pass]; omitted && len(values) == 0 {
		return figure{missing: "omitted: " + why}
	}
	if len(values) < max(least, 2) {
		return figure{missing: fmt.Sprintf("%d repeats, want %d", len(values), least)}
	}
	f := figure{n: len(values), mean: stat.Mean(values), sd: stat.SD(values)}
	f.cv = f.sd / math.Max(math.Abs(f.mean), m.PriorAbs)
	return f
}

func (f figure) String() string {
	if f.missing != "" {
		return "-"
	}
	return fmt.Sprintf("%.3f %%", 100*f.cv)
}

// nameWidth is that of the names of scenarios.
const nameWidth = 47

// header names the columns, two for each promise.
func header(w io.Writer) {
	first, second, promised := "scenario (+: concurrent)", "", "promised (of concurrent ones)"
	fmt.Fprintf(w, "%-*s", nameWidth, first)
	for _, p := range promises {
		fmt.Fprintf(w, "%19s ", p.metric)
	}
	fmt.Fprintf(w, "\n%-*s", nameWidth, second)
	for range promises {
		fmt.Fprintf(w, "%9s %9s ", "alone", "loaded")
	}
	fmt.Fprintf(w, "\n%-*s", nameWidth, promised)
	for _, p := range promises {
		fmt.Fprintf(w, "%19s ", fmt.Sprintf("%g %% (%g %%)", 100*p.sequential, 100*p.together))
	}
	fmt.Fprintln(w)
}

// table prints all figures, marks those that are worse than promised, and returns the
// status to exit with.
func table(w io.Writer, alone, loaded *highwater.Run, patterns []string, least int) int {
	var ids []string
	for _, r := range []*highwater.Run{alone, loaded} {
		for _, info := range r.Scenarios {
			if id := info.ID(); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	var worse, missing []string
	good := 0
	header(w)
	for _, id := range ids {
		together := slices.ContainsFunc(patterns, func(pattern string) bool { return config.Match(pattern, id) })
		name := id
		if together {
			name += " +"
		}
		fmt.Fprintf(w, "%-*s", nameWidth, name)
		for _, p := range promises {
			m, _ := highwater.MetricByName(p.metric)
			bound := p.sequential
			if together {
				bound = p.together
			}
			figures := []figure{take(alone, id, m, least), take(loaded, id, m, least)}
			for i, f := range figures {
				where := []string{"alone", "loaded"}[i]
				mark := " "
				switch {
				case strings.HasPrefix(f.missing, "omitted: "):
				case f.missing != "":
					missing = append(missing, fmt.Sprintf("%s %s, %s: %s", id, p.metric, where, f.missing))
				case f.cv > bound:
					mark = "!"
					worse = append(worse, fmt.Sprintf("%s %s, %s: %.3f %% of %s (±%s), promised %g %%", id, p.metric, where, 100*f.cv, m.Format(f.mean), m.Format(f.sd), 100*bound))
				default:
					good++
				}
				fmt.Fprintf(w, "%9s%s", f, mark)
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d of %d figures are as promised\n", good, good+len(worse)+len(missing))
	for _, line := range worse {
		fmt.Fprintln(w, "WORSE:", line)
	}
	for _, line := range missing {
		fmt.Fprintln(w, "MISSING:", line)
	}
	switch {
	case len(worse) > 0:
		return highwater.ExitFail
	case len(missing) > 0 || good == 0:
		return highwater.ExitError
	}
	return highwater.ExitOK
}
