package advise

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// A pprof endpoint tells of stacks and not of the live heap: shares are of what the sites
// hold together then, and severities follow them.
func TestShareOfUnknownLive(t *testing.T) {
	const text = "package m\n\nfunc f() {\n\tall = append(all, &entry{id: 1})\n}\n"
	const objects = 32769
	entries, others := site(4, objects*48, objects, "runtime.newobject"), site(9, 170e6, 100, "runtime.makeslice")
	for name, c := range map[string]struct {
		sites []highwater.Site
		live  int64 // 0: not told
		want  string
		Severity
	}{
		"a part":       {[]highwater.Site{entries, others}, 0, ", 1 % of what the heap profile has live", Minor},
		"all":          {[]highwater.Site{entries}, 0, ", 100 % of what the heap profile has live", Major},
		"rough sample": {[]highwater.Site{entries, others}, 1e6, ", 100 % of live memory", Major},
		"known":        {[]highwater.Site{entries, others}, 170e6, ", 1 % of live memory", Minor},
	} {
		s := highwater.Snapshot{Source: highwater.SourcePprof, Memory: highwater.Memory{Live: c.live, Heap: 392e6, Stacks: 1e5, Total: 400e6}}
		if c.live == 0 {
			s.Lacks = map[highwater.Quantity]string{highwater.QuantityLive: "an endpoint does not tell"}
		}
		for _, at := range c.sites {
			s.Sites = append(s.Sites, highwater.SiteUse{Site: at})
		}
		e := withCode(Evidence{Snapshots: []highwater.Snapshot{s}}, text, 4)
		e.Structs = []Struct{{Name: "example.com/m.entry", Size: 48, Best: 32, Order: []string{"id", "ok"}}}
		a := first(t, e, KindLayout)
		if !strings.HasSuffix(a.Evidence[0], c.want) || a.Severity != c.Severity {
			t.Errorf("%s: %s: %q, want %s: %q", name, a.Severity, a.Evidence[0], c.Severity, c.want)
		}
	}
}

// Between two snapshots savings are by the second.
func TestSnapshots(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	s := site(5, 65536, 1, "runtime.makeslice")
	look := func(after time.Duration, objects int64) highwater.Snapshot {
		return highwater.Snapshot{
			At: at.Add(after), SitesAt: at.Add(after), Memory: highwater.Memory{Live: 1 << 20, Limit: 1},
			Sites: []highwater.SiteUse{{Site: s, Allocated: highwater.Allocated{Bytes: objects * 65536, Objects: objects}}},
			GC:    highwater.Collector{GOGC: 100, GCSeconds: 0.1 * after.Seconds(), UserSeconds: 1.9 * after.Seconds()},
		}
	}
	a := first(t, Evidence{Snapshots: []highwater.Snapshot{look(0, 1000), look(10*time.Second, 2000)}}, KindReuse)
	near(t, "bytes", a.SavedAllocBytes, 999*65536/10.)
	near(t, "CPU", a.SavedCPU, 0.05)
	if a.Per != PerSecond || a.CPUOfAll {
		t.Errorf("per %q, of all CPU time: %v", a.Per, a.CPUOfAll)
	}
	// An endpoint tells the collector's share of all CPU time only, idle time among it.
	served := []highwater.Snapshot{look(0, 1000), look(10*time.Second, 2000)}
	for i := range served {
		served[i].GC = highwater.Collector{Share: 0.02}
	}
	if a := first(t, Evidence{Snapshots: served}, KindReuse); !a.CPUOfAll || a.SavedCPU != 0.02 {
		t.Errorf("%v of all CPU time: %v", a.SavedCPU, a.CPUOfAll)
	}
}

// Sizes that a site had alone at the first look, which lists none then, are taken off as
// well; of others nothing is.
func TestNewer(t *testing.T) {
	u := func(bytes, objects int64, sizes ...highwater.SizeUse) highwater.SiteUse {
		return highwater.SiteUse{Allocated: highwater.Allocated{Bytes: bytes, Objects: objects}, AllocatedSizes: sizes}
	}
	two := []highwater.SizeUse{{Size: 1024, Objects: 500}, {Size: 2048, Objects: 30}}
	for name, c := range map[string]struct {
		now, before highwater.SiteUse
		want        []highwater.SizeUse
	}{
		"one size":      {u(4096*1024, 4096), u(1000*1024, 1000), []highwater.SizeUse{{Size: 1024, Objects: 3096}}},
		"rounded":       {u(4096*1024, 4096), u(1000*1024+500, 1000), []highwater.SizeUse{{Size: 1024, Objects: 3096}}},
		"one, then two": {u(0, 0, two...), u(400*1024, 400), []highwater.SizeUse{{Size: 1024, Objects: 100}, {Size: 2048, Objects: 30}}},
		"two":           {u(0, 0, two...), u(0, 0, two...), nil},
		"new":           {u(0, 0, two...), u(0, 0), two},
	} {
		if got := newer(sizesOf(c.now), sizesOf(c.before)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
