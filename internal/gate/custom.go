package gate

import (
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// custom runs the policy's own checks, and the leak check for the scenarios that
// ask for it, and adds their findings to the rows that they are about.
func (j *judge) custom() {
	rows := map[string]*row{}
	for _, r := range j.rows {
		rows[r.id] = r
	}
	checks := slices.Clone(j.policy.Checks)
	if !slices.ContainsFunc(checks, func(c highwater.Check) bool { return c.Name == CheckLeak }) {
		checks = append(checks, leakCheck(func(i highwater.ScenarioInfo) bool { return i.NoLeak }))
	}
	for _, c := range checks {
		if c.Name == "" || c.Doc == "" || c.Run == nil {
			j.fault(orDefault(c.Name, "check"), fmt.Sprintf("check %q cannot be run: it needs a name, a doc and a function", c.Name), "complete the highwater.Check value")
			continue
		}
		findings, err := j.try(c)
		if err != nil {
			j.fault(c.Name, err.Error(), "correct the check")
		}
		for _, f := range findings {
			f.Check = orDefault(f.Check, c.Name)
			if f.Verdict == "" {
				f.Verdict = highwater.VerdictError
				f.Reason = fmt.Sprintf("check %s gave no verdict: %s", c.Name, f.Reason)
			}
			if r := rows[f.Scenario]; r != nil {
				r.add(f)
			} else {
				j.report.Findings = append(j.report.Findings, f)
			}
		}
	}
}

// try runs a check of a third party. One that panics must not take the other
// findings with it.
func (j *judge) try(c highwater.Check) (findings []highwater.Finding, err error) {
	defer func() {
		if p := recover(); p != nil {
			findings, err = nil, fmt.Errorf("check %s panicked: %v", c.Name, p)
		}
	}()
	return c.Run(j.run, j.base), nil
}
