package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Merge makes one report of several, each of its own run. Its verdict is the worst of
// theirs, and its exit status is 1 where one of theirs is, or else the highest. The runs
// become one, of all scenarios and measurements, under the environment of the first; a
// note tells in what the others differ.
func Merge(reports []*highwater.Report) *highwater.Report {
	if len(reports) == 1 {
		return reports[0]
	}
	if len(reports) == 0 {
		return &highwater.Report{Verdict: highwater.VerdictError, Exit: highwater.ExitError, Findings: []highwater.Finding{{
			Check: "presence", Verdict: highwater.VerdictError, Reason: "there is no run to report on", Hint: "name Run files",
		}}}
	}
	first := reports[0]
	m := &highwater.Report{
		Verdict: highwater.VerdictPass, Env: first.Env, Base: first.Base, Head: first.Head,
		Run: &highwater.Run{Schema: highwater.Schema},
	}
	var ids, bases []string
	seen := map[string]bool{}
	for _, r := range reports {
		m.Verdict, m.Exit = highwater.Worse(m.Verdict, r.Verdict), worse(m.Exit, r.Exit)
		m.Rows, m.Seconds = append(m.Rows, r.Rows...), m.Seconds+r.Seconds
		m.Findings = append(m.Findings, r.Findings...)
		for _, n := range r.Notes {
			if !slices.Contains(m.Notes, n) {
				m.Notes = append(m.Notes, n)
			}
		}
		for _, mm := range r.Mismatches {
			if key := fmt.Sprint(mm); !seen[key] {
				seen[key], m.Mismatches = true, append(m.Mismatches, mm)
			}
		}
		if r.RunID != "" {
			ids = append(ids, r.RunID)
		}
		if r.BaseName != "" && !slices.Contains(bases, r.BaseName) {
			bases = append(bases, r.BaseName)
		}
		gather(m.Run, r.Run)
		if r.Baseline != nil {
			if m.Baseline == nil {
				m.Baseline = &highwater.Run{Schema: highwater.Schema}
			}
			gather(m.Baseline, r.Baseline)
		}
	}
	m.BaseName = strings.Join(bases, ", ")
	if len(ids) > 0 {
		m.RunID = ids[0]
	}
	if len(ids) > 1 {
		m.RunID += fmt.Sprintf("-and-%d", len(ids)-1)
	}
	m.Run.ID, m.Run.Name = m.RunID, ""
	m.Notes = append(m.Notes, differing(reports)...)
	m.Commands = commands(reports)
	return m
}

// commands are those that show again what does not pass, or, where all does, everything.
func commands(reports []*highwater.Report) [][]string {
	var all, bad [][]string
	for _, r := range reports {
		if r.Run == nil || len(r.Run.Command) == 0 || len(r.Rows) == 0 {
			continue
		}
		same := func(c []string) bool { return slices.Equal(c, r.Run.Command) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, r.Run.Command)
		}
		if r.Exit != highwater.ExitOK && !slices.ContainsFunc(bad, same) {
			bad = append(bad, r.Run.Command)
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return all
}

func worse(a, b int) int {
	if a == highwater.ExitFail || b == highwater.ExitFail {
		return highwater.ExitFail
	}
	return max(a, b)
}

// gather puts what was measured into one run.
func gather(into *highwater.Run, r *highwater.Run) {
	if r == nil {
		return
	}
	if into.Tool == "" {
		into.Tool, into.Created, into.Environment, into.Source = r.Tool, r.Created, r.Environment, r.Source
		into.Finished, into.Command = r.Finished, r.Command
	}
	if r.Created.Before(into.Created) {
		into.Created = r.Created
	}
	if into.Finished != nil && (r.Finished == nil || r.Finished.After(*into.Finished)) {
		into.Finished = r.Finished // cut short is cut short
	}
	into.Scenarios = append(into.Scenarios, r.Scenarios...)
	into.Measurements = append(into.Measurements, r.Measurements...)
	for _, s := range r.Skipped {
		if !slices.Contains(into.Skipped, s) {
			into.Skipped = append(into.Skipped, s)
		}
	}
	into.Preparing += r.Preparing
}

// differing says in what the environments of the runs differ from that of the first,
// which the report shows.
func differing(reports []*highwater.Report) []string {
	var notes []string
	shown := conditions(reports[0].Env)
	for _, r := range reports[1:] {
		if r.Run == nil {
			continue
		}
		var other []string
		for i, c := range conditions(r.Env) {
			if c != shown[i] {
				other = append(other, c)
			}
		}
		if r.Env.CPU != reports[0].Env.CPU {
			other = append(other, "CPU "+r.Env.CPU)
		}
		if r.Env.Revision != reports[0].Env.Revision {
			other = append(other, "revision "+r.Env.Revision)
		}
		if len(other) > 0 {
			notes = append(notes, fmt.Sprintf("run %s was made under other conditions than run %s, which are the ones shown: %s", r.RunID, reports[0].RunID, strings.Join(other, ", ")))
		}
	}
	return notes
}
