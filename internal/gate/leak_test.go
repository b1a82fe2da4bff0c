package gate

import (
	"math/rand/v2"
	"testing"

	"github.com/highwater-dev/highwater"
)

// live makes a run whose exact measurements have n steady checkpoints each, with
// the live bytes that heap gives for an operation.
func live(n, repeats int, heap func(op int) int64) *highwater.Run {
	r := bench{repeats: repeats}.run()
	edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		m.Checkpoints = []highwater.Checkpoint{{Op: 1, Heap: 5}}
		for i := range n {
			op := 100 + 10*i
			m.Checkpoints = append(m.Checkpoints, highwater.Checkpoint{Op: op, Steady: true, Heap: heap(op)})
		}
		m.Sites = []highwater.Site{site("a.org/x.remember", 9e5, 0.9)}
	})
	return r
}

func TestLeak(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, c := range map[string]struct {
		run      *highwater.Run
		verdict  highwater.Verdict
		severity highwater.Severity
		words    string
	}{
		"steady growth":      {live(6, 2, func(op int) int64 { return 1e6 + int64(op)*1000 }), highwater.VerdictFail, highwater.SeverityWarning, "leak in s/a: live memory changed by 50.0 KB over 50 operations"},
		"fast growth":        {live(6, 2, func(op int) int64 { return int64(op) * 10000 }), highwater.VerdictFail, highwater.SeverityCritical, "90 % of the peak is held by x.remember"},
		"growth with noise":  {live(12, 2, func(op int) int64 { return 1e6 + int64(op)*1000 + rng.Int64N(8000) }), highwater.VerdictFail, highwater.SeverityWarning, "rising"},
		"unsteady growth":    {live(12, 2, func(op int) int64 { return 1e6 + int64(op)*1000 + rng.Int64N(60000) }), highwater.VerdictWarn, "", "not at every checkpoint"},
		"small growth":       {live(6, 2, func(op int) int64 { return 1e6 + int64(op)*100 }), highwater.VerdictPass, "", "5.00 KB over 50 operations"},
		"flat":               {live(6, 2, func(int) int64 { return 1e6 }), highwater.VerdictPass, "", "no leak"},
		"noise alone":        {live(12, 2, func(int) int64 { return 1e6 + rng.Int64N(500000) }), highwater.VerdictPass, "", "no leak"},
		"shrinking":          {live(12, 2, func(op int) int64 { return 5e6 - int64(op)*1000 }), highwater.VerdictPass, "", "-110 KB"},
		"too few":            {live(3, 2, func(op int) int64 { return int64(op) * 10000 }), highwater.VerdictInconclusive, "", "0 steady checkpoints, it takes 8"},
		"too few altogether": {live(6, 1, func(op int) int64 { return int64(op) * 10000 }), highwater.VerdictInconclusive, "", "6 steady checkpoints, it takes 8"},
	} {
		t.Run(name, func(t *testing.T) {
			p := silent
			p.Checks = []highwater.Check{Leak()}
			rep := Judge(c.run, nil, p)
			f := one(t, rep, CheckLeak, highwater.Growth)
			want(t, f, c.verdict, c.words)
			if f.Severity != c.severity {
				t.Errorf("severity %q, want %q", f.Severity, c.severity)
			}
			if c.verdict == highwater.VerdictFail && (len(f.Evidence) == 0 || f.Fingerprint == "") {
				t.Error("no evidence")
			}
			if rep.Rows[0].Verdict != c.verdict {
				t.Errorf("row: %s", rep.Rows[0].Verdict)
			}
		})
	}
}

// TestLeakWithoutLoop: checkpoints of a workload without operations count
// themselves.
func TestLeakWithoutLoop(t *testing.T) {
	r := live(10, 1, func(int) int64 { return 0 })
	edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		for i := range m.Checkpoints {
			m.Checkpoints[i].Op, m.Checkpoints[i].Heap = 0, int64(i)*10000
		}
	})
	want(t, Leak().Run(r, nil)[0], highwater.VerdictFail, "90.0 KB over 9 operations")
}

func TestLeakWithoutExactPass(t *testing.T) {
	r := live(6, 2, func(int) int64 { return 1 })
	r.Scenarios[0].Omit = map[highwater.Pass]string{highwater.PassExact: "GOGC is its subject"}
	want(t, Leak().Run(r, nil)[0], highwater.VerdictUnjudged, "GOGC is its subject")
	r.Scenarios[0].Omit = nil
	edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Outcome.Status = highwater.StatusPanicked })
	want(t, Leak().Run(r, nil)[0], highwater.VerdictError, "no process of the exact pass ended well")
}

// TestLeakFalseAlarms: noise on live memory of a clean program, of the size that
// eight goroutines show, fails in none of 2000 runs; and a leak twice as large as
// the noise is found in all.
func TestLeakFalseAlarms(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	var alarms, warnings, missed int
	for range 2000 {
		noise := func(int) int64 { return 5e6 + int64(rng.NormFloat64()*20e3) }
		switch Leak().Run(live(6, 2, noise), nil)[0].Verdict {
		case highwater.VerdictFail:
			alarms++
		case highwater.VerdictWarn:
			warnings++
		}
	}
	for range 500 {
		leaking := func(op int) int64 { return 5e6 + int64(op)*4e3 + int64(rng.NormFloat64()*10e3) }
		if Leak().Run(live(12, 2, leaking), nil)[0].Verdict != highwater.VerdictFail {
			missed++
		}
	}
	if alarms > 0 || warnings > 20 || missed > 0 {
		t.Errorf("%d alarms and %d warnings in 2000 clean runs, %d of 500 leaks missed", alarms, warnings, missed)
	}
}
