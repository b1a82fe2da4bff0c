package config

import (
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, id string
		want        bool
	}{
		{"all", "a/b", true},
		{"terminal_operations", "terminal_operations/scrollback@xvt", true},
		{"terminal_*", "terminal_operations/scrollback@xvt", true},
		{"terminal_operations/*", "terminal_operations/scrollback@xvt", true},
		{"terminal_operations/scrollback", "terminal_operations/scrollback@xvt", true},
		{"terminal_operations/scrollback@xvt", "terminal_operations/scrollback@xvt", true},
		{"*/scroll*@xvt", "terminal_operations/scrollback@xvt", true},
		{"terminal_operations/scrollback@midterm", "terminal_operations/scrollback@xvt", false},
		{"scrollback", "terminal_operations/scrollback", false},
		{"terminal_operations/scroll", "terminal_operations/scrollback", false},
		{"terminal", "terminal_operations/scrollback", false},
		{"*", "terminal_operations/scrollback", true},
		{"example.com/mod", "example.com/mod/pkg/TestA/small", true},
		{"example.com/mod/pkg/TestA", "example.com/mod/pkg/TestA/small", true},
		{"example.com/mod/*/TestA", "example.com/mod/pkg/TestA/small", true},
		{"example.com/*/TestA", "example.com/mod/pkg/TestA", false},
		{"example.com/.../TestA", "example.com/mod/pkg/TestA", true},
		{"example.com/.../TestA", "example.com/TestA", true},
		{"example.com/mod/...", "example.com/mod/TestA", true},
		{"example.com/mod/...", "example.com/mode/TestA", false},
		{"example.com/mod...", "example.com/mode/TestA", true},
		{".../Benchmark*/1[05]", "example.com/mod/BenchmarkGet/10", true},
		{".../Benchmark*/1[05]", "example.com/mod/BenchmarkGet/11", false},
		{"...a...b...", "xaxxbx", true},
		{"...b...a...", "xaxxbx", false},
		{".../scroll*@xvt", "terminal_operations/scrollback@xvt", true},
		{literal("m/BenchmarkA/x..."), "m/BenchmarkA/x...", true},
		{literal("m/BenchmarkA/x..."), "m/BenchmarkA/xyz", false},
	} {
		if got := Match(c.pattern, c.id); got != c.want {
			t.Errorf("Match(%q, %q) = %v, want %v", c.pattern, c.id, got, c.want)
		}
	}
}
