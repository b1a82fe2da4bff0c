package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestRight(t *testing.T) {
	at := func(line int, metric string) highwater.Finding {
		return highwater.Finding{
			Scenario: "a", Metric: metric, Verdict: highwater.VerdictFail, Change: 0.05,
			Evidence: []highwater.SiteChange{{Site: highwater.Site{Where: highwater.Frame{File: "/x/" + source, Line: line}}}},
		}
	}
	regression, refactoring := change{Line: planted}, change{}
	for _, c := range []struct {
		name string
		r    result
		want bool
	}{
		{"found", result{change: regression, exit: 1, line: 7, failed: []highwater.Finding{at(7, highwater.Peak), at(7, highwater.AllocBytes)}}, true},
		{"another line as well", result{change: regression, exit: 1, line: 7, failed: []highwater.Finding{at(7, highwater.Peak), at(8, highwater.Peak)}}, false},
		{"another line", result{change: regression, exit: 1, line: 7, failed: []highwater.Finding{at(8, highwater.Peak)}}, false},
		{"not in the peak", result{change: regression, exit: 1, line: 7, failed: []highwater.Finding{at(7, highwater.AllocBytes)}}, false},
		{"not found", result{change: regression, line: 7}, false},
		{"passed", result{change: refactoring}, true},
		{"open", result{change: refactoring, open: 1}, false},
		{"a false alarm", result{change: refactoring, exit: 1, failed: []highwater.Finding{at(7, highwater.Peak)}}, false},
	} {
		if got := c.r.right(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The refactoring leaves no text behind, and loses none but what it means to.
func TestRefactor(t *testing.T) {
	dir := t.TempDir()
	const before = `package btree

import (
	"sort"
	"sync"
)

// FreeListG represents
func newNode() { return new(node[T]) }

// ItemIteratorG allows

// items stores items
func (s items) find(i int) {}

// node is an internal node
func f() { items.find(1) }
`
	if err := os.WriteFile(filepath.Join(dir, source), []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := refactor(dir); err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string][]string{
		source:        {"items.search(1)", "// ItemIteratorG"},
		"freelist.go": {"return freshNode[T]()", "{ return new(node[T]) }"},
		"items.go":    {"func (s items) search("},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(string(text), w) {
				t.Errorf("%s lacks %q:\n%s", name, w, text)
			}
		}
		if name == source && (strings.Contains(string(text), "find") || strings.Contains(string(text), "sync")) {
			t.Errorf("left in %s:\n%s", name, text)
		}
	}
	if err := refactor(dir); err == nil {
		t.Error("what is no longer there was moved once more")
	}
}
