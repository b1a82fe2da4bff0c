package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Far over a bound is a failure of severity critical: by a quarter of it, or by
// 50 MB in the whole process.
const (
	criticalRatio = 0.25
	criticalBytes = 50 * float64(highwater.MB)
)

// limits holds every metric to its bound.
func (r *row) limits() {
	omitted := map[highwater.Pass][]string{} // the metrics of passes that are left out
	for _, l := range r.out.Limits {
		m, ok := highwater.MetricByName(l.Metric)
		switch {
		case !ok:
			r.limitFault(l, fmt.Sprintf("there is a limit on %q, which is no metric", l.Metric), "see docs/metrics.md for the names")
			continue
		case !sane(l.Bound):
			r.limitFault(l, fmt.Sprintf("the limit on %s is not a number that it could reach", l.Metric), "correct it where it is declared")
			continue
		}
		if _, left := r.here.info.Omit[m.Pass]; left {
			omitted[m.Pass] = append(omitted[m.Pass], m.Name)
			continue
		}
		if r.here.info.Outside && !m.Outside() {
			r.note("no limit on %s: it cannot be seen of a command from outside", m.Name)
			continue
		}
		if why := r.here.info.Lacks[m.Name]; why != "" {
			r.limitFault(l, fmt.Sprintf("there is a limit on %s, and no %s: %s", m.Name, m.Name, why), "take the limit away, or use the program so that there is one; see docs/run.md")
			continue
		}
		if s, ok := r.here.summaries[m.Name]; ok {
			f := r.limit(m.For(r.here.info), l, s)
			if why := r.here.incomplete(m); why != "" && f.Verdict != highwater.VerdictFail {
				r.limitFault(l, fmt.Sprintf("%s is %s as far as it was seen, and may have been more, so that the limit of %s is not known to be kept: %s",
					m.Name, m.Format(s.Center), m.Format(l.Bound), why), "let all of the tree end by itself (--wait-tree), or look at one that lives longer; see docs/run.md")
				continue
			}
			r.add(f)
			continue
		}
		why, unsupported := r.here.unsupported(m)
		if m.Optional && !unsupported && len(r.here.good[m.Pass]) > 0 {
			r.limitFault(l, fmt.Sprintf("there is a limit on %s, and the scenario yielded none", m.Name), "take the limit away, or let the scenario do what the metric measures; see docs/metrics.md")
			continue
		}
		// Why there is no value is a finding already; the limit goes with it. Of a metric
		// that only some scenarios have nobody has asked so far.
		said := false
		for i := range r.out.Findings {
			if f := &r.out.Findings[i]; f.Metric == m.Name && f.Check == CheckPresence {
				f.Limit, said = &l, true
			}
		}
		if unsupported && !said {
			r.add(highwater.Finding{
				Metric: m.Name, Check: CheckPresence, Verdict: highwater.VerdictUnsupported, Limit: &l,
				Reason: m.Name + " cannot be measured here: " + why,
			})
		}
	}
	for _, pass := range highwater.Passes() {
		if metrics := omitted[pass]; len(metrics) > 0 {
			r.notApplied(pass, metrics)
		}
	}
}

// notApplied says which limits a left-out pass leaves without a figure.
func (r *row) notApplied(pass highwater.Pass, metrics []string) {
	noun := "limit"
	if len(metrics) > 1 {
		noun = "limits"
	}
	r.note("no %s on %s: the scenario omits the %s pass, since %s", noun, strings.Join(metrics, ", "), pass, r.here.info.Omit[pass])
}

func (r *row) limitFault(l highwater.Limit, reason, hint string) {
	r.add(highwater.Finding{
		Metric: l.Metric, Check: CheckLimit, Verdict: highwater.VerdictError, Limit: &l, Reason: reason, Hint: hint,
	})
}

// limit judges one metric against one bound.
func (r *row) limit(m highwater.Metric, l highwater.Limit, s highwater.Summary) highwater.Finding {
	f := highwater.Finding{Metric: m.Name, Check: CheckLimit, Observed: &s, Limit: &l}
	low, high, center, bound := s.Low, s.High, s.Center, l.Bound
	if m.HigherIsBetter { // turned over, so that less is better below
		low, high, center, bound = -high, -low, -center, -bound
	}
	switch {
	case high <= bound:
		f.Verdict = highwater.VerdictPass
		f.Reason = fmt.Sprintf("%s %s is within the limit of %s", m.Name, m.Format(s.Center), m.Format(l.Bound))
	case low > bound || counted(m):
		f.Verdict, f.Severity = highwater.VerdictFail, highwater.SeverityWarning
		worst := center
		if counted(m) {
			worst = high
		}
		if over := worst - bound; over > criticalRatio*math.Abs(bound) || r.wholeProcess(m, over) > criticalBytes {
			f.Severity = highwater.SeverityCritical
		}
		f.Reason = fmt.Sprintf("%s %s%s in %s is over the limit of %s", m.Name, m.Format(math.Abs(worst)), r.per(m), r.id, m.Format(l.Bound))
		if m.HigherIsBetter {
			f.Reason = fmt.Sprintf("%s %s in %s is under the limit of %s", m.Name, m.Format(s.Center), r.id, m.Format(l.Bound))
		}
		if l.Reason != "" {
			f.Hint = "this scenario's limit was chosen because: " + l.Reason
		}
	default:
		f.Verdict = highwater.VerdictInconclusive
		f.Reason = fmt.Sprintf("%s in %s lies between %s and %s, on both sides of the limit of %s",
			m.Name, r.id, m.Format(s.Low), m.Format(s.High), m.Format(l.Bound))
		f.Hint = settleHint(settleLimit(m, l, s), s.N, false)
	}
	return f
}

// wholeProcess is a difference of the metric in bytes of the whole process, 0 for
// metrics that are not held memory.
func (r *row) wholeProcess(m highwater.Metric, difference float64) float64 {
	switch m.Unit {
	case highwater.UnitBytesPerSession:
		return difference * float64(max(r.here.info.Sessions, 1))
	case highwater.UnitBytes:
		return difference
	default:
		return 0
	}
}

// per words what the figure is divided by, where that is not obvious.
func (r *row) per(m highwater.Metric) string {
	switch {
	case m.Unit == highwater.UnitBytesPerSession && r.here.info.Sessions > 1:
		return " a session"
	case slices.Contains([]highwater.Unit{highwater.UnitBytesPerOp, highwater.UnitAllocsPerOp}, m.Unit):
		return " an operation"
	default:
		return ""
	}
}
