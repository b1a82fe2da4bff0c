package gate

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// sited is a run of one scenario with sites in its exact measurements.
func sited(factor map[string]float64, parts *highwater.PeakParts, sites ...highwater.Site) *highwater.Run {
	r := bench{factor: factor}.run()
	edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		m.Sites, m.PeakParts, m.Profile = sites, parts, "a.0.pb.gz"
	})
	return r
}

func grown(metric string) map[string]float64 { return map[string]float64{metric: 2} }

func TestExplainChange(t *testing.T) {
	base := sited(nil, &highwater.PeakParts{Heap: 1.2e6},
		site("a.org/vt.(*Buffer).grow", 1e6, 0.85), site("a.org/vt.New", 2e5, 0.15))
	run := sited(grown(highwater.Peak), &highwater.PeakParts{Heap: 2.4e6},
		site("a.org/vt.(*Buffer).grow", 1.05e6, 0.44), site("a.org/vt.(*Buffer).insertLine", 1.1e6, 0.46),
		site("a.org/vt.New", 2.5e5, 0.1))
	p := silent
	p.Dir = "/runs/r1"
	rep := Judge(run, base, p)
	f := one(t, rep, CheckBaseline, highwater.Peak)
	want(t, f, highwater.VerdictFail,
		"+1.20 MB peak (+100 %) in s/a, allowed +120 KB: 92 % from vt.(*Buffer).insertLine (x.go:7), new since the baseline")
	if f.Label != highwater.LabelLive || len(f.Evidence) != 3 || f.Evidence[0].After != 1.1e6 || !f.Evidence[0].New {
		t.Errorf("label %q, evidence %+v", f.Label, f.Evidence)
	}
	if f.Fingerprint == "" || f.Fingerprint != f.Evidence[0].Site.Fingerprint {
		t.Errorf("fingerprint %q", f.Fingerprint)
	}
	if f.Command != "go tool pprof -http=: /runs/r1/a.0.pb.gz" || rep.Rows[0].Profile != "/runs/r1/a.0.pb.gz" {
		t.Errorf("command %q, profile %q", f.Command, rep.Rows[0].Profile)
	}
}

// TestShareOfWhatIsAccountedFor: sites explain only their part of the metric's
// change, and a site that may have been too small to be kept is not called new.
func TestShareOfWhatIsAccountedFor(t *testing.T) {
	base := sited(nil, nil, site("a.org/x.Old", 9e5, 0.5))
	run := sited(grown(highwater.Peak), nil, site("a.org/x.Old", 9e5, 0.5), site("a.org/x.Unknown", 6e5, 0.3))
	f := one(t, Judge(run, base, silent), CheckBaseline, highwater.Peak)
	want(t, f, highwater.VerdictFail, ": 50 % from x.Unknown (x.go:7)")
	if strings.Contains(f.Reason, "new since the baseline") || f.Evidence[0].New {
		t.Errorf("called new: %s", f.Reason)
	}
}

// TestShareOfWhatMoved: code that allocates under another name, which nothing pairs
// with the old one, and a little more than before has grown by the whole of it.
func TestShareOfWhatMoved(t *testing.T) {
	base := sited(nil, nil, site("a.org/x.Old", 40e6, 0.9), site("a.org/x.Rest", 1e6, 0.1))
	run := sited(grown(highwater.Peak), nil, site("a.org/y.(*T).New", 41.2e6, 0.9), site("a.org/x.Rest", 1e6, 0.1))
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Sites[0].Objects *= 7 })
	f := one(t, Judge(run, base, silent), CheckBaseline, highwater.Peak)
	want(t, f, highwater.VerdictFail, ": 100 % from y.(*T).New (x.go:7)")
	for _, c := range f.Evidence {
		if c.Share > 1 || c.Share < -1 {
			t.Errorf("a share of %.2f: %+v", c.Share, c)
		}
	}
}

func TestStacksGrew(t *testing.T) {
	base := sited(nil, &highwater.PeakParts{Heap: 1.1e6, Stacks: 1e5}, site("a.org/x.Old", 1e6, 1))
	run := sited(grown(highwater.Peak), &highwater.PeakParts{Heap: 1.1e6, Stacks: 1.3e6}, site("a.org/x.Old", 1.01e6, 1))
	want(t, one(t, Judge(run, base, silent), CheckBaseline, highwater.Peak), highwater.VerdictFail, ": 100 % from goroutine stacks")
	over := sited(map[string]float64{highwater.Peak: 4}, &highwater.PeakParts{Heap: 1e6, Stacks: 3e6}, site("a.org/x.Old", 1e6, 1))
	want(t, one(t, Judge(over, nil, Policy{}), CheckLimit, highwater.Peak), highwater.VerdictFail, "75 % of the peak is goroutine stacks")
}

func TestExplainLimit(t *testing.T) {
	run := sited(map[string]float64{highwater.Peak: 10}, &highwater.PeakParts{Heap: 12e6},
		site("a.org/vt.NewParser", 4.8e6, 0.41), site("a.org/vt.newHistory", 3e6, 0.3))
	f := one(t, Judge(run, nil, Policy{Dir: "/r"}), CheckLimit, highwater.Peak)
	want(t, f, highwater.VerdictFail, "peak 12.0 MB in s/a is over the limit of 3.00 MB; 40 % of the peak is held by vt.NewParser (x.go:7)")
	if len(f.Evidence) != 2 || f.Evidence[0].Before != 0 || f.Command == "" {
		t.Errorf("evidence %+v, command %q", f.Evidence, f.Command)
	}
}

