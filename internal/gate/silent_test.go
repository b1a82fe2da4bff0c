package gate

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/highwater-dev/highwater"
)

// damage takes something away from a run, so that it holds less than it should.
var damage = map[string]func(t *rapid.T, r *highwater.Run){
	"a value": func(t *rapid.T, r *highwater.Run) {
		m := &r.Measurements[rapid.IntRange(0, len(r.Measurements)-1).Draw(t, "measurement")]
		names := slices.Sorted(maps.Keys(m.Values))
		// Alone of all metrics, that of the children depends on their being seen.
		names = slices.DeleteFunc(names, func(name string) bool { return name == highwater.ChildMemory })
		name := rapid.SampledFrom(names).Draw(t, "metric")
		delete(m.Values, name)
	},
	"a number": func(t *rapid.T, r *highwater.Run) {
		m := &r.Measurements[rapid.IntRange(0, len(r.Measurements)-1).Draw(t, "measurement")]
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(m.Values))).Draw(t, "metric")
		m.Values[name] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1)}).Draw(t, "value")
	},
	"a good end": func(t *rapid.T, r *highwater.Run) {
		i := rapid.IntRange(0, len(r.Measurements)-1).Draw(t, "measurement")
		r.Measurements[i].Outcome.Status = rapid.SampledFrom([]highwater.Status{"", highwater.StatusKilled, highwater.StatusTimeout}).Draw(t, "status")
	},
	"a pass": func(t *rapid.T, r *highwater.Run) {
		pass := rapid.SampledFrom(highwater.Passes()).Draw(t, "pass")
		drop(r, func(m highwater.Measurement) bool { return m.Pass == pass && m.Scenario == "s/a" })
	},
	"a scenario's measurements": func(t *rapid.T, r *highwater.Run) {
		drop(r, func(m highwater.Measurement) bool { return m.Scenario == "s/a" })
	},
	"a scenario": func(t *rapid.T, r *highwater.Run) {
		r.Scenarios = r.Scenarios[1:]
		drop(r, func(m highwater.Measurement) bool { return m.Scenario == "s/a" })
	},
}

// TestNothingPassesSilently: whatever is missing from a run that otherwise
// passes, the report is no pass and the exit status not 0.
func TestNothingPassesSilently(t *testing.T) {
	base := bench{names: []string{"a", "b"}}.run()
	rapid.Check(t, func(t *rapid.T) {
		run := bench{names: []string{"a", "b"}}.run()
		what := rapid.SampledFrom(slices.Sorted(maps.Keys(damage))).Draw(t, "what is gone")
		damage[what](t, run)
		rep := Judge(run, base, Policy{AllowInconclusive: true, AllowMismatch: true})
		if rep.Exit == highwater.ExitOK || rep.Verdict == highwater.VerdictPass {
			t.Fatalf("without %s: %s, exit %d", what, rep.Verdict, rep.Exit)
		}
	})
}

// TestAnyRun: a run from outside may hold anything. Judging it neither panics nor
// yields a report that cannot be written.
func TestAnyRun(t *testing.T) {
	number := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, -1, math.MaxFloat64, -math.MaxFloat64, math.NaN(), math.Inf(1)}))
	names := []string{"paek"}
	for _, m := range highwater.Metrics() {
		names = append(names, m.Name)
	}
	name := rapid.SampledFrom(names)
	draw := func(t *rapid.T) *highwater.Run {
		r := bench{names: []string{"a", "b"}}.run()
		for range rapid.IntRange(0, 10).Draw(t, "changes") {
			m := &r.Measurements[rapid.IntRange(0, len(r.Measurements)-1).Draw(t, "measurement")]
			m.Values[name.Draw(t, "metric")] = number.Draw(t, "value")
			m.Sites = append(m.Sites, highwater.Site{Bytes: rapid.Int64().Draw(t, "bytes"), Share: rapid.Float64().Draw(t, "share")})
			m.PeakParts = &highwater.PeakParts{Heap: rapid.Int64().Draw(t, "heap"), Stacks: rapid.Int64().Draw(t, "stacks")}
			m.Footprint = &highwater.FootprintParts{DeadHeap: rapid.Int64().Draw(t, "dead")}
			m.Checkpoints = append(m.Checkpoints, highwater.Checkpoint{Steady: true, Op: rapid.Int().Draw(t, "op"), Heap: rapid.Int64().Draw(t, "live")})
			r.Scenarios[0].Sessions = rapid.Int().Draw(t, "sessions")
			r.Scenarios[0].Limits = append(r.Scenarios[0].Limits, highwater.Limit{Metric: name.Draw(t, "limit"), Bound: rapid.Float64().Draw(t, "bound")})
		}
		return r
	}
	rapid.Check(t, func(t *rapid.T) {
		rep := Judge(draw(t), draw(t), Policy{AllowMismatch: true, Checks: []highwater.Check{Leak()}})
		Needs(rep)
		for _, row := range rep.Rows {
			for _, s := range row.Summaries {
				if !sane(s.Center) || s.Low > s.Center || s.High < s.Center {
					t.Fatalf("summary %+v", s)
				}
			}
			for _, f := range row.Findings {
				if f.Reason == "" || f.Check == "" || f.Scenario == "" {
					t.Fatalf("finding without reason, check or scenario: %+v", f)
				}
			}
		}
		if _, err := json.Marshal(rep); err != nil {
			t.Fatal(err)
		}
	})
}
