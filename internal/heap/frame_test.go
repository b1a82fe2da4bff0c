package heap

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func stack(functions ...string) []highwater.Frame {
	fs := make([]highwater.Frame, len(functions))
	for i, f := range functions {
		fs[i] = highwater.Frame{Func: f, File: "x.go", Line: i + 1}
	}
	return fs
}

func TestPackageOf(t *testing.T) {
	for function, want := range map[string]string{
		"main.main":      "main",
		"runtime.malg":   "runtime",
		"main.f.func1.2": "main",
		"github.com/charmbracelet/x/vt.(*Buffer).insertLine": "github.com/charmbracelet/x/vt",
		"gopkg.in/yaml%2ev3.Unmarshal":                       "gopkg.in/yaml%2ev3",
		"slices.Grow[go.shape.[]uint8,go.shape.uint8]":       "slices",
		"myapp/set.Add[github.com/a/b.T]":                    "myapp/set",
		"internal/runtime/maps.(*Map).grow":                  "internal/runtime/maps",
		"type:.eq.github.com/a/b.T":                          "",
		"0x4003":                                             "0x4003",
		"":                                                   "",
	} {
		if got := packageOf(function); got != want {
			t.Errorf("packageOf(%q) = %q, want %q", function, got, want)
		}
	}
}

func TestWhere(t *testing.T) {
	for _, c := range []struct {
		name  string
		stack []highwater.Frame
		want  string
	}{
		{"below the standard library", stack("internal/runtime/maps.newarray", "bytes.(*Buffer).grow", "github.com/vito/midterm.(*Terminal).Write", "main.run"), "github.com/vito/midterm.(*Terminal).Write"},
		{"module without a dot", stack("runtime.makeslice", "myapp/screen.New", "main.main"), "myapp/screen.New"},
		{"package main", stack("strings.Repeat", "main.fill"), "main.fill"},
		{"generic function of the standard library", stack("slices.Grow[go.shape.[]uint8]", "a.org/b.C"), "a.org/b.C"},
		{"harness below the workload", stack(module+".(*M).KeepAlive", module+"/suites/terminal.fill", module+".inGoroutine.func1"), module + "/suites/terminal.fill"},
		{"probe only", stack("runtime.mapassign", module+"/internal/probe.(*Recorder).Start"), module + "/internal/probe.(*Recorder).Start"},
		{"runtime only", stack("runtime.mallocgc", "runtime.newobject", "runtime.malg", "runtime.newproc1"), "runtime.malg"},
		{"the runtime's allocators alone", stack("runtime.mallocgc", "runtime.newobject"), "runtime.mallocgc"},
		{"standard library only", stack("runtime.makemap", "net/http.(*Transport).dial", "net/http.(*Transport).roundTrip"), "net/http.(*Transport).dial"},
		{"empty", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Where(c.stack).Func; got != c.want {
				t.Errorf("Where = %q, want %q", got, c.want)
			}
		})
	}
}

func TestFingerprint(t *testing.T) {
	base := stack("runtime.makeslice", "bytes.growSlice", "a.org/b.C", "a.org/b.C.func1")
	id := Fingerprint(base)
	if len(id) != 12 || strings.Trim(id, "0123456789abcdef") != "" {
		t.Fatalf("Fingerprint = %q, want 12 hexadecimal digits", id)
	}
	moved := slices.Clone(base)
	for i := range moved {
		moved[i].Line += 40
		moved[i].File = "other/" + moved[i].File
	}
	same := map[string][]highwater.Frame{
		"moved lines and files":    moved,
		"another runtime":          stack("runtime.growslice", "runtime.mallocgc", "bytes.growSlice", "a.org/b.C", "a.org/b.C.func1"),
		"run by another harness":   append(slices.Clone(base), stack("testing.(*B).runN", module+".inGoroutine.func1", "runtime.goexit")...),
		"run by the probe's loops": append(slices.Clone(base), stack(module+"/internal/probe.run")...),
	}
	for name, s := range same {
		if got := Fingerprint(s); got != id {
			t.Errorf("%s: Fingerprint = %s, want %s", name, got, id)
		}
	}
	other := map[string][]highwater.Frame{
		"another closure":  stack("bytes.growSlice", "a.org/b.C", "a.org/b.C.func2"),
		"another order":    stack("a.org/b.C", "bytes.growSlice", "a.org/b.C.func1"),
		"another caller":   append(slices.Clone(base), stack("a.org/b.D")...),
		"runtime only":     stack("runtime.malg"),
		"nothing":          nil,
		"workload suite":   append(slices.Clone(base), stack(module+"/suites/terminal.fill")...),
		"names run as one": stack("bytes.growSlicea.org/b.C", "a.org/b.C.func1"),
	}
	seen := map[string]string{id: "base"}
	for name, s := range other {
		got := Fingerprint(s)
		if seen[got] != "" {
			t.Errorf("%s has the fingerprint of %s", name, seen[got])
		}
		seen[got] = name
	}
}

// TestStandard tells when a Go release has a new top-level package.
func TestStandard(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Skipf("go list std: %v", err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if !isStandard(pkg) {
			t.Errorf("package %s is missing in standard", pkg)
		}
	}
}

// Where benchmarks are called from is added by highwater, and no part of a site.
func TestWrapperIsNoPartOfASite(t *testing.T) {
	stack := func(wrapper string) []highwater.Frame {
		return []highwater.Frame{
			{Func: "example.com/m.Work"},
			{Func: "example.com/m.BenchmarkWork"},
			{Func: wrapper},
			{Func: "example.com/m/internal/highwaterprobe.(*Bench).Call"},
			{Func: "testing.(*B).runN"},
		}
	}
	a, b := stack("example.com/m.BenchmarkHighwaterProbe.func1.1"), stack("example.com/m.BenchmarkHighwaterProbe.func2.1")
	if Fingerprint(a) != Fingerprint(b) || Fingerprint(a) != Fingerprint(a[:2]) {
		t.Error("the wrapper changes the fingerprint")
	}
	own := []highwater.Frame{{Func: "runtime.mallocgc"}, {Func: "example.com/m/internal/highwaterprobe.(*Link).Send"}, {Func: "example.com/m.BenchmarkHighwaterProbe.func1"}, {Func: "example.com/m.TestMain"}}
	if w := Where(own); w.Func != "example.com/m.TestMain" {
		t.Errorf("the site is %s", w.Func)
	}
}
