package stability

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// counts judges goroutines, descriptors, threads and child processes.
func (r *rower) counts(a *assessed) {
	for _, c := range []struct {
		kind, check, metric string
		quantity            highwater.Quantity
	}{
		{kindGoroutines, CheckGoroutines, highwater.Goroutines, highwater.QuantityGoroutines},
		{kindFDs, CheckFDs, highwater.FDs, highwater.QuantityFDs},
		{kindThreads, CheckThreads, highwater.Threads, highwater.QuantityThreads},
		{kindChildren, CheckChildren, highwater.Children, highwater.QuantityChildren},
	} {
		f := highwater.Finding{Check: c.check, Metric: c.metric}
		if why, lacking := a.view.soak.Lacks[c.quantity]; lacking {
			f.Reason = c.kind + " were not counted: " + why
			r.add(unsupported(f))
			continue
		}
		if a.view.len() < MinCheckpoints {
			continue // the leak check says so
		}
		grew := false
		for i := range a.Suspects {
			if s := &a.Suspects[i]; s.Kind == c.kind {
				grew = true
				r.more(s, f)
			}
		}
		if !grew {
			f.Verdict, f.Reason = highwater.VerdictPass, c.kind+" do not keep growing"
			r.add(f)
		}
	}
}

// unsupported is a finding that is listed and colours nothing: nobody asked for it.
func unsupported(f highwater.Finding) highwater.Finding {
	f.Verdict = highwater.VerdictUnjudged
	return f
}

// more tells of a count that keeps growing.
func (r *rower) more(s *highwater.Suspect, f highwater.Finding) {
	if known, _ := r.accepted(r.id, f.Metric, s.Fingerprint); known != "" {
		s.Status, s.Known = statusKnown, known
	}
	f.Verdict, f.Severity, f.Fingerprint = highwater.VerdictFail, highwater.SeverityWarning, s.Fingerprint
	f.Reason = fmt.Sprintf("%s keep growing: from %d to %d, %.3g an hour", s.Name, s.Before, s.After, s.PerHour)
	if s.PerOp > 0 {
		f.Reason += fmt.Sprintf(", %.3g an operation", s.PerOp)
	}
	if s.Site != nil && len(s.Site.Stack) > 0 {
		f.Reason += "; blocked at " + s.Site.Stack[0].Place()
	}
	r.add(f)
}

// blocked fails goroutines that can never go on, by the runtime's own leak profile.
func (r *rower) blocked(s *highwater.Soak) {
	if len(s.Blocked) == 0 {
		return
	}
	blocked := slices.Clone(s.Blocked)
	slices.SortStableFunc(blocked, func(a, b highwater.Leftover) int { return b.Count - a.Count })
	var total int
	var where []string
	for i, l := range blocked {
		total += min(max(l.Count, 0), 1<<30)
		if i < 3 {
			where = append(where, fmt.Sprintf("%d × %s", l.Count, l.Detail))
		}
	}
	r.add(highwater.Finding{
		Check: CheckGoroutines, Metric: highwater.Goroutines, Verdict: highwater.VerdictFail, Severity: highwater.SeverityWarning,
		Reason: fmt.Sprintf("%s blocked for ever, by the runtime's leak profile: %s", counted(total, "goroutine is", "goroutines are"), strings.Join(where, "; ")),
		Hint:   "nothing that can still run holds what they wait for; let them end with their context, or close their channel",
	})
}

// offHeap judges memory that Go did not allocate.
func (r *rower) offHeap(a *assessed) {
	if a.Course == highwater.CourseUnjudged || a.view.len() < MinCheckpoints {
		return
	}
	f := highwater.Finding{Check: CheckOffHeap, Verdict: highwater.VerdictPass, Reason: "memory outside the Go heap does not keep growing"}
	if why, lacking := a.view.soak.Lacks[highwater.QuantityOffHeap]; lacking {
		f.Reason = "memory outside the Go heap was not seen: " + why
		f = unsupported(f)
	} else if suspects, per, leak := a.outside(); leak {
		f.Verdict, f.Severity, f.Label = highwater.VerdictFail, highwater.SeverityWarning, highwater.LabelOffHeap
		f.Reason = fmt.Sprintf("memory outside the Go heap keeps growing, by %s, while the runtime's account does not", per)
		var names []string
		for _, s := range suspects {
			names = append(names, fmt.Sprintf("%s (from %s to %s)", s.Name, size(float64(s.Before)), size(float64(s.After))))
		}
		if len(names) > 0 {
			f.Reason += ": " + strings.Join(names, ", ")
		}
		f.Reason += "; it is what is resident beside the runtime's memory, which is less certain than live memory"
		f.Hint = "look for mmap, C allocations and what was not closed; Go's profiles do not show it"
	}
	r.add(f)
}

// outside says which memory outside the Go heap leaks, and how fast: a kind of mapping
// that grows at nearly every checkpoint, or the whole of it.
func (a *assessed) outside() (suspects []highwater.Suspect, per string, leak bool) {
	for _, s := range a.Suspects {
		if s.Kind == kindMapping {
			suspects = append(suspects, s)
		}
	}
	if len(suspects) > 0 {
		return suspects, size(suspects[0].PerHour) + " an hour", true
	}
	tr, leak, mappings := a.offHeap()
	if !leak {
		return nil, "", false
	}
	r := rate(tr.fit, 3600)
	for _, m := range mappings {
		suspects = append(suspects, highwater.Suspect{
			Kind: kindMapping, Name: m.Name, Before: m.Before, After: m.After, PerHour: r.Center,
			Tau: finite(tr.tau()), Status: statusNew, Fingerprint: "mapping:" + m.Name,
		})
	}
	a.Suspects = append(a.Suspects, suspects...)
	return suspects, hourly(r), true
}

// slowDown judges throughput and latency.
func (r *rower) slowDown(a *assessed) {
	limit := r.policy.slow()
	if limit < 0 || a.Throughput == nil && a.Latency == nil {
		return
	}
	f := highwater.Finding{Check: CheckSlowDown, Verdict: highwater.VerdictPass, Reason: "it does not slow down"}
	slow, computes := a.view.slowDowns(limit)
	if len(slow) > 0 {
		f.Verdict, f.Severity = highwater.VerdictFail, highwater.SeverityWarning
		var parts []string
		for _, s := range slow {
			c := *s.change(1)
			parts = append(parts, fmt.Sprintf("%s has grown by %s (between %s and %s)", s.name, ratio(c.Center), ratio(c.Low), ratio(c.High)))
		}
		f.Reason = "it slows down: " + strings.Join(parts, "; ")
		if computes {
			f.Reason += "; so has the CPU time that it takes"
		} else {
			f.Reason += "; the operations wait rather than compute"
		}
		f.Reason += fmt.Sprintf(". The limit is %s over the soak", ratio(limit))
		f.Hint = "profile it at the beginning and at the end; what is searched or walked may be growing"
	}
	r.add(f)
}
