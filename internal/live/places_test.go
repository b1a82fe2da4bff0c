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
	// inside is a site whose line calls what allocates.
	inside := func(callee string, stack ...string) highwater.Site {
		s := site(stack...)
		s.Stack = append([]highwater.Frame{at(callee)}, s.Stack...)
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
		{
			"the same callers, and another callee",
			[]highwater.Site{inside("growslice", "f", "main"), inside("Sprintf", "f", "main"), site("f", "main")},
			[]string{"f (a.go:7), in growslice (a.go:7)", "f (a.go:7), in Sprintf (a.go:7)", "f (a.go:7)"},
		},
		{
			"other callers, and other callees",
			[]highwater.Site{inside("growslice", "f", "x", "main"), inside("Sprintf", "f", "y", "main")},
			[]string{"f (a.go:7), via x (a.go:7)", "f (a.go:7), via y (a.go:7)"},
		},
		{"the same", []highwater.Site{site("f", "g"), site("f", "g")}, []string{"f (a.go:7)", "f (a.go:7)"}},
		{"without stacks", []highwater.Site{{Where: at("f")}, {Where: at("f")}}, []string{"f (a.go:7)", "f (a.go:7)"}},
		{"none", nil, []string{}},
	} {
		whole := func(s highwater.Site) highwater.Site { return s }
		if got := Places(c.sites, 0, len(c.sites), whole); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		// One is called the same where the others are out of sight.
		for i := range c.sites {
			if got := Places(c.sites, i, i+1, whole); !slices.Equal(got, c.want[i:i+1]) {
				t.Errorf("%s, number %d alone: %q, want %q", c.what, i, got, c.want[i:i+1])
			}
		}
	}
}
