package advise

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// From these on what running at several settings has shown is moderate.
const (
	worthFootprint      = 0.25 // of the footprint
	worthFootprintBytes = 4 << 20
	worthFaster         = 0.05 // more operations for the same CPU time
)

const provedBy = "the frontier: the scenario was run at %d settings of GOGC and GOMEMLIMIT, in turn, in fresh processes"

// smaller advises on the least memory limit at which throughput stayed, and on a container
// for it: the footprint that was measured there with a margin. It saves what the footprint
// is less than at the setting that others are compared with.
func (f *facts) smaller(of highwater.Frontier) []Advice {
	if of.Least == nil || of.Reference < 0 || of.Reference >= len(of.Points) {
		return nil
	}
	i := slices.IndexFunc(of.Points, func(p highwater.FrontierPoint) bool { return p.Setting.Limit == of.Least.Limit })
	if i < 0 {
		return nil
	}
	at, reference := of.Points[i], of.Points[of.Reference]
	saved := int64(reference.Footprint.Center - at.Footprint.Center)
	if saved <= 0 {
		return nil // a limit that is not reached
	}
	container := Container(of)
	a := Advice{
		Severity: Minor, judged: true, Weight: ratio(float64(saved), reference.Footprint.Center),
		Title: fmt.Sprintf("%s takes %s less memory, and keeps %.0f %% of the throughput", at.Setting, f.size(float64(saved)), 100*at.Relative.Center),
		Evidence: []string{
			fmt.Sprintf("the footprint is %s at %s, and %s at %s", f.size(at.Footprint.Center), at.Setting, f.size(reference.Footprint.Center), reference.Setting),
			throughput(at),
		},
		How:   fmt.Sprintf("set %s, and limit the container to %d MiB, a fifth above the footprint", at.Setting, mib(container)),
		Found: fmt.Sprintf(provedBy, len(of.Points)),
		Known: true, SavedBytes: saved, SavedCPU: min(1-1/at.Relative.Center, 0),
	}
	if of.Least.Below > 0 {
		a.Evidence = append(a.Evidence, fmt.Sprintf("%d MiB cost more than %.0f %% of the throughput", mib(of.Least.Below), 100*of.Least.Within))
	}
	if a.Weight >= worthFootprint && saved >= worthFootprintBytes && of.Least.Certain {
		a.Severity = Moderate
	}
	return []Advice{a}
}

// Container is a limit for a container in which the scenario runs under its least memory
// limit: the footprint that was measured with it, and a fifth more. 0 where none was found.
func Container(of highwater.Frontier) int64 {
	if of.Least == nil {
		return 0
	}
	for _, p := range of.Points {
		if p.Setting.Limit == of.Least.Limit {
			return int64(p.Footprint.Center * (1 + margin))
		}
	}
	return 0
}

// faster advises on a higher GOGC where that gave more operations for the same CPU time:
// the least one with half of all that there is to gain.
func (f *facts) faster(of highwater.Frontier) []Advice {
	if of.Reference < 0 || of.Reference >= len(of.Points) {
		return nil
	}
	reference := of.Points[of.Reference]
	var better []highwater.FrontierPoint
	most := 0.0
	for _, p := range of.Points {
		if p.Setting.Limit == 0 && p.Setting.GOGC > reference.Setting.GOGC && p.Failed == "" && p.Relative.Low > 1+worthFaster {
			better = append(better, p)
			most = max(most, p.Relative.Center-1)
		}
	}
	slices.SortFunc(better, func(a, b highwater.FrontierPoint) int { return cmp.Compare(a.Setting.GOGC, b.Setting.GOGC) })
	for _, p := range better {
		if p.Relative.Center-1 < most/2 {
			continue
		}
		cost := int64(p.Footprint.Center - reference.Footprint.Center)
		return []Advice{{
			Severity: Moderate, judged: true, Weight: 1 - 1/p.Relative.Center,
			Title: fmt.Sprintf("%s makes %.0f %% more operations for the same CPU time, for %s more memory", p.Setting, 100*(p.Relative.Center-1), f.size(float64(cost))),
			Evidence: []string{
				throughput(p),
				fmt.Sprintf("the collector took %s of the CPU time, and %s at %s", share(p.GCShare), share(reference.GCShare), reference.Setting),
			},
			How:   fmt.Sprintf("set GOGC=%d, with GOMEMLIMIT as the ceiling", p.Setting.GOGC),
			Found: fmt.Sprintf(provedBy, len(of.Points)),
			Known: true, SavedBytes: -cost, SavedCPU: 1 - 1/p.Relative.Center,
		}}
	}
	return nil
}

func throughput(p highwater.FrontierPoint) string {
	text := fmt.Sprintf("%.0f %% of the throughput at %s", 100*p.Relative.Center, p.Setting)
	if p.Relative.Low > 0 {
		text += fmt.Sprintf(", between %.0f and %.0f %% (95 %%, %d repeats)", 100*p.Relative.Low, 100*p.Relative.High, p.Repeats)
	}
	return text
}
