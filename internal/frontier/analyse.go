package frontier

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

const level = 0.95

// Analyse makes a frontier of measurements of the natural pass at several settings. It is
// an error where the reference was not measured: there is nothing to compare with.
func Analyse(scenario string, all map[highwater.CollectorSetting][]highwater.Measurement, reference highwater.CollectorSetting, within float64) (highwater.Frontier, error) {
	f := highwater.Frontier{Scenario: scenario}
	of, failed := readings(all[reference])
	if len(of) == 0 {
		if failed == "" {
			failed = "it was not measured"
		}
		return f, fmt.Errorf("%s at %s, with which the other settings are compared: %s", scenario, reference, failed)
	}
	for s, ms := range all {
		f.Points = append(f.Points, point(s, ms, of))
	}
	slices.SortFunc(f.Points, func(a, b highwater.FrontierPoint) int {
		return cmp.Or(cmp.Compare(a.Footprint.Center, b.Footprint.Center), cmp.Compare(a.Setting.Limit, b.Setting.Limit), cmp.Compare(a.Setting.GOGC, b.Setting.GOGC))
	})
	f.Reference = slices.IndexFunc(f.Points, func(p highwater.FrontierPoint) bool { return p.Setting == reference })
	mark(f.Points)
	f.Least = least(f.Points, within)
	for _, p := range f.Points {
		if p.Failed != "" {
			f.Notes = append(f.Notes, fmt.Sprintf("%s: a process did not complete: %s", p.Setting, p.Failed))
		}
	}
	const fewest = 3
	if len(of) < fewest {
		f.Notes = append(f.Notes, fmt.Sprintf("need >= %d repeats for intervals; there are %d", fewest, len(of)))
	}
	return f, nil
}

// reading is one process.
type reading struct {
	footprint, cpu, wall, share, cycles float64
}

// readings by the number of the repeat, and how one failed.
func readings(ms []highwater.Measurement) (all map[int]reading, failed string) {
	all = map[int]reading{}
	for _, m := range ms {
		switch {
		case m.Outcome.Status != highwater.StatusOK:
			failed = string(m.Outcome.Status)
			if m.Outcome.Detail != "" {
				failed = m.Outcome.Detail
			}
		case m.Loop == nil || m.Loop.Ops <= 0 || m.Loop.Wall <= 0 || m.Loop.CPU <= 0 || m.GC == nil:
			failed = "it did not tell how many operations it made in what time"
		default:
			ops := float64(m.Loop.Ops)
			all[m.Repeat] = reading{m.Values[highwater.Footprint], ops / m.Loop.CPU.Seconds(), ops / m.Loop.Wall.Seconds(), m.GC.CPUShare, float64(m.GC.Cycles)}
		}
	}
	return all, failed
}

func point(s highwater.CollectorSetting, ms []highwater.Measurement, reference map[int]reading) highwater.FrontierPoint {
	p := highwater.FrontierPoint{Setting: s}
	all, failed := readings(ms)
	p.Repeats, p.Failed = len(all), failed
	var footprint, cpu, wall, share, cycles, ratios []float64
	for n, r := range all {
		footprint, cpu, wall = append(footprint, r.footprint), append(cpu, r.cpu), append(wall, r.wall)
		share, cycles = append(share, r.share), append(cycles, r.cycles)
		if base, ok := reference[n]; ok {
			ratios = append(ratios, r.cpu/base.cpu)
		}
	}
	p.Footprint, p.PerCPU, p.PerWall, p.Relative = estimate(footprint), estimate(cpu), estimate(wall), estimate(ratios)
	if len(all) > 0 {
		p.GCShare, p.Cycles = stat.Median(share), stat.Median(cycles)
	}
	return p
}

// estimate is the geometric mean of positive values with its interval by Student's t of
// their logarithms: what disturbs a process slows it by a factor. With one value the
// interval is without bound.
func estimate(xs []float64) highwater.Rate {
	var logs []float64
	for _, x := range xs {
		if x > 0 {
			logs = append(logs, math.Log(x))
		}
	}
	if len(logs) == 0 {
		return highwater.Rate{}
	}
	center := stat.Mean(logs)
	if len(logs) == 1 {
		return highwater.Rate{Center: xs[0], Low: 0, High: math.MaxFloat64}
	}
	n := float64(len(logs))
	half := stat.StudentQuantile((1+level)/2, n-1) * stat.SD(logs) / math.Sqrt(n)
	return highwater.Rate{Center: math.Exp(center), Low: math.Exp(center - half), High: math.Exp(center + half)}
}

// mark finds the Pareto frontier, of the centres: a setting is on it when none other has
// as little memory and as much throughput, and more of one. Settings with failures are
// not. The points are in the order of their memory.
func mark(points []highwater.FrontierPoint) {
	best := 0.0
	for i := range points {
		p := &points[i]
		if p.Failed != "" || p.Repeats == 0 {
			continue
		}
		if p.PerCPU.Center > best {
			p.Frontier, best = true, p.PerCPU.Center
		}
	}
}

// least finds the lowest limit from which on no limit costs more than within. Throughput
// rises with the limit, so that one that costs much hides those below it.
func least(points []highwater.FrontierPoint, within float64) *highwater.LeastLimit {
	var limited []highwater.FrontierPoint
	for _, p := range points {
		if p.Setting.Limit > 0 {
			limited = append(limited, p)
		}
	}
	slices.SortFunc(limited, func(a, b highwater.FrontierPoint) int { return cmp.Compare(b.Setting.Limit, a.Setting.Limit) })
	var found *highwater.LeastLimit
	for _, p := range limited {
		if p.Failed != "" || p.Repeats == 0 || p.Relative.Center < 1-within {
			if found != nil {
				found.Below = p.Setting.Limit
			}
			break
		}
		found = &highwater.LeastLimit{Limit: p.Setting.Limit, Relative: p.Relative, Within: within, Certain: p.Relative.Low >= 1-within}
	}
	return found
}
