package gate

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// group is a part of the footprint with one cause.
type group struct {
	label highwater.Label
	name  string
	of    func(highwater.FootprintParts) int64
}

// groups take what was counted and never touched, which makes what is outside the
// heap negative, from what waits to be used: a program touches what it holds.
var groups = []group{
	{highwater.LabelLive, "live heap and stacks", func(p highwater.FootprintParts) int64 { return p.LiveHeap + p.Stacks }},
	{highwater.LabelGC, "garbage, free and unused memory and the collector's own", func(p highwater.FootprintParts) int64 {
		return p.DeadHeap + p.Free + p.Fragmentation + p.Metadata + min(p.OffHeap, 0)
	}},
	{highwater.LabelOffHeap, "memory outside the Go heap", func(p highwater.FootprintParts) int64 { return max(p.OffHeap, 0) }},
}

// explainFootprint labels a change of the footprint by the group of parts that
// makes up at least half of it. A live heap that is known to have grown explains
// it first: headroom and garbage grow with it.
func (r *row) explainFootprint(f *highwater.Finding, live bool) {
	if live {
		f.Label = highwater.LabelLive
		for _, other := range r.out.Findings {
			if other.Check == CheckBaseline && len(other.Evidence) > 0 {
				f.Evidence, f.Fingerprint = other.Evidence, other.Fingerprint
				break
			}
		}
	}
	here, there := r.here.footprint(), r.before.footprint()
	if here == nil || there == nil {
		return
	}
	change := f.Observed.Center - f.Reference.Center
	for _, g := range groups {
		part := float64(g.of(*here) - g.of(*there))
		if part*2 < change || change <= 0 {
			continue
		}
		if !live {
			f.Label = g.label
		}
		f.Reason += fmt.Sprintf(": %s more in %s", highwater.FormatBytes(part), g.name)
		return
	}
}

// largestPart words what the resident memory mostly is.
func largestPart(p highwater.FootprintParts) string {
	best := groups[0]
	for _, g := range groups[1:] {
		if g.of(p) > best.of(p) {
			best = g
		}
	}
	return fmt.Sprintf("%s of %s at the end is %s",
		highwater.FormatBytes(float64(best.of(p))), highwater.FormatBytes(float64(p.RSS)), best.name)
}

// leftoverKinds are the kinds of Leftover behind the counts.
var leftoverKinds = map[string]string{
	highwater.Goroutines: "goroutine", highwater.FDs: "fd", highwater.Children: "child",
}

// leftovers names what was left over, as far as a sentence holds it.
func (r *row) leftovers(f *highwater.Finding, m highwater.Metric) {
	const most = 3
	var details []string
	for _, one := range r.here.good[m.Pass] {
		if one.Values[m.Name] != f.Observed.High {
			continue
		}
		more := 0
		for _, l := range one.Leftovers {
			switch {
			case l.Kind != leftoverKinds[m.Name]:
			case len(details) == most:
				more++
			case l.Count > 1:
				details = append(details, fmt.Sprintf("%d × %s", l.Count, l.Detail))
			default:
				details = append(details, l.Detail)
			}
		}
		if more > 0 {
			details = append(details, fmt.Sprintf("and %d more", more))
		}
		break
	}
	if len(details) > 0 {
		f.Reason += ": " + strings.Join(details, "; ")
	}
}