func TestExplainFootprint(t *testing.T) {
	with := func(factor map[string]float64, parts *highwater.FootprintParts) *highwater.Run {
		r := bench{repeats: 6, factor: factor}.run()
		edit(r, "s/a", highwater.PassNatural, func(m *highwater.Measurement) { m.Footprint = parts })
		return r
	}
	before := highwater.FootprintParts{RSS: 30e6, LiveHeap: 10e6, DeadHeap: 10e6, OffHeap: 10e6}
	base := with(nil, &before)
	for name, c := range map[string]struct {
		change func(*highwater.FootprintParts)
		more   string // another metric that grew
		label  highwater.Label
		words  string
	}{
		"garbage":         {func(p *highwater.FootprintParts) { p.DeadHeap += 15e6; p.Free += 10e6 }, "", highwater.LabelGC, "25.0 MB more in garbage"},
		"untouched":       {func(p *highwater.FootprintParts) { p.Free += 100e6; p.OffHeap -= 75e6 }, "", highwater.LabelGC, "35.0 MB more in garbage"},
		"outside":         {func(p *highwater.FootprintParts) { p.OffHeap += 30e6 }, "", highwater.LabelOffHeap, "30.0 MB more in memory outside the Go heap"},
		"live by parts":   {func(p *highwater.FootprintParts) { p.LiveHeap += 30e6 }, "", highwater.LabelLive, "30.0 MB more in live heap"},
		"live by metrics": {func(p *highwater.FootprintParts) { p.DeadHeap += 30e6 }, highwater.Sustained, highwater.LabelLive, "30.0 MB more in garbage"},
		"no part alone":   {func(p *highwater.FootprintParts) { p.LiveHeap += 10e6; p.DeadHeap += 10e6; p.OffHeap += 10e6 }, "", "", "allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			after := before
			c.change(&after)
			after.RSS = after.Sum()
			factor := grown(highwater.Footprint)
			if c.more != "" {
				factor[c.more] = 2
			}
			f := one(t, Judge(with(factor, &after), base, silent), CheckBaseline, highwater.Footprint)
			want(t, f, highwater.VerdictFail, c.words)
			if f.Label != c.label {
				t.Errorf("label %q, want %q: %s", f.Label, c.label, f.Reason)
			}
		})
	}
	p := Policy{Limits: func(highwater.ScenarioInfo) []highwater.Limit {
		return []highwater.Limit{{Metric: highwater.Footprint, Bound: 1e6}}
	}}
	parts := before
	parts.OffHeap += 5e6
	parts.RSS += 5e6
	want(t, one(t, Judge(with(nil, &parts), nil, p), CheckLimit, highwater.Footprint), highwater.VerdictFail,
		"15.0 MB of 35.0 MB at the end is memory outside the Go heap")
}

func TestLabels(t *testing.T) {
	label := func(metric string, grew ...string) highwater.Label {
		factor := map[string]float64{}
		for _, g := range append(grew, metric) {
			factor[g] = 3
			if g == highwater.Retained { // to pass its floor
				factor[g] = 100
			}
		}
		return one(t, Judge(bench{factor: factor}.run(), bench{}.run(), silent), CheckBaseline, metric).Label
	}
	for _, c := range []struct {
		got, want highwater.Label
		what      string
	}{
		{label(highwater.AllocBytes), highwater.LabelChurn, "allocations alone"},
		{label(highwater.AllocBytes, highwater.Peak), highwater.LabelLive, "allocations and peak"},
		{label(highwater.GCPressure, highwater.Allocs), highwater.LabelChurn, "pressure and allocations"},
		{label(highwater.GCPressure, highwater.Allocs, highwater.Sustained), highwater.LabelLive, "pressure, allocations and sustained"},
		{label(highwater.GCPressure), "", "pressure alone"},
		{label(highwater.Retained), highwater.LabelLive, "retained"},
	} {
		if c.got != c.want {
			t.Errorf("%s: label %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for f, want := range map[highwater.Frame]string{
		{Func: "github.com/x/vt.(*Buffer).insertLine", File: "/a/b/scrollback.go", Line: 88}: "vt.(*Buffer).insertLine (scrollback.go:88)",
		{Func: "a/b.Map[github.com/x/y.T]", File: `C:\src\m.go`, Line: 3}:                    "b.Map[github.com/x/y.T] (m.go:3)",
		{Func: "main.main"}: "main.main",
		{}:                  "",
	} {
		if got := f.Place(); got != want {
			t.Errorf("place = %q, want %q", got, want)
		}
	}
	for in, want := range map[[2]string]string{
		{"/runs/r1", "a.pb.gz"}:      "go tool pprof -http=: /runs/r1/a.pb.gz",
		{"/runs/it's", "a.pb.gz"}:    `go tool pprof -http=: '/runs/it'\''s/a.pb.gz'`,
		{"/runs", "../../secrets"}:   "",
		{"/runs", "/etc/passwd"}:     "",
		{"/runs", ""}:                "",
		{"", "a;rm -rf $HOME.pb.gz"}: "go tool pprof -http=: 'a;rm -rf $HOME.pb.gz'",
	} {
		if got := command(in[0], in[1]); got != want {
			t.Errorf("command(%q) = %q, want %q", in, got, want)
		}
	}
}
