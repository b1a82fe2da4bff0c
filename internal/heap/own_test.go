package heap

import (
	"slices"
	"testing"
)

func TestOwn(t *testing.T) {
	for _, c := range []struct {
		name    string
		stack   []string
		module  string
		where   string
		through []string
		own     bool
	}{
		{
			"through the standard library",
			[]string{"runtime.growslice", "bytes.growSlice", "bytes.(*Buffer).Write", "example.com/app/store.Put", "main.main"},
			"example.com/app", "example.com/app/store.Put",
			[]string{"bytes.(*Buffer).Write", "bytes.growSlice"},
			true,
		},
		{
			"through another module",
			[]string{"runtime.mallocgc", "example.com/lib.New", "example.com/lib.Open", "main.run"},
			"example.com/app", "main.run",
			[]string{"example.com/lib.Open", "example.com/lib.New"},
			true,
		},
		{
			"a module whose path begins alike",
			[]string{"example.com/application.New", "main.run"},
			"example.com/app", "main.run",
			[]string{"example.com/application.New"},
			true,
		},
		{
			"the module is not known",
			[]string{"runtime.makeslice", "bytes.growSlice", "example.com/lib.New", "main.run"},
			"", "example.com/lib.New",
			[]string{"bytes.growSlice"},
			false,
		},
		{"nothing of the program", []string{"runtime.malg", "runtime.newproc1"}, "example.com/app", "runtime.malg", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, through, own := Own(stack(c.stack...), c.module)
			if at.Func != c.where || own != c.own || !slices.Equal(through, c.through) {
				t.Errorf("%s through %q, own %v; want %s through %q, own %v", at.Func, through, own, c.where, c.through, c.own)
			}
		})
	}
	if at, _, own := Own(nil, "example.com/app"); own || at.Func != "" {
		t.Errorf("an empty stack is of %q", at.Func)
	}
}
