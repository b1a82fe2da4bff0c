package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// evidenceSites is how many sites a finding carries.
const evidenceSites = 5

// explain gives the failures and warnings of the row their evidence, and says
// what kind of change they are.
func (r *row) explain() {
	for i := range r.out.Findings {
		f := &r.out.Findings[i]
		m, ok := highwater.MetricByName(f.Metric)
		if !ok || f.Verdict != highwater.VerdictFail && f.Verdict != highwater.VerdictWarn {
			continue
		}
		switch {
		case counted(m):
			r.leftovers(f, m)
		case f.Check == CheckLimit:
			r.explainLevel(f, m)
		case f.Check == CheckBaseline:
			r.explainChange(f, m)
		}
		if f.Command == "" && r.out.Profile != "" {
			f.Command = command("", r.out.Profile)
		}
	}
}

// explainLevel says what holds the memory that is over a limit.
func (r *row) explainLevel(f *highwater.Finding, m highwater.Metric) {
	if m.Name == highwater.Retained {
		r.explainRetained(f, m)
		return
	}
	if m.Name == highwater.Footprint {
		if parts := r.out.Footprint; parts != nil {
			f.Reason += "; " + largestPart(*parts)
		}
		return
	}
	if m.Unit != highwater.UnitBytesPerSession || len(r.out.Sites) == 0 {
		return
	}
	changes := levels(r.out.Sites)
	if len(changes) == 0 {
		return
	}
	total := sum(changes)
	if p := r.out.PeakParts; p != nil {
		total = max(total, p.Profiled, p.Heap+p.Stacks)
		if p.Heap >= 0 && p.Stacks > p.Heap {
			f.Reason += "; " + percent(float64(p.Stacks)/float64(p.Heap+p.Stacks)) + " of the peak is goroutine stacks"
			return
		}
	}
	setShares(changes, float64(total))
	f.Evidence = top(changes, inBytes)
	f.Fingerprint = f.Evidence[0].Site.Fingerprint
	f.Reason += "; " + held(f.Evidence[0])
}

// explainRetained says what was still there after tear-down.
func (r *row) explainRetained(f *highwater.Finding, m highwater.Metric) {
	here := r.here.exact()
	if here == nil || len(here.Retained) == 0 {
		return
	}
	f.Label = highwater.LabelLive
	changes := levels(here.Retained)
	setShares(changes, math.Max(r.wholeProcess(m, f.Observed.Center), float64(sum(changes))))
	if f.Evidence = top(changes, inBytes); len(f.Evidence) > 0 {
		f.Fingerprint = f.Evidence[0].Site.Fingerprint
		f.Reason += fmt.Sprintf("; %s of what is left was allocated by %s", percent(f.Evidence[0].Share), f.Evidence[0].Site.Where.Place())
	}
}

func sum(changes []highwater.SiteChange) (bytes int64) {
	for _, c := range changes {
		bytes += c.After - c.Before
	}
	return bytes
}

// explainChange says what a change is made of.
func (r *row) explainChange(f *highwater.Finding, m highwater.Metric) {
	live := r.grew(highwater.Peak, highwater.Sustained)
	switch m.Name {
	case highwater.Peak, highwater.Sustained, highwater.SessionCost, highwater.FixedCost:
		f.Label = highwater.LabelLive
		r.changedSites(f, m, func(x *highwater.Measurement) []highwater.Site { return x.Sites })
	case highwater.Retained:
		f.Label = highwater.LabelLive
		r.changedSites(f, m, func(x *highwater.Measurement) []highwater.Site { return x.Retained })
	case highwater.AllocBytes, highwater.Allocs:
		r.changedAllocations(f, m)
		f.Label = highwater.LabelChurn
		if live {
			f.Label = highwater.LabelLive
		}
	case highwater.GCPressure:
		switch {
		case live:
			f.Label = highwater.LabelLive
		case r.grew(highwater.AllocBytes, highwater.Allocs):
			f.Label = highwater.LabelChurn
		}
	case highwater.Footprint:
		r.explainFootprint(f, live)
	}
}

