package gate

import (
	"slices"
	"testing"

	"github.com/highwater-dev/highwater"
)

// allocating is a run with sites in what it allocated over 100 operations.
func allocating(factor map[string]float64, sites ...highwater.Site) *highwater.Run {
	r := bench{factor: factor}.run()
	edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Allocated, m.AllocatedOps = sites, 100 })
	return r
}

func counts(s highwater.Site, objects int64) highwater.Site {
	s.Objects = objects
	return s
}

// TestExplainAllocations: the site behind more bytes need not be the one behind
// more objects, and each metric names its own. The figures are per operation,
// also where the two runs made other numbers of them.
func TestExplainAllocations(t *testing.T) {
	base := allocating(nil, counts(site("a.org/x.Big", 4e6, 0.8), 100), counts(site("a.org/x.Small", 1e6, 0.2), 39_900))
	edit(base, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		m.AllocatedOps, m.Allocated = 50, slices.Clone(m.Allocated)
		for i := range m.Allocated {
			m.Allocated[i].Bytes /= 2
			m.Allocated[i].Objects /= 2
		}
	})
	head := func(metric string) *highwater.Run {
		return allocating(grown(metric), counts(site("a.org/x.Big", 9e6, 0.8), 100), counts(site("a.org/x.Small", 1.5e6, 0.2), 79_900))
	}
	f := one(t, Judge(head(highwater.AllocBytes), base, silent), CheckBaseline, highwater.AllocBytes)
	want(t, f, highwater.VerdictFail, ": 91 % from x.Big (x.go:7)")
	if e := f.Evidence[0]; e.Before != 40e3 || e.After != 90e3 || e.BeforeObjects != 1 || e.AfterObjects != 1 || f.Fingerprint != e.Site.Fingerprint {
		t.Errorf("evidence %+v", f.Evidence)
	}
	f = one(t, Judge(head(highwater.Allocs), base, silent), CheckBaseline, highwater.Allocs)
	want(t, f, highwater.VerdictFail, ": 100 % from x.Small (x.go:7)")
	if e := f.Evidence[0]; len(f.Evidence) != 1 || e.BeforeObjects != 399 || e.AfterObjects != 799 || e.Before != 10e3 {
		t.Errorf("evidence %+v", f.Evidence)
	}
	// A baseline of an older version has no such sites: that is no evidence.
	old := one(t, Judge(head(highwater.Allocs), bench{}.run(), silent), CheckBaseline, highwater.Allocs)
	if want(t, old, highwater.VerdictFail, "allocs"); len(old.Evidence) != 0 {
		t.Errorf("evidence of nothing: %+v", old.Evidence)
	}
}

// TestFormerPlace: what was in another function is not called new.
func TestFormerPlace(t *testing.T) {
	at := func(function string, bytes int64) highwater.Site {
		s := site(function, bytes, 0.9)
		s.Objects = bytes / 100
		s.Stack = append(s.Stack, highwater.Frame{Func: "a.org/x.Main", File: "/src/x.go", Line: 90})
		return s
	}
	f := one(t, Judge(sited(grown(highwater.Peak), nil, at("a.org/x.Make", 2e6)), sited(nil, nil, at("a.org/x.Build", 9e5)), silent), CheckBaseline, highwater.Peak)
	want(t, f, highwater.VerdictFail, ": 92 % from x.Make (x.go:7), formerly in x.Build (x.go:7)")
	if f.Evidence[0].New {
		t.Error("called new")
	}
}
