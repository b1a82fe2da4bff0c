package inspect

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

func TestGoroutines(t *testing.T) {
	prog := start(t, build(t))
	p := prog.open()
	var want int
	prog.ask("goroutines", &want)
	type expected struct {
		created string // the mark of the line
		state   string
		count   int
		blocked string // the innermost frame of the program
		line    string // its mark; "" for the line where it began
	}
	all := []expected{
		{"created: receive", "chan receive", 1000, "main.nested", "blocked: receive"},
		{"created: select", "select", 200, "main.start.func1", "blocked: select"},
		{"created: sleep", "sleep", 50, "", ""},
		{"created: accept", "IO wait", 3, "", ""},
		{"created: read", "syscall", 2, "", ""},
		{"created: lock", "sync.Mutex.Lock", 7, "main.deep", "blocked: lock"},
	}
	var groups []highwater.GoroutineGroup
	var states map[string]int
	var n int
	within(t, "all goroutines at rest", func() bool {
		var err error
		if groups, states, n, err = p.Goroutines(); err != nil {
			t.Fatal(err)
		}
		return states["chan receive"] == 1000 && states["sync.Mutex.Lock"] == 7 && states["select"] == 200 &&
			states["sleep"] == 50 && states["IO wait"] == 3 && states["syscall"] == 3
	})
	if n != want {
		t.Errorf("%d goroutines, and runtime.NumGoroutine says %d: %v", n, want, states)
	}
	if s, err := p.Read(); err != nil || s.Goroutines != want {
		t.Errorf("%d goroutines, want %d: %v", s.Goroutines, want, err)
	}
	sum := 0
	for _, g := range groups {
		sum += g.Count
		if g.Fingerprint != heap.Fingerprint([]highwater.Frame{heap.Where(g.Stack), g.Created}) {
			t.Errorf("another fingerprint: %+v", g)
		}
	}
	if sum != n {
		t.Errorf("%d in groups, of %d", sum, n)
	}
	for _, e := range all {
		g, ok := created(groups, source(t, e.created))
		if !ok || g.State != e.state || g.Count != e.count || g.Created.Func != "main.start" || !strings.HasSuffix(g.Created.File, "main.go") {
			t.Errorf("%s: %+v", e.created, g)
			continue
		}
		if len(g.Stack) == 0 {
			t.Errorf("%s: no stack", e.created)
			continue
		}
		if at := heap.Where(g.Stack); e.blocked != "" && (at.Func != e.blocked || at.Line != source(t, e.line)) {
			t.Errorf("%s: it is in %+v, want %s:%d", e.created, at, e.blocked, source(t, e.line))
		}
	}
	// As deep as it is, and with the function that was inlined.
	if g, _ := created(groups, source(t, "created: lock")); len(g.Stack) < 42 || g.Stack[len(g.Stack)-1].Func != "main.start.func2" {
		t.Errorf("%d frames: %+v", len(g.Stack), g.Stack)
	}
	if g, _ := created(groups, source(t, "created: receive")); len(g.Stack) != 2 || g.Stack[1].Func != "main.receive" {
		t.Errorf("%+v", g.Stack)
	}
	longest := func() (d time.Duration) {
		groups, _, _, err := p.Goroutines()
		if err != nil {
			t.Fatal(err)
		}
		g, _ := created(groups, source(t, "created: receive"))
		return g.Longest
	}
	// It is known since a collection has met them.
	if d := longest(); d != 0 {
		t.Errorf("it has waited for %v, and there was no collection", d)
	}
	begun := time.Now()
	prog.do("gc")
	first := longest()
	within(t, "a longer wait", func() bool { return longest() > first+20*time.Millisecond })
	if d := longest(); d > time.Since(begun) {
		t.Errorf("it has waited for %v, in %v", d, time.Since(begun))
	}
}

func created(groups []highwater.GoroutineGroup, line int) (highwater.GoroutineGroup, bool) {
	for _, g := range groups {
		if g.Created.Line == line {
			return g, true
		}
	}
	return highwater.GoroutineGroup{}, false
}

// What is seen from outside is what a traceback prints inside.
func TestTraceback(t *testing.T) {
	prog := start(t, build(t))
	p := prog.open()
	var n int
	prog.ask("goroutines", &n)
	within(t, "all goroutines at rest", func() bool {
		_, states, _, err := p.Goroutines()
		return err == nil && states["runnable"] == 0 && states["running"] == 0
	})
	var text string
	prog.ask("stacks", &text)
	printed := map[string]int{}
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		printed[printedKey(block)]++
	}
	groups, _, _, err := p.Goroutines()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, g := range groups {
		if g.Created.Func == "" {
			continue // the first one has printed it
		}
		key := g.State
		for _, f := range g.Stack {
			key += "\n" + f.Func
		}
		seen[key+"\n"+g.Created.Func] += g.Count
	}
	for key, n := range printed {
		if !strings.Contains(key, "main.main") && seen[key] != n {
			t.Errorf("printed %d times, seen %d times:\n%s", n, seen[key], key)
		}
	}
	if t.Failed() || len(seen) < 6 {
		t.Errorf("seen: %q", slices.Sorted(maps.Keys(seen)))
	}
}

// printedKey is the state, the functions and the creator of a goroutine as they are
// printed.
func printedKey(block string) string {
	lines := strings.Split(block, "\n")
	_, state, _ := strings.Cut(lines[0], "[")
	state, _, _ = strings.Cut(state, "]")
	state, _, _ = strings.Cut(state, ",")
	var names []highwater.Frame
	key, creator := "", ""
	for _, line := range lines[1:] {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		if name, ok := strings.CutPrefix(line, "created by "); ok {
			creator, _, _ = strings.Cut(name, " in goroutine ")
			continue
		}
		if i := strings.LastIndexByte(line, '('); i > 0 {
			names = append(names, highwater.Frame{Func: line[:i]})
		}
	}
	for _, f := range withoutRuntime(names) {
		key += "\n" + f.Func
	}
	return state + key + "\n" + creator
}
