package advise

import (
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// A profile leaves the runtime's functions out. Where the compiler names one thing on the
// line that allocates, that is what was allocated; where it names several, nothing is known.
func TestBare(t *testing.T) {
	where := highwater.Frame{Func: "example.com/m.f", File: file, Line: 3}
	e := func(sizes []highwater.SizeUse, escapes ...Escape) Evidence {
		u := highwater.SiteUse{Site: highwater.Site{Where: where, Stack: []highwater.Frame{where, {Func: "main.main"}}}, AllocatedSizes: sizes}
		u.Allocated = highwater.Allocated{Bytes: 128 * 100_000, Objects: 100_000}
		return withCode(Evidence{Module: "example.com/m", Snapshots: []highwater.Snapshot{{Sites: []highwater.SiteUse{u}}}}, "package m\n\nfunc f() {}\n", where.Line, escapes...)
	}
	series := []highwater.SizeUse{{Size: 64, Objects: 50_000}, {Size: 128, Objects: 50_000}, {Size: 256, Objects: 50_000}, {Size: 512, Objects: 50_000}}
	moved, appended := Escape{What: "x", Moved: true, Because: "g(&x) (call parameter, m.go:4)"}, Escape{What: "append"}
	for name, c := range map[string]struct {
		e    Evidence
		want Kind // "": none
	}{
		"moved":         {e(nil, moved), KindEscape},
		"append":        {e(series, appended), KindPreallocate},
		"text":          {e(nil, Escape{What: "string(b)"}), KindConversion},
		"bytes":         {e(nil, Escape{What: "([]byte)(s)"}), KindConversion},
		"joined":        {e(nil, Escape{What: `a + "b"`}), KindConversion},
		"made":          {e(nil, Escape{What: "make([]int, n)"}), ""},
		"two things":    {e(series, moved, appended), ""},
		"an argument":   {e(nil, Escape{What: "... argument"}, Escape{What: "x"}), ""},
		"nothing known": {e(series), ""},
	} {
		all := Advise(c.e)
		if c.want == "" {
			if len(all) > 0 {
				t.Errorf("%s: %+v", name, all)
			}
			continue
		}
		if len(all) != 1 || all[0].Kind != c.want || !slices.ContainsFunc(all[0].Evidence, func(e string) bool { return strings.Contains(e, "the compiler names one thing") }) {
			t.Errorf("%s: %+v, want %s", name, all, c.want)
		}
		if g, _ := gapOf(c.e, KindMap); !strings.Contains(g.Why, "leaves the runtime's functions out") {
			t.Errorf("%s: maps are looked for: %+v", name, g)
		}
	}
}
