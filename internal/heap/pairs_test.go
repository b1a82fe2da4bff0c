package heap

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// held is a site of so many objects of one size, on a line of the innermost
// function.
func held(size, objects int64, line int, functions ...string) highwater.Site {
	s := stack(functions...)
	for i := range s {
		s[i].Line = 10 * (i + 1)
	}
	for i := range s {
		if s[i] == Where(s) {
			s[i].Line = line
		}
	}
	return Sites([]Record{{Stack: s, Objects: objects, Bytes: size * objects}}, 1)[0]
}

// Each case is one way in which code changes without another allocation, or with
// one more of some size beside it.
func TestMatching(t *testing.T) {
	for name, c := range map[string]struct {
		before, after []highwater.Site
		want          []highwater.SiteChange // Site.Where.Func and Line, Before, After, New, and Was by Func
	}{
		"the second of two lines": {
			[]highwater.Site{held(1<<20, 1, 7, "a.org/x.F"), held(100, 1000, 8, "a.org/x.F")},
			[]highwater.Site{held(1<<20, 1, 17, "a.org/x.F"), held(600, 1000, 18, "a.org/x.F")},
			[]highwater.SiteChange{change("a.org/x.F", 18, 100_000, 600_000, "")},
		},
		"a line in between": {
			[]highwater.Site{held(1<<20, 1, 7, "a.org/x.F"), held(100, 1000, 8, "a.org/x.F")},
			[]highwater.Site{held(1<<20, 1, 7, "a.org/x.F"), held(32_000, 10, 8, "a.org/x.F"), held(100, 1000, 9, "a.org/x.F")},
			[]highwater.SiteChange{change("a.org/x.F", 8, 0, 320_000, "new")},
		},
		"closures counted anew": {
			[]highwater.Site{held(100, 1000, 7, "a.org/x.F.func1", "a.org/x.F")},
			[]highwater.Site{held(100, 1500, 9, "a.org/x.F.func2", "a.org/x.F")},
			[]highwater.SiteChange{change("a.org/x.F.func2", 9, 100_000, 150_000, "a.org/x.F.func1")},
		},
		"type arguments": {
			[]highwater.Site{held(100, 1000, 7, "a.org/x.Map[go.shape.int]")},
			[]highwater.Site{held(100, 1500, 7, "a.org/x.Map[go.shape.int,go.shape.string]")},
			[]highwater.SiteChange{change("a.org/x.Map[go.shape.int,go.shape.string]", 7, 100_000, 150_000, "a.org/x.Map[go.shape.int]")},
		},
		"another caller": {
			[]highwater.Site{held(100, 1000, 7, "bytes.grow", "a.org/x.F", "a.org/x.Old", "a.org/x.Main")},
			[]highwater.Site{held(100, 1500, 7, "bytes.grow", "a.org/x.F", "a.org/x.New", "a.org/x.Main")},
			[]highwater.SiteChange{change("a.org/x.F", 7, 100_000, 150_000, "")},
		},
		"a renamed function": {
			[]highwater.Site{held(100, 1000, 7, "a.org/x.Build", "a.org/x.Main"), held(5, 10, 8, "a.org/x.Build", "a.org/x.Main")},
			[]highwater.Site{held(100, 1500, 7, "a.org/x.Make", "a.org/x.Main"), held(77, 10, 8, "a.org/x.Make", "a.org/x.Main")},
			[]highwater.SiteChange{
				change("a.org/x.Make", 7, 100_000, 150_000, "a.org/x.Build"),
				change("a.org/x.Make", 8, 50, 770, "a.org/x.Build"),
			},
		},
		"a helper taken out": {
			[]highwater.Site{held(100, 1000, 7, "a.org/x.F", "a.org/x.Main")},
			[]highwater.Site{held(100, 1500, 27, "a.org/x.helper", "a.org/x.F", "a.org/x.Main")},
			[]highwater.SiteChange{change("a.org/x.helper", 27, 100_000, 150_000, "a.org/x.F")},
		},
		"another package": {
			[]highwater.Site{held(100, 1000, 7, "a.org/x.(*T).F", "a.org/x.Main")},
			[]highwater.Site{held(100, 1500, 7, "a.org/y/z.(*T).F", "a.org/y.Main")},
			[]highwater.SiteChange{change("a.org/y/z.(*T).F", 7, 100_000, 150_000, "a.org/x.(*T).F")},
		},
		"something else": {
			[]highwater.Site{held(100, 1000, 7, "a.org/x.F", "a.org/x.Main")},
			[]highwater.Site{held(4096, 40, 7, "a.org/x.G", "a.org/x.Main")},
			[]highwater.SiteChange{
				change("a.org/x.G", 7, 0, 163_840, "new"),
				change("a.org/x.F", 7, 100_000, 0, ""),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Diff(c.before, c.after)
			if len(got) != len(c.want) {
				t.Fatalf("%d changes, want %d: %+v", len(got), len(c.want), got)
			}
			for i, w := range c.want {
				g := got[i]
				was := ""
				if g.Was != nil {
					was = g.Was.Func
				}
				wantWas := ""
				if w.Was != nil {
					wantWas = w.Was.Func
				}
				if g.Site.Where.Func != w.Site.Where.Func || g.Site.Where.Line != w.Site.Where.Line ||
					g.Before != w.Before || g.After != w.After || g.New != w.New || was != wantWas {
					t.Errorf("change %d: %s:%d %d -> %d new %v was %q, want %+v", i, g.Site.Where.Func, g.Site.Where.Line, g.Before, g.After, g.New, was, w)
				}
			}
		})
	}
}

func change(function string, line int, before, after int64, was string) highwater.SiteChange {
	c := highwater.SiteChange{Site: highwater.Site{Where: highwater.Frame{Func: function, Line: line}}, Before: before, After: after}
	switch was {
	case "":
	case "new":
		c.New = true
	default:
		c.Was = &highwater.Frame{Func: was}
	}
	return c
}
