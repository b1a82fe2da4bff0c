package main

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// A file and line stand beside the function that they are of.
func TestPlace(t *testing.T) {
	leaf := highwater.Frame{Func: "example.com/lru/list.(*List).insert", File: "/src/list/list.go", Line: 7}
	put := highwater.Frame{Func: "example.com/lru.(*lru).Put", File: "/src/lru.go", Line: 56}
	finding := func(where highwater.Frame, stack ...highwater.Frame) highwater.Finding {
		return highwater.Finding{Evidence: []highwater.SiteChange{{Site: highwater.Site{Where: where, Stack: stack}}}}
	}
	r := result{release: release{Site: "lru.(*lru).Put"}}
	for _, c := range []struct {
		f     highwater.Finding
		right bool
		want  string
	}{
		{finding(put, put), true, "lru.(*lru).Put (lru.go:56)"},
		{finding(leaf, leaf, put), true, "list.(*List).insert (list.go:7), called from lru.(*lru).Put (lru.go:56)"},
		{finding(leaf, leaf), false, "list.(*List).insert (list.go:7)"},
		{highwater.Finding{}, true, "created by lru.(*lru).Put"},
		{highwater.Finding{}, false, "none"},
	} {
		if c.right && len(c.f.Evidence) > 0 && !r.names(c.f) {
			t.Errorf("%q is not what was looked for", c.want)
		}
		if got := r.place(c.f, c.right); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
