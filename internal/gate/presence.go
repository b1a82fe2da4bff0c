package gate

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// hints say what to do about a process that did not end well.
var hints = map[highwater.Status]string{
	highwater.StatusFailed:   "the workload says so itself; its output is kept in the run file",
	highwater.StatusPanicked: "the stack is in the process's output, kept in the run file",
	highwater.StatusExited:   "the workload has to return: os.Exit or log.Fatal ends the process before its memory is read",
	highwater.StatusKilled:   "look whether the kernel's out-of-memory killer was at work (dmesg), or something else sends signals",
	highwater.StatusTimeout:  "raise --timeout, or let the scenario make fewer operations",
	highwater.StatusMemory:   "raise --max-memory if the scenario is meant to need so much",
	highwater.StatusNoStart:  "its output, above or in the run file, says why: what does not build, or a binary that is missing or may not be run here; the other scenarios were measured",
}

// outcomes returns a finding for each way in which processes of the scenario
// failed to end well.
func (r *row) outcomes() {
	type kind struct {
		pass   highwater.Pass
		status highwater.Status
		detail string
	}
	times := map[kind]int{}
	first := map[kind]highwater.Measurement{}
	var order []kind
	for _, m := range r.here.all {
		if m.Outcome.Status == highwater.StatusOK {
			continue
		}
		k := kind{m.Pass, m.Outcome.Status, m.Outcome.Detail}
		if times[k]++; times[k] == 1 {
			order = append(order, k)
			first[k] = m
		}
	}
	for _, k := range order {
		f := highwater.Finding{Check: CheckOutcome, Verdict: highwater.VerdictError, Hint: hints[k.status]}
		f.Reason = ended(k.pass, k.status, k.detail)
		if r.here.info.Outside {
			f.Reason, f.Hint = endedOutside(k.detail), outsideHints[k.status]
		}
		if times[k] > 1 {
			f.Reason += fmt.Sprintf(" (%d times)", times[k])
		}
		m := first[k]
		if f.Evidence = top(levels(m.Sites), inBytes); len(f.Evidence) > 0 {
			f.Fingerprint = f.Evidence[0].Site.Fingerprint
			f.Command = command(r.judge.policy.Dir, m.Profile)
			f.Reason += "; " + held(f.Evidence[0])
		}
		r.add(f)
	}
}

// outsideHints are those for commands, which know nothing of highwater.
var outsideHints = map[highwater.Status]string{
	highwater.StatusFailed:  "its output is kept in the run file",
	highwater.StatusExited:  "if that is how it should end, say so with --expect-exit; its output is kept in the run file",
	highwater.StatusKilled:  hints[highwater.StatusKilled],
	highwater.StatusTimeout: "raise --timeout, or end it after some time with --duration",
	highwater.StatusMemory:  hints[highwater.StatusMemory],
	highwater.StatusNoStart: "its output, above or in the run file, says why",
}

// endedOutside words how a command ended; details begin with a verb, or are about
// how it was used.
func endedOutside(detail string) string {
	if detail == "" {
		return "the command did not end well"
	}
	return "the command: " + detail
}

// ended words how a process ended; details begin with a verb, except where a
// program is quoted.
func ended(pass highwater.Pass, status highwater.Status, detail string) string {
	process := fmt.Sprintf("the process of the %s pass ", pass)
	switch {
	case detail == "":
		return process + fmt.Sprintf("did not end well (%s)", status)
	case status == highwater.StatusFailed:
		return fmt.Sprintf("the workload failed in the %s pass: %s", pass, detail)
	case status == highwater.StatusPanicked:
		return process + "crashed: " + detail
	default:
		return process + detail
	}
}

// presence looks for what should have been measured and was not.
func (r *row) presence() {
	if len(r.here.all) == 0 {
		r.fault("was not measured at all", "the run was cut short, or the scenario was left out of it; measure it again")
		return
	}
	for _, pass := range highwater.Passes() {
		if _, omitted := r.here.info.Omit[pass]; omitted {
			continue
		}
		good := r.here.good[pass]
		if len(good) == 0 {
			// After a failure the remaining passes are not run, and the failure
			// is the finding.
			if !r.here.bad {
				r.fault(fmt.Sprintf("the %s pass was not run", pass), "the run was cut short; measure it again")
			}
			continue
		}
		for _, m := range highwater.Metrics() {
			if m.Pass == pass && (!r.here.info.Outside || m.Outside()) && r.here.info.Lacks[m.Name] == "" {
				r.measured(m, len(good))
			}
		}
	}
}

// measured looks whether all processes of the metric's pass yielded it.
func (r *row) measured(m highwater.Metric, processes int) {
	n := r.here.summaries[m.Name].N
	why, unsupported := r.here.unsupported(m)
	switch {
	case n == processes || n == 0 && m.Optional && !r.here.nonsense(m):
	case n == 0 && unsupported:
		r.add(highwater.Finding{
			Metric: m.Name, Check: CheckPresence, Verdict: highwater.VerdictUnsupported,
			Reason: m.Name + " cannot be measured here: " + why,
		})
	case n == 0:
		r.unmeasured(m, m.Name+" was not measured")
	case n > 0 && m.Name == highwater.ChildMemory && !r.here.nonsense(m):
		// A child that lives for less than a look is not seen.
		r.note("%s was had from %d of %d processes", m.Name, n, processes)
	case !unsupported:
		r.unmeasured(m, fmt.Sprintf("%s was measured in %d of %d processes only", m.Name, n, processes))
	}
}

// unmeasured adds an error about a metric although its processes ended well.
func (r *row) unmeasured(m highwater.Metric, reason string) {
	r.add(highwater.Finding{
		Metric: m.Name, Check: CheckPresence, Verdict: highwater.VerdictError, Reason: reason,
		Hint: fmt.Sprintf("the %s pass should have yielded it; see the notes, and measure again", m.Pass),
	})
}

func (r *row) fault(reason, hint string) {
	r.add(highwater.Finding{Check: CheckPresence, Verdict: highwater.VerdictError, Reason: reason, Hint: hint})
}
