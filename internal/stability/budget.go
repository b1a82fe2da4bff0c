package stability

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// CheckBudget is the name of the check that holds what a session keeps to its limit.
const CheckBudget = "limit"

// budget holds what a session has at the end, when nothing grows any more, to the
// limit on sustained memory: memory that has grown and stopped may still be too much.
// Soaks of which nothing is taken off have no such figure.
func (r *rower) budget(a *assessed) {
	s := a.view.soak
	if r.policy.Limits == nil || s.Baseline <= 0 || a.view.len() < MinCheckpoints || a.Of != highwater.QuantityLive {
		return
	}
	sessions := float64(max(r.info.Sessions, 1))
	each := (float64(a.Final) - float64(s.Baseline)) / sessions
	a.PerSession = &each
	for _, l := range r.policy.Limits(r.info) {
		if l.Metric != highwater.Sustained {
			continue
		}
		f := highwater.Finding{Check: CheckBudget, Metric: highwater.Sustained, Limit: &l, Verdict: highwater.VerdictPass}
		f.Reason = fmt.Sprintf("a session holds %s, within its limit of %s", size(each), size(l.Bound))
		if each > l.Bound {
			f.Verdict, f.Severity, f.Label = highwater.VerdictFail, highwater.SeverityWarning, highwater.LabelLive
			if each-l.Bound > criticalBytes || each > (1+criticalRatio)*l.Bound {
				f.Severity = highwater.SeverityCritical
			}
			f.Evidence = a.view.holders()
			f.Reason = fmt.Sprintf("a session holds %s, over its limit of %s", size(each), size(l.Bound))
			if len(f.Evidence) > 0 {
				e := f.Evidence[0]
				f.Fingerprint = e.Site.Fingerprint
				f.Reason += fmt.Sprintf("; %s from %s", ratio(e.Share), e.Site.Where.Place())
			}
			f.Hint = "the sites above hold the most; a limit of its own for the scenario stands in highwater.yml, with a reason"
		}
		r.add(f)
	}
}

// mostHolders is how many sites are told.
const mostHolders = 5

// holders are the sites that hold most at the end, of what they have more than at the
// beginning.
func (v *view) holders() []highwater.SiteChange {
	if v.len() == 0 {
		return nil
	}
	first, last := v.keep[0], v.keep[v.len()-1]
	grown := float64(v.soak.Points[last].Live() - v.soak.Baseline)
	var all []highwater.SiteChange
	for _, s := range v.soak.Sites {
		if len(s.Bytes) != len(v.soak.Points) || s.Bytes[last] <= s.Bytes[first] {
			continue
		}
		c := highwater.SiteChange{Site: s.Site, Before: s.Bytes[first], After: s.Bytes[last]}
		if grown > 0 {
			c.Share = float64(c.After-c.Before) / grown
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b highwater.SiteChange) int { return cmp.Compare(b.After-b.Before, a.After-a.Before) })
	return all[:min(len(all), mostHolders)]
}
