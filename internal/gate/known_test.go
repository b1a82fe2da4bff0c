package gate

import (
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// worseBy judges a run whose metric is so many times that of the baseline.
func worseBy(factor float64, metric, now string, known ...Known) *highwater.Report {
	p := silent
	p.Known, p.Now = known, day(now)
	return Judge(bench{factor: map[string]float64{metric: factor}}.run(), bench{}.run(), p)
}

func TestKnown(t *testing.T) {
	entry := Known{
		Metrics: []string{highwater.Peak}, Reason: "the cache is to go", Where: "highwater.yml:7", Until: day("2027-01-31"),
		Matches: func(id string) bool { return id == "s/a" },
	}
	with := func(change func(*Known)) Known {
		k := entry
		change(&k)
		return k
	}
	for name, c := range map[string]struct {
		known []Known
		now   string
		want  highwater.Verdict
		words string // of the finding's reason, or of Known
	}{
		"as it is written":    {[]Known{entry}, "2026-12-01", highwater.VerdictWarn, "known until 2027-01-31: the cache is to go (highwater.yml:7)"},
		"on the last day":     {[]Known{entry}, "2027-01-31", highwater.VerdictWarn, ""},
		"a day later":         {[]Known{entry}, "2027-02-01", highwater.VerdictFail, "it was known until 2027-01-31, which is past (highwater.yml:7): the cache is to go"},
		"another metric":      {[]Known{with(func(k *Known) { k.Metrics = []string{highwater.Sustained} })}, "2026-12-01", highwater.VerdictFail, ""},
		"any metric":          {[]Known{with(func(k *Known) { k.Metrics = nil })}, "2026-12-01", highwater.VerdictWarn, ""},
		"another scenario":    {[]Known{with(func(k *Known) { k.Matches = func(string) bool { return false } })}, "2026-12-01", highwater.VerdictFail, ""},
		"another site":        {[]Known{with(func(k *Known) { k.Fingerprint = "0123456789ab" })}, "2026-12-01", highwater.VerdictFail, ""},
		"within its bound":    {[]Known{with(func(k *Known) { k.Beyond = map[string]float64{highwater.Peak: 1.9e6} })}, "2026-12-01", highwater.VerdictWarn, ""},
		"beyond its bound":    {[]Known{with(func(k *Known) { k.Beyond = map[string]float64{highwater.Peak: 1.7e6} })}, "2026-12-01", highwater.VerdictFail, "it is known up to 1.70 MB only"},
		"within its growth":   {[]Known{with(func(k *Known) { k.Growth = 0.6 })}, "2026-12-01", highwater.VerdictWarn, ""},
		"beyond its growth":   {[]Known{with(func(k *Known) { k.Growth = 0.4 })}, "2026-12-01", highwater.VerdictFail, "it is known up to 1.68 MB only"},
		"one past, one holds": {[]Known{with(func(k *Known) { k.Until = day("2026-11-01") }), entry}, "2026-12-01", highwater.VerdictWarn, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rep := worseBy(1.5, highwater.Peak, c.now, c.known...)
			f := one(t, rep, CheckBaseline, highwater.Peak)
			exit := map[highwater.Verdict]int{highwater.VerdictWarn: 0, highwater.VerdictFail: 1}[c.want]
			wantExit(t, rep, c.want, exit)
			if f.Verdict != c.want || !strings.Contains(f.Reason+f.Known, c.words) {
				t.Errorf("%s: %q, %q; want %s, %q", f.Verdict, f.Reason, f.Known, c.want, c.words)
			}
			if (f.Known != "") != (c.want == highwater.VerdictWarn) || f.Known != "" && f.Severity != "" {
				t.Errorf("known %q, severity %q", f.Known, f.Severity)
			}
		})
	}
}

func TestKnownLimit(t *testing.T) {
	p := Policy{
		Limits: func(highwater.ScenarioInfo) []highwater.Limit {
			return []highwater.Limit{{Metric: highwater.Peak, Bound: 1e6}, {Metric: highwater.Goroutines, Bound: 0}}
		},
		Known: []Known{{Reason: "r", Until: day("2027-01-31"), Growth: 0.25}}, Now: day("2026-12-01"),
	}
	wantExit(t, Judge(bench{}.run(), nil, p), highwater.VerdictWarn, highwater.ExitOK)
	// Counts have no noise, and a bound of 0 is a bound: a ratio of nothing is nothing.
	run := bench{}.run()
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Values[highwater.Goroutines] = 3 })
	wantExit(t, Judge(run, nil, p), highwater.VerdictFail, highwater.ExitFail)
}

// What is on both sides of a bound is accepted where it would be on either.
func TestKnownInconclusive(t *testing.T) {
	p := Policy{
		Limits: func(highwater.ScenarioInfo) []highwater.Limit {
			return []highwater.Limit{{Metric: highwater.Peak, Bound: 1.206e6}}
		},
		Now: day("2026-12-01"),
	}
	wantExit(t, Judge(bench{}.run(), nil, p), highwater.VerdictInconclusive, highwater.ExitError)
	p.Known = []Known{{Reason: "r", Until: day("2027-01-31")}}
	rep := Judge(bench{}.run(), nil, p)
	wantExit(t, rep, highwater.VerdictWarn, highwater.ExitOK)
	if needs := Needs(rep); len(needs) != 0 {
		t.Errorf("needs %+v for what is accepted either way", needs)
	}
	p.Known[0].Beyond = map[string]float64{highwater.Peak: 1.2001e6}
	wantExit(t, Judge(bench{}.run(), nil, p), highwater.VerdictInconclusive, highwater.ExitError)
}

// A process that dies is not excused by any entry.
func TestKnownIsNoExcuseForErrors(t *testing.T) {
	run := bench{}.run()
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Outcome.Status = highwater.StatusPanicked })
	p := silent
	p.Known, p.Now = []Known{{Reason: "r", Until: day("2027-01-31")}}, day("2026-12-01")
	if rep := Judge(run, nil, p); rep.Exit != highwater.ExitError {
		t.Errorf("exit %d", rep.Exit)
	}
	p.Now = time.Time{}
	if rep := Judge(bench{}.run(), bench{}.run(), p); rep.Exit != highwater.ExitError {
		t.Errorf("without the time: exit %d", rep.Exit)
	}
}

func TestKnownReminders(t *testing.T) {
	entry := Known{Metrics: []string{highwater.Peak}, Reason: "r", Where: "highwater.yml:7", Until: day("2027-01-31")}
	notes := func(r *highwater.Report) string { return strings.Join(r.Rows[0].Notes, "\n") }
	for _, c := range []struct {
		name, now, want string
		factor          float64
	}{
		{"far off", "2026-12-01", "", 1.5},
		{"soon", "2027-01-20", "the known regression (highwater.yml:7) ends on 2027-01-31", 1.5},
		{"past", "2027-02-01", "", 1.5},
		{"fixed", "2026-12-01", "nothing fails that the known regression (highwater.yml:7) is for; if it is fixed, take it out", 1},
	} {
		got := notes(worseBy(c.factor, highwater.Peak, c.now, entry))
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: notes %q, want %q", c.name, got, c.want)
		}
	}
}
