package advise

import (
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func proven() *highwater.Frontier {
	point := func(gogc int, limit int64, footprint, relative, scatter float64) highwater.FrontierPoint {
		return highwater.FrontierPoint{
			Setting: highwater.CollectorSetting{GOGC: gogc, Limit: limit}, Repeats: 5, Footprint: highwater.Rate{Center: footprint},
			Relative: highwater.Rate{Center: relative, Low: relative - scatter, High: relative + scatter},
		}
	}
	return &highwater.Frontier{
		Points: []highwater.FrontierPoint{
			point(25, 0, 18e6, 0.6, 0.02), point(-1, 24<<20, 26e6, 0.97, 0.01), point(100, 0, 50e6, 1, 0), point(200, 0, 70e6, 1.12, 0.02), point(400, 0, 120e6, 1.18, 0.02),
		},
		Reference: 2,
		Least:     &highwater.LeastLimit{Limit: 24 << 20, Within: 0.05, Relative: highwater.Rate{Center: 0.97, Low: 0.96, High: 0.98}, Certain: true, Below: 16 << 20},
	}
}

// What running has shown takes the place of the model.
func TestProved(t *testing.T) {
	e := measured(nil, nil, nil)
	e.Frontier = proven()
	all := Advise(e)
	at := func(k Kind) Advice {
		i := slices.IndexFunc(all, func(a Advice) bool { return a.Kind == k })
		if i < 0 {
			t.Fatalf("no advice on %s in %+v", k, all)
		}
		return all[i]
	}
	limit, collector := at(KindLimit), at(KindCollector)
	if limit.Severity != Moderate || limit.SavedBytes != 24e6 || limit.Modelled || !strings.Contains(limit.How, "GOMEMLIMIT=24MiB") || !strings.Contains(limit.How, "30 MiB") {
		t.Errorf("the limit: %+v", limit) // 26 MB and a fifth are 29.75 MiB
	}
	// GOGC=200 has two thirds of what GOGC=400 gains.
	if collector.SavedBytes != -20e6 || !strings.Contains(collector.How, "GOGC=200") || collector.Severity != Moderate {
		t.Errorf("the collector: %+v", collector)
	}
	near(t, "CPU", collector.SavedCPU, 1-1/1.12)
	if got := Container(*e.Frontier); got != 31.2e6 {
		t.Errorf("a container of %d B", got)
	}
	// One that might cost more than it may is minor.
	e.Frontier.Least.Certain = false
	all = Advise(e)
	if a := at(KindLimit); a.Severity != Minor {
		t.Errorf("an uncertain limit: %+v", a)
	}
	e.Frontier.Least = nil
	for _, a := range Advise(e) {
		if a.Kind == KindLimit {
			t.Errorf("no limit was found, and %+v", a)
		}
	}
}

func gapOf(e Evidence, k Kind) (Gap, bool) {
	for _, g := range Gaps(e) {
		if slices.Contains(g.Kinds, k) {
			return g, true
		}
	}
	return Gap{}, false
}

func TestGaps(t *testing.T) {
	e := measured([]highwater.Site{site(7, 1e6, 100)}, []highwater.Site{site(7, 1e5, 10)}, nil)
	for kind, want := range map[Kind]bool{
		KindPreallocate: false, KindReuse: false, KindEscape: false, KindLayout: false, KindMap: false, KindCollector: false, KindStacks: true, KindLimit: true,
	} {
		if g, got := gapOf(e, kind); got != want || got && (g.Why == "" || g.Remedy == "") {
			t.Errorf("a measured scenario, %s: %+v", kind, g)
		}
	}
	e.NoCode, e.NoStructs, e.Frontier = "no source", "no types", proven()
	for kind, why := range map[Kind]string{KindEscape: "no source", KindPinned: "no source"} {
		if g, ok := gapOf(e, kind); !ok || g.Why != why {
			t.Errorf("%s: %+v", kind, g)
		}
	}
	if g, ok := gapOf(e, KindLimit); ok {
		t.Errorf("limits were tried: %+v", g)
	}
	// A profile tells nothing of goroutines and the collector, and says so itself.
	profile := Evidence{Snapshots: []highwater.Snapshot{{
		Sites: []highwater.SiteUse{{Site: site(7, 1e6, 10), Allocated: highwater.Allocated{Bytes: 1e6, Objects: 10}}},
		Lacks: map[highwater.Quantity]string{highwater.QuantityGoroutines: "of the heap alone", highwater.QuantityGCCPU: "of the heap alone"},
	}}}
	for kind, want := range map[Kind]bool{KindReuse: false, KindPinned: false, KindMap: true, KindStacks: true, KindCollector: true, KindLimit: true} {
		if g, got := gapOf(profile, kind); got != want {
			t.Errorf("a profile, %s: %+v", kind, g)
		}
	}
	if g, _ := gapOf(profile, KindStacks); g.Why != "of the heap alone" {
		t.Errorf("why there are no stacks: %+v", g)
	}
	// Nothing at all is all gaps.
	for _, k := range rules {
		if _, ok := gapOf(Evidence{}, k.kind); !ok {
			t.Errorf("without evidence %s is no gap", k.kind)
		}
	}
}

// Lines of others stand behind the program's own, and bring their source along.
func TestForeign(t *testing.T) {
	own, other := site(7, 32768000, 1000), site(9, 65536000, 1000)
	other.Where.Func, other.Stack[1].Func = "example.com/other.g", "example.com/other.g"
	e := withCode(measured([]highwater.Site{other, own}, nil, nil), "package m\n\n\n\n\n\nbefore\nthe line\n", 8)
	e.Module = "example.com/m"
	all := Advise(e)
	if len(all) < 2 || all[0].Foreign || !all[1].Foreign || all[0].Severity != all[1].Severity {
		t.Fatalf("got %+v", all)
	}
	if s := all[0].Source; len(s) != 3 || s[1].Text != "before" || !s[1].Here || s[2].Number != 8 {
		t.Errorf("source %+v", s)
	}
}
