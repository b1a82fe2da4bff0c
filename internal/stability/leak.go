package stability

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/highwater-dev/highwater"
)

const (
	hintShort    = ", or with a shorter --interval: it takes 20 checkpoints, and for live memory as a whole 300 s or 60 checkpoints after the warm-up"
	hintCollects = ": the runtime collects every two minutes at least; or by its net/http/pprof endpoint (--url), where each checkpoint forces a collection"
	hintLeak     = "the sites above allocate what is not given back: look for what keeps it, such as a map or a slice that only grows"
	hintSpread   = "no single site grows alone: compare the profiles beside the run file with go tool pprof -base"
	hintFilling  = "soak until then to see it stop; a cache with a bound will"
)

// A leak is critical where it has grown live memory by a quarter, or by 50 MB.
const (
	criticalRatio = 0.25
	criticalBytes = 50 * float64(highwater.MB)
)

// knownShare is how much of the growth known leaks must make up to explain it.
const knownShare = 0.7

// longer is a hint to soak longer, with more behind it.
func (j *judge) longer(more string) string {
	return "soak longer (" + cmp.Or(j.policy.DurationFlag, "--duration") + ")" + more
}

// leak judges live memory.
func (r *rower) leak(a *assessed) {
	f := highwater.Finding{Check: CheckLeak, Metric: highwater.Growth}
	if a.PerOp != nil {
		f.Observed = &highwater.Summary{Metric: highwater.Growth, Center: a.PerOp.Center, Low: a.PerOp.Low, High: a.PerOp.High, N: a.seen.len()}
	}
	switch {
	case a.view.len() < MinCheckpoints:
		f.Verdict = highwater.VerdictInconclusive
		f.Reason = fmt.Sprintf("leaks cannot be told from noise with %s, it takes %d", counted(a.view.len(), "checkpoint", "checkpoints"), MinCheckpoints)
		f.Hint = r.longer(hintShort)
	case a.Course == highwater.CourseUnjudged:
		r.resident(a)
		return
	case a.seen.len() < MinCheckpoints:
		f.Verdict, f.Hint = highwater.VerdictInconclusive, r.longer(hintCollects)
		f.Reason = fmt.Sprintf("leaks cannot be told from noise: nothing is forced in this process, and %s of %d came after a collection of its own, it takes %d",
			counted(a.seen.len(), "checkpoint", "checkpoints"), a.view.len(), MinCheckpoints)
	case a.Course == highwater.CourseShort:
		f.Verdict, f.Hint = highwater.VerdictInconclusive, r.longer(hintShort)
		f.Reason = fmt.Sprintf("leaks cannot be told from noise: after the warm-up of %s there are %s in %s only",
			clock(a.Warm), counted(a.trend.points.len(), "checkpoint", "checkpoints"), clock(seconds(a.trend.points.span())))
	case a.Course == highwater.CourseGrowing && !a.total && !a.sites:
		f.Verdict, f.Label = highwater.VerdictWarn, highwater.LabelLive
		f.Reason = "live memory grows with the goroutines or threads that pile up, by what the runtime keeps for them"
	case a.Course == highwater.CourseGrowing:
		r.leaks(a, f)
		return
	case a.Course == highwater.CourseFilling:
		f.Verdict, f.Label, f.Hint = highwater.VerdictWarn, highwater.LabelLive, hintFilling
		f.Reason = fmt.Sprintf("live memory still grows, ever more slowly, by %s since %s: a cache may be filling", size(a.trend.growth), clock(seconds(a.trend.points.t[0])))
		if a.SettleBy != nil {
			f.Reason += ", which should have stopped after " + clock(*a.SettleBy)
		}
	case a.Course == highwater.CourseSettled:
		f.Verdict = highwater.VerdictPass
		f.Reason = fmt.Sprintf("no leak: live memory grew to %s and has stopped; %s would have been found", size(float64(a.Final)), a.least())
	default:
		f.Verdict = highwater.VerdictPass
		f.Reason = fmt.Sprintf("no leak: live memory is flat at %s; %s would have been found", size(float64(a.Final)), a.least())
	}
	r.add(f)
	if f.Verdict != highwater.VerdictInconclusive && !a.trend.points.enough() {
		r.note("live memory as a whole takes 300 s or 60 checkpoints after the warm-up to judge; only its sites were")
	}
}

// least words the smallest leak that would have been found.
func (a *assessed) least() string {
	var parts []string
	if a.Detectable > 0 {
		parts = append(parts, size(a.Detectable)+" an hour")
	}
	if a.DetectableSite > 0 {
		parts = append(parts, size(a.DetectableSite)+" an hour at a site of its own")
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", or ")
}

