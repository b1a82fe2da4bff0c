package noise

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// conclude says whether the thresholds can be trusted.
func (s *Sheet) conclude() {
	judged := 0
	lost, open := map[string]int{}, map[string]int{}
	s.each(func(_ string, f Figure) {
		switch f.State {
		case Lost:
			lost[f.Metric]++
		case Open:
			open[f.Metric]++
		case Unjudged:
			return
		}
		judged++
	})
	kind := "the default thresholds"
	if s.Own {
		kind = "the thresholds in force"
	}
	bad := len(s.Problems())
	switch {
	case len(s.Scenarios) == 0 || judged == 0:
		s.Conclusion = "nothing was measured that has a threshold, so there is nothing to say of this machine"
	case bad > 0:
		s.Conclusion = fmt.Sprintf("%s cannot be judged: %s could not be measured", kind, of(bad, len(s.Scenarios), "scenario"))
	case len(lost) > 0:
		s.Conclusion = fmt.Sprintf("%s cannot all be trusted here: repeats differ too much in %s, where a change of twice the threshold may pass", kind, tally(lost))
	case len(open) > 0 && s.Repeats < Enough:
		s.Conclusion = fmt.Sprintf("%s are too few to say whether %s can be trusted here, for %s; make %d or more", repeats(s.Repeats), kind, tally(open), Enough)
	case len(open) > 0:
		s.Conclusion = fmt.Sprintf("%s can be trusted here but for %s, which %s leave open", kind, tally(open), repeats(s.Repeats))
	default:
		s.Trusted = true
		s.Conclusion = fmt.Sprintf("%s can be trusted here: a change of twice its threshold is found in all %s of %s", kind, count(judged, "figure"), count(len(s.Scenarios), "scenario"))
		if s.Repeats < Enough {
			s.Conclusion += fmt.Sprintf(", as far as %s can tell", repeats(s.Repeats))
		}
	}
	if bad == 0 && !s.Trusted && len(s.Proposals()) > 0 {
		s.Conclusion += "; --write puts the wider ones that are proposed into highwater.yml"
	}
}

// tally names metrics with the number of scenarios, in the metrics' order.
func tally(n map[string]int) string {
	var parts []string
	for _, m := range highwater.Metrics() {
		if n[m.Name] > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", m.Name, count(n[m.Name], "scenario")))
		}
	}
	return strings.Join(parts, ", ")
}

func repeats(n int) string { return count(n, "repeat") }

func of(n, all int, what string) string { return fmt.Sprintf("%d of %s", n, count(all, what)) }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Proposal is the thresholds that are proposed for one scenario, in the metrics'
// order, each with what it is proposed for.
type Proposal struct {
	Scenario string
	Figures  []Figure
}

// Proposals lists the scenarios for which another threshold is proposed than that in
// force.
func (s Sheet) Proposals() []Proposal {
	var all []Proposal
	for _, sc := range s.Scenarios {
		p := Proposal{Scenario: sc.ID}
		for _, f := range sc.Figures {
			if f.Proposed != nil {
				p.Figures = append(p.Figures, f)
			}
		}
		if len(p.Figures) > 0 && sc.Problem == "" {
			all = append(all, p)
		}
	}
	return all
}

func countIs(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return count(n, what) + " are"
}
