package live

import (
	"slices"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestPlaces(t *testing.T) {
	at := func(name string) highwater.Frame {
		return highwater.Frame{Func: "example.com/a/" + name, File: "/src/a.go", Line: 7}
	}
	site := func(stack ...string) highwater.Site {
		s := highwater.Site{Where: at(stack[0])}
		for _, f := range stack {
			s.Stack = append(s.Stack, at(f))
		}
		return s
	}
	for _, c := range []struct {
		what  string
		sites []highwater.Site
		want  []string
	}{
		{"lines of their own", []highwater.Site{site("f", "main"), site("g", "main")}, []string{"f (a.go:7)", "g (a.go:7)"}},
		{
			"one line",
			[]highwater.Site{site("f", "h", "x", "main"), site("g", "main"), site("f", "h", "y", "main")},
			[]string{"f (a.go:7), via x (a.go:7)", "g (a.go:7)", "f (a.go:7), via y (a.go:7)"},
		},
		{
			"three, of which two are nearer",
			[]highwater.Site{site("f", "x", "one"), site("f", "x", "two"), site("f", "z", "one")},
			[]string{"f (a.go:7), via one (a.go:7)", "f (a.go:7), via two (a.go:7)", "f (a.go:7), via z (a.go:7)"},
		},
		{"one within the other", []highwater.Site{site("f", "g"), site("f", "g", "main")}, []string{"f (a.go:7)", "f (a.go:7), via main (a.go:7)"}},
		{"the same", []highwater.Site{site("f", "g"), site("f", "g")}, []string{"f (a.go:7)", "f (a.go:7)"}},
		{"without stacks", []highwater.Site{{Where: at("f")}, {Where: at("f")}}, []string{"f (a.go:7)", "f (a.go:7)"}},
		{"none", nil, []string{}},
	} {
		if got := Places(c.sites, func(s highwater.Site) highwater.Site { return s }); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
