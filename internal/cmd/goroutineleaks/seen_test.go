package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

const source = "package runtime_test\n\nfunc TestX() {\n" +
	"microTests := []testCase{\n makeTest(\"Recv\", `Recv\\.func1\\(.* \\[chan receive\\]`,),\n makeTest(\"Clean\"),\n}\n" +
	"stress := []testCase{makeFlakyTest(\"Spawn\", `a`, `b`)}\n" +
	"gokerTestCases := []testCase{makeFlakyTest(\"Etcd1\", `\\(\\*node\\)\\.run\\(.* \\[select\\]`)}\n" +
	"other := append(microTests, stress...)\n}\n"

func TestExpectations(t *testing.T) {
	all, err := expectations([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		text := e.Name
		if e.Goker {
			text += " goker"
		}
		if e.Flaky {
			text += " flaky"
		}
		for _, l := range e.Leaks {
			text += " " + l.String()
		}
		got = append(got, text)
	}
	want := []string{`Recv Recv\.func1\(.* \[chan receive\]`, "Clean", "Spawn flaky a b", `Etcd1 goker flaky \(\*node\)\.run\(.* \[select\]`}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, bad := range []string{"package p", "package", "package p\nfunc f() { microTests := []testCase{makeTest(name)} }", "package p\nfunc f() { microTests := []testCase{makeTest(`a`, `(`)} }"} {
		if _, err := expectations([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// A profile as Go 1.26 prints it.
const profile = `goroutine 1 [running]:
runtime/pprof.writeGoroutineStacks({0x5b7518, 0x266d6a4d0050})
	/usr/local/go/src/runtime/pprof/pprof.go:819 +0x6b
main.main()
	/x/main.go:38 +0x133

goroutine 8 [chan receive (nil chan) (leaked), 2 minutes]:
main.Recv.func1()
	/x/simple.go:70 +0x25
created by main.Recv in goroutine 1
	/x/simple.go:69 +0x30

goroutine 9 [select (leaked)]:
sync.runtime_Semacquire(0xc0000)
	/usr/local/go/src/runtime/sema.go:1 +0x1
main.(*node).run(0xc00001, {0x1, 0x2})
	/x/etcd.go:70 +0x25
created by main.start in goroutine 1
	/x/etcd.go:69 +0x30

goroutine 3 [select (no cases) (leaked)]:
internal/highwaterprobe.occupy()
	/x/stacks.go:70 +0x25
created by internal/highwaterprobe.init.0 in goroutine 1
	/x/stacks.go:69 +0x30

goroutine 10 [chan send]:
main.waits()
	/x/simple.go:70 +0x25
created by main.Recv in goroutine 1
	/x/simple.go:69 +0x30
`

func TestPrinted(t *testing.T) {
	want := []string{"(*node).run() [select]", "Recv.func1() [chan receive (nil chan)]"}
	if got := printed([]byte(profile)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What the probe groups is told in the same words.
func TestLeftOver(t *testing.T) {
	got := leftOver([]probe.Goroutines{
		{Count: 3, State: "chan receive (leaked), 2 minutes", Stack: []probe.Frame{{Func: "sync.x"}, {Func: "main.(*node).run"}}},
		{Count: 1, State: "chan receive", Stack: []probe.Frame{{Func: "main.(*node).run"}}},
		{Count: 1, State: "runnable"},
	})
	if want := []string{"(*node).run() [chan receive]"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTable(t *testing.T) {
	steady := entry{Name: "Recv", Leaks: []*regexp.Regexp{regexp.MustCompile(`Recv\.func1\(.* \[chan receive\]`)}}
	flaky := entry{Name: "Etcd1", Goker: true, Flaky: true, Leaks: []*regexp.Regexp{regexp.MustCompile("a"), regexp.MustCompile("b")}}
	clean := entry{Name: "Clean"}
	saw := func(e entry, printed, left string) result {
		split := func(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == ';' }) }
		return result{Entry: e.Name, sight: sight{Printed: split(printed), LeftOver: split(left)}}
	}
	const leak = "Recv.func1() [chan receive]"
	for _, c := range []struct {
		name string
		all  []result
		exit int
		want []string
	}{
		{"as it should be", []result{saw(steady, leak, leak), saw(flaky, "a", "a;b"), saw(clean, "", "")}, highwater.ExitOK, []string{
			"| made for the purpose | the runtime's leak profile, as the entry prints it | 2 | 1 of 1 | 0 of 0 | 0 | 0 |",
			"as the entry prints it | 1 | 0 of 0 | 1 of 2 | 0 | 0 |", "the probe groups it | 1 | 0 of 0 | 2 of 2 |", "Not found:\n\n- the runtime's leak profile, as the entry prints it: Etcd1, `b`",
		}},
		{"left over is told, and no claim", []result{saw(steady, leak, leak), saw(flaky, "a", "a"), saw(clean, "", "x [select]")}, highwater.ExitOK, []string{"| 2 | 1 of 1 | 0 of 0 | 1 | 1 |", "Clean, `x [select]`"}},
		{"missed", []result{saw(steady, leak, ""), saw(flaky, "a", "a"), saw(clean, "", "")}, highwater.ExitFail, []string{"| 0 of 1 |"}},
		{"a false leak", []result{saw(steady, leak, leak), saw(flaky, "a;c", "a"), saw(clean, "", "")}, highwater.ExitFail, []string{"Etcd1, `c`"}},
		{"not run", []result{saw(steady, leak, leak)}, highwater.ExitError, []string{"Clean was run 0 times of 1"}},
	} {
		var b strings.Builder
		if exit := table(&b, "machine", []entry{steady, flaky, clean}, 1, c.all); exit != c.exit {
			t.Errorf("%s: exit %d, want %d", c.name, exit, c.exit)
		}
		for _, w := range c.want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is not in\n%s", c.name, w, b.String())
			}
		}
	}
}

func TestRemaining(t *testing.T) {
	entries := []entry{{Name: "A"}, {Name: "B", Flaky: true}}
	if n := len(remaining(entries, 0, []result{{Entry: "A", Run: 1}, {Entry: "B", Run: 10}})); n != 2+10 {
		t.Errorf("%d runs are left, want 12", n)
	}
	if n := len(remaining(entries, 1, []result{{Entry: "A", Run: 1}})); n != 2 {
		t.Errorf("%d runs are left, want 2", n)
	}
}