// changedSites takes the evidence from the sites of both runs.
func (r *row) changedSites(f *highwater.Finding, m highwater.Metric, of func(*highwater.Measurement) []highwater.Site) {
	here, there := r.here.exact(), r.before.exact()
	if here == nil || there == nil || len(here.Sites) == 0 || len(there.Sites) == 0 {
		return
	}
	changes := heap.Diff(of(there), of(here))
	for i, c := range changes {
		changes[i].New = c.New && surelyNew(c, of(there))
	}
	changes = heap.ChangedPlaces(changes)
	change := r.wholeProcess(m, f.Observed.Center-f.Reference.Center)
	setShares(changes, moved(change, changes, inBytes))
	f.Evidence = top(changes, inBytes)
	if m.Name == highwater.Peak && here.PeakParts != nil && there.PeakParts != nil {
		stacks := float64(here.PeakParts.Stacks - there.PeakParts.Stacks)
		if whole := math.Max(change, stacks); stacks*2 > whole && whole > 0 {
			f.Reason += ": " + percent(stacks/whole) + " from goroutine stacks"
			return
		}
	}
	if i := slices.IndexFunc(f.Evidence, func(c highwater.SiteChange) bool { return c.After > c.Before }); i >= 0 {
		f.Fingerprint = f.Evidence[i].Site.Fingerprint
		f.Reason += ": " + from(f.Evidence[i])
	}
}

// moved is what the shares of a change are of: the change of the metric, or what all
// sites together grew or shrank by where that is more. What the profile does not
// account for is nobody's; and where much grew and as much shrank, as when code has
// moved, a site's share of the growth is no more than the whole.
func moved(change float64, changes []highwater.SiteChange, amount func(highwater.SiteChange) float64) float64 {
	var grew, shrank float64
	for _, c := range changes {
		grew += math.Max(amount(c), 0)
		shrank -= math.Min(amount(c), 0)
	}
	return max(math.Abs(change), grew, shrank)
}

// surelyNew guards against a site that was there before and too small to be
// kept: a measurement keeps the largest only.
func surelyNew(c highwater.SiteChange, before []highwater.Site) bool {
	var share float64
	smallest := int64(math.MaxInt64)
	for _, s := range before {
		share += s.Share
		smallest = min(smallest, s.Bytes)
	}
	return c.After > 0 && (share > 0.999 || c.After > 2*smallest)
}

// levels are sites as evidence without a before, with their shares of the whole
// profile.
func levels(sites []highwater.Site) []highwater.SiteChange {
	changes := heap.Diff(nil, sites)
	for i := range changes {
		changes[i].Share = changes[i].Site.Share
	}
	return heap.ChangedPlaces(changes)
}

// setShares makes shares of a total other than that of the sites alone.
func setShares(changes []highwater.SiteChange, total float64) {
	for i, c := range changes {
		changes[i].Share = 0
		if total > 0 {
			changes[i].Share = float64(c.After-c.Before) / total
		}
	}
}

func inBytes(c highwater.SiteChange) float64 { return float64(c.After) - float64(c.Before) }

// top are the largest changes; those below a hundredth of the largest explain
// nothing and are left out.
func top(changes []highwater.SiteChange, amount func(highwater.SiteChange) float64) []highwater.SiteChange {
	for i, c := range changes {
		if i > 0 && math.Abs(amount(c)) < math.Abs(amount(changes[0]))/100 {
			changes = changes[:i]
			break
		}
	}
	return slices.Clip(changes[:min(evidenceSites, len(changes))])
}

// grew reports whether any of the metrics failed or warned against the baseline.
func (r *row) grew(metrics ...string) bool {
	return slices.ContainsFunc(r.out.Findings, func(f highwater.Finding) bool {
		return f.Check == CheckBaseline && slices.Contains(metrics, f.Metric) &&
			(f.Verdict == highwater.VerdictFail || f.Verdict == highwater.VerdictWarn)
	})
}
