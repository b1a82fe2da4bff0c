package madeup

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/dashboard"
)

// Hostile are texts that would be something else than text if a page let them.
var Hostile = []string{
	`<img src=x onerror="document.title='owned'">`,
	`</script><script>document.title='owned'</script>`,
	`"><svg onload=document.title='owned'>`,
	"\u202egnp.exe\u2066 ",
	`<!--<script>`,
	"javascript:document.title='owned'",
	"{{.}} ${document.title='owned'} `",
}

// Worst has these texts wherever a text can come from outside.
func Worst() dashboard.Input {
	in := Many(len(Hostile), 40)
	r := in.Report
	for i := range r.Rows {
		bad := Hostile[i]
		row := &r.Rows[i]
		was := row.Scenario.ID()
		row.Scenario = highwater.ScenarioInfo{Suite: bad, Name: bad, Variant: bad, Doc: bad, Sessions: 1, Ops: 1}
		row.Notes = []string{bad}
		row.Scenario.Lacks = map[string]string{bad: bad}
		for k := range row.Findings {
			f := &row.Findings[k]
			f.Scenario, f.Verdict, f.Reason, f.Hint, f.Command, f.Known = row.Scenario.ID(), highwater.VerdictFail, bad, bad, bad, bad
		}
		row.Verdict = highwater.VerdictFail
		for _, run := range []*highwater.Run{r.Run, r.Baseline} {
			for k := range run.Measurements {
				m := &run.Measurements[k]
				if m.Scenario != was {
					continue
				}
				m.Scenario = row.Scenario.ID()
				for n := range m.Sites {
					m.Sites[n].Stack[0].Func, m.Sites[n].Where.Func = bad, bad
				}
				for n := range m.Checkpoints {
					m.Checkpoints[n].Name = bad
				}
				if m.Repeat == 4 {
					m.Outcome = highwater.Outcome{Status: highwater.StatusPanicked, Detail: bad, Stderr: bad}
				}
			}
		}
		for k := range in.History {
			if t := &in.History[k]; t.Series.Key.Scenario == was {
				t.Series.Key.Scenario, t.Series.Key.Branch, t.Series.Key.Environment, t.Trend.Reason = row.Scenario.ID(), bad, bad, bad
				for n := range t.Series.Points {
					t.Series.Points[n].Commit = bad
				}
			}
		}
	}
	r.BaseName, r.Env.Module, r.Env.CPU, r.Env.Revision, r.Env.Branch, r.RunID = Hostile[0], Hostile[1], Hostile[2], Hostile[0], Hostile[3], Hostile[1]
	r.Notes = Hostile
	r.Findings = append(r.Findings, highwater.Finding{Scenario: Hostile[1] + "/gone", Check: "presence", Verdict: highwater.VerdictMissing, Reason: Hostile[0]}, highwater.Finding{Check: "presence", Verdict: highwater.VerdictError, Reason: Hostile[1], Hint: Hostile[0]})
	bad := advise.Advice{Title: Hostile[0], Severity: advise.Severity(Hostile[1]), How: Hostile[2], Found: Hostile[0], Evidence: Hostile, Lines: []highwater.Frame{{Func: Hostile[1], File: Hostile[0], Line: 1}}, Source: []advise.SourceLine{{Number: 1, Text: Hostile[3]}}}
	in.Advice = []advise.Subject{{Name: r.Rows[0].Scenario.ID(), Advice: []advise.Advice{bad}}, {Name: Hostile[1], How: Hostile[0], Advice: []advise.Advice{bad}, Failed: Hostile, Gaps: []advise.Gap{{Why: Hostile[0]}}}}
	in.NoHistory, in.Made = Hostile[0], Hostile[1]
	return in
}