// leaks tells of a leak: one finding for what is new, and one for each suspect that is
// known. Where only the whole shows it, known suspects explain it if they make up most.
func (r *rower) leaks(a *assessed, f highwater.Finding) {
	f.Verdict, f.Label, f.Severity = highwater.VerdictFail, highwater.LabelLive, highwater.SeverityWarning
	if grown := math.Max(a.trend.growth, 0); grown > criticalBytes || grown > criticalRatio*a.level {
		f.Severity = highwater.SeverityCritical
	}
	var fresh, known []highwater.Suspect
	var past string
	var explained float64
	for i := range a.Suspects {
		s := &a.Suspects[i]
		if s.Kind != kindSite {
			continue
		}
		accepted, was := r.accepted(r.id, highwater.Growth, s.Fingerprint)
		past += was
		if accepted != "" {
			s.Status, s.Known = statusKnown, accepted
			explained += s.Share
			known = append(known, *s)
			continue
		}
		fresh = append(fresh, *s)
	}
	for _, s := range known {
		w := f
		w.Verdict, w.Severity, w.Known, w.Fingerprint = highwater.VerdictWarn, "", s.Known, s.Fingerprint
		w.Reason = "known leak: " + grows(s)
		w.Evidence = evidence([]highwater.Suspect{s})
		r.add(w)
	}
	if len(fresh) == 0 && len(known) > 0 && explained >= knownShare {
		a.known = known[0].Known
		return
	}
	f.Evidence = evidence(fresh)
	if len(fresh) > 0 {
		f.Fingerprint = fresh[0].Fingerprint
	}
	f.Hint = hintLeak
	if len(fresh) == 0 {
		f.Hint = hintSpread
		if why := a.view.soak.Lacks[highwater.QuantitySites]; why != "" {
			f.Hint = "where it is allocated cannot be seen: " + why
		}
	}
	if a.total {
		f.Reason = fmt.Sprintf("leak in %s: live memory grows by %s", r.id, hourly(a.PerHour))
		if len(known) > 0 {
			f.Reason += ", more than what is known explains"
		}
	} else {
		f.Reason = fmt.Sprintf("leak in %s: %s at nearly every checkpoint", r.id, counted(len(fresh), "site grows", "sites grow"))
	}
	for i, s := range fresh[:min(len(fresh), 2)] {
		f.Reason += "; " + grows(s)
		if i == 0 && s.Share >= 0.005 && a.total {
			f.Reason += fmt.Sprintf(" (%s of the growth)", ratio(s.Share))
		}
	}
	f.Reason += past
	if a.ToLimit != nil {
		f.Reason += fmt.Sprintf("; at this rate it reaches %s in %s", size(float64(a.Limit)), clock(*a.ToLimit))
	}
	r.add(f)
}

// evidence is the sites of suspects as changes.
func evidence(suspects []highwater.Suspect) []highwater.SiteChange {
	var out []highwater.SiteChange
	for _, s := range suspects {
		if s.Site != nil {
			out = append(out, highwater.SiteChange{Site: *s.Site, Before: s.Before, After: s.After, Share: s.Share})
		}
	}
	return out
}

// growth holds live memory to the absolute limits, where it surely grows.
func (r *rower) growth(a *assessed) {
	percent := r.policy.percent(r.info)
	if percent <= 0 && r.policy.MaxGrowth <= 0 || a.seen.len() < MinCheckpoints || a.Of != highwater.QuantityLive {
		return
	}
	f := highwater.Finding{Check: CheckGrowth, Metric: highwater.Growth, Verdict: highwater.VerdictPass}
	real := a.Course == highwater.CourseGrowing || a.Course == highwater.CourseFilling
	// A cache that fills is held to what it will still take, not to how fast it began.
	hourly := 0.0
	if real && a.level > 0 {
		hourly = a.nextH / a.level * 100
	}
	grown := a.trend.growth
	switch {
	case percent > 0 && hourly > percent:
		f.Verdict, f.Severity = highwater.VerdictFail, highwater.SeverityWarning
		f.Reason = fmt.Sprintf("live memory grows by %.3g %% an hour, the limit is %g %%", hourly, percent)
	case r.policy.MaxGrowth > 0 && (real || a.sure) && grown > float64(r.policy.MaxGrowth):
		f.Verdict, f.Severity = highwater.VerdictFail, highwater.SeverityWarning
		f.Reason = fmt.Sprintf("live memory grew by %s after the warm-up, the limit is %s", size(grown), size(float64(r.policy.MaxGrowth)))
	case real:
		f.Reason = fmt.Sprintf("live memory grows by %.3g %% an hour, within the limits", hourly)
	default:
		f.Reason = "no growth of live memory that goes on"
	}
	if f.Verdict == highwater.VerdictFail && a.known != "" {
		f.Verdict, f.Severity, f.Known = highwater.VerdictWarn, "", a.known
	}
	r.add(f)
}

// resident judges a process of which only the operating system tells.
func (r *rower) resident(a *assessed) {
	v := a.view
	why := "live memory cannot be seen from outside the process"
	if said := v.soak.Lacks[highwater.QuantityLive]; said != "" {
		why = said
	}
	f := highwater.Finding{Check: CheckLeak, Metric: highwater.Growth, Verdict: highwater.VerdictUnjudged, Reason: "not judged: " + why}
	r.add(f)
	if v.lacks(highwater.QuantityRSS) || a.trend.points.len() == 0 {
		return
	}
	l := v.of(resident)
	f = highwater.Finding{Check: CheckResident, Verdict: highwater.VerdictPass}
	const caveat = "resident memory holds garbage and free pages besides, so that this is less certain than live memory would be"
	switch judged := l.from(l.len() / 4); {
	case creeps(l):
		f.Verdict, f.Severity = highwater.VerdictFail, highwater.SeverityWarning
		f.Reason = fmt.Sprintf("resident memory keeps growing in every quarter of the soak, by %s; %s", hourly(a.PerHour), caveat)
		f.Hint = "soak it with the probe, or by its net/http/pprof endpoint (--url), to see what is live"
	case judged.len() < 15 || judged.span() < creepSpan && judged.len() < creepPoints:
		f.Verdict = highwater.VerdictInconclusive
		f.Reason = "resident memory cannot be judged: it takes 600 s or 120 checkpoints after the first quarter of the soak"
		f.Hint = r.longer(", or with a shorter --interval")
	default:
		least := math.Max(creepBytes, creepShare*math.Max(a.level, 0))
		f.Reason = fmt.Sprintf("resident memory does not keep growing; only growth by %s or more over the soak would have been called a leak, since %s", size(least/0.75), caveat)
	}
	r.add(f)
}
