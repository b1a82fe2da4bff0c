package heap

import (
	"math"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestSites(t *testing.T) {
	a, b, c := stack("runtime.makeslice", "a.org/x.A", "main.main"), stack("a.org/x.B", "main.main"), stack("a.org/x.C")
	moved := stack("a.org/x.B", "main.main")
	moved[0].Line = 99
	records := []Record{
		{Stack: b, Objects: 1, Bytes: 100},
		{Stack: a, Objects: 2, Bytes: 400},
		{Stack: b, Objects: 3, Bytes: 300},
		{Stack: moved, Objects: 1, Bytes: 250},
		{Stack: c, Objects: -1, Bytes: -50}, // freed since the baseline
		{Stack: stack("a.org/x.Gone"), Objects: 5, Bytes: 70},
		{Stack: stack("a.org/x.Gone"), Objects: -5, Bytes: -70},
	}
	got := Sites(records, 0)
	want := []struct {
		where          string
		line           int
		bytes, objects int64
	}{
		{"a.org/x.A", 2, 400, 2},
		{"a.org/x.B", 1, 400, 4},
		{"a.org/x.B", 99, 250, 1},
		{"a.org/x.C", 1, -50, -1},
	}
	if len(got) != len(want) {
		t.Fatalf("%d sites, want %d: %+v", len(got), len(want), got)
	}
	// The two largest are equal in bytes; more objects come first.
	want[0], want[1] = want[1], want[0]
	for i, w := range want {
		g := got[i]
		if g.Where.Func != w.where || g.Where.Line != w.line || g.Bytes != w.bytes || g.Objects != w.objects {
			t.Errorf("site %d = %s:%d %d B %d objects, want %+v", i, g.Where.Func, g.Where.Line, g.Bytes, g.Objects, w)
		}
		if share := float64(w.bytes) / 1000; math.Abs(g.Share-share) > 1e-12 {
			t.Errorf("site %d: share %v, want %v of all 1000 bytes", i, g.Share, share)
		}
		if g.Fingerprint != Fingerprint(g.Stack) {
			t.Errorf("site %d: fingerprint %s", i, g.Fingerprint)
		}
	}
	if top := Sites(records, 2); len(top) != 2 || top[0].Share != 0.4 {
		t.Errorf("top 2: %+v, want shares of the whole profile", top)
	}
	if none := Sites(nil, 5); len(none) != 0 {
		t.Errorf("no records: %+v", none)
	}
	if shrunk := Sites([]Record{{Stack: a, Bytes: -10}}, 0); shrunk[0].Share != 0 {
		t.Errorf("share of a negative total = %v, want 0", shrunk[0].Share)
	}
}

func TestDiff(t *testing.T) {
	site := func(bytes int64, line int, functions ...string) highwater.Site {
		s := stack(functions...)
		s[0].Line = line
		return Sites([]Record{{Stack: s, Objects: 1, Bytes: bytes}}, 1)[0]
	}
	before := []highwater.Site{
		site(1000, 10, "a.org/x.Same"),
		site(500, 20, "a.org/x.Grew"),
		site(300, 25, "a.org/x.Grew"), // the same functions, another line
		site(200, 30, "a.org/x.Gone"),
	}
	after := []highwater.Site{
		site(1000, 17, "a.org/x.Same"), // moved
		site(1400, 21, "a.org/x.Grew"),
		site(600, 40, "a.org/x.Fresh"),
	}
	got := Diff(before, after)
	want := []struct {
		where         string
		before, after int64
		share         float64
		isNew         bool
	}{
		{"a.org/x.Grew", 800, 1400, 0.6, false},
		{"a.org/x.Fresh", 0, 600, 0.6, true},
		{"a.org/x.Gone", 200, 0, -0.2, false},
	}
	if len(got) != len(want) {
		t.Fatalf("%d changes, want %d: %+v", len(got), len(want), got)
	}
	if got[0].Site.Where.Func == "a.org/x.Fresh" { // equal changes: ordered by fingerprint
		want[0], want[1] = want[1], want[0]
	}
	for i, w := range want {
		g := got[i]
		if g.Site.Where.Func != w.where || g.Before != w.before || g.After != w.after || g.New != w.isNew || math.Abs(g.Share-w.share) > 1e-12 {
			t.Errorf("change %d = %s %d -> %d share %v new %v, want %+v", i, g.Site.Where.Func, g.Before, g.After, g.Share, g.New, w)
		}
	}
	if own := Diff(nil, after); len(own) != 3 || own[0].Before != 0 || own[0].After != 1400 || !own[0].New {
		t.Errorf("against nothing: %+v", own)
	}
	if none := Diff(after, after); len(none) != 0 {
		t.Errorf("against itself: %+v", none)
	}
}

// TestDiffOfUntrustedSites takes sites as a hand-written run file may hold them.
func TestDiffOfUntrustedSites(t *testing.T) {
	s := []highwater.Site{{Bytes: 1}, {Bytes: 2, Stack: stack("a.org/x.A")}, {Bytes: math.MaxInt64}}
	if got := Diff(nil, s); len(got) == 0 {
		t.Error("no change found")
	}
}

// What runtime/pprof writes of a generic function and what the runtime itself calls
// it are one name.
func TestWithoutTypes(t *testing.T) {
	for name, want := range map[string]string{
		"main.F":               "main.F",
		"main.F[go.shape.int]": "main.F[...]",
		"m.(*T[go.shape.[]int,a/b.C[int]]).M.func1": "m.(*T[...]).M.func1",
		"m.broken]x[": "m.broken]x[",
	} {
		if got := withoutTypes(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
