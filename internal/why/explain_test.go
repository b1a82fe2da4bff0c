package why_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/why"
)

// write makes files below dir, which it returns.
func write(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// failing is a report of one failure whose site has that stack.
func failing(stack ...highwater.Frame) *highwater.Report {
	return &highwater.Report{Rows: []highwater.Row{{Findings: []highwater.Finding{{
		Metric: highwater.Peak, Check: "baseline", Verdict: highwater.VerdictFail, Reason: "it grew",
		Evidence: []highwater.SiteChange{{Site: highwater.Site{Where: stack[0], Stack: stack}, Before: 1, After: 2}},
	}}}}}
}

// TestDependency: of a dependency that is elsewhere in another version, the hunk is
// in its source.
func TestDependency(t *testing.T) {
	module := func(size, version string) string {
		return write(t, t.TempDir(), map[string]string{
			"tree/go.mod":  "module example.com/m\n\ngo 1.24\n\nrequire example.com/dep " + version + "\n\nreplace example.com/dep => ../dep\n",
			"tree/m.go":    "package m\n\nimport \"example.com/dep\"\n\nvar V = dep.New()\n",
			"dep/go.mod":   "module example.com/dep\n\ngo 1.24\n",
			"dep/x/dep.go": "package dep\n\n// New makes one.\nfunc New() []byte {\n\treturn make([]byte, " + size + ")\n}\n",
		})
	}
	base, head := module("100", "v1.0.0"), module("200", "v1.1.0")
	r := failing(highwater.Frame{Func: "example.com/dep/x.New", File: filepath.Join(head, "dep", "x", "dep.go"), Line: 5})
	err := why.Explain(t.Context(), r, why.Options{
		Base: why.Side{Dir: filepath.Join(base, "tree")}, Head: why.Side{Dir: filepath.Join(head, "tree")},
	})
	h := r.Rows[0].Findings[0].Evidence[0].Hunk
	if err != nil || h == nil {
		t.Fatalf("%v, hunk %v, notes %q", err, h, r.Rows[0].Notes)
	}
	if h.File != "example.com/dep@v1.1.0/x/dep.go" || h.Near != highwater.NearLine || strings.Join(h.Lines, "\n") != "-\treturn make([]byte, 100)\n+\treturn make([]byte, 200)" {
		t.Errorf("%+v", h)
	}
}

// TestNothingToSay: what is the same on both sides, or is not there, has no hunk,
// and the finding stays as it was.
func TestNothingToSay(t *testing.T) {
	text := "package m\n\nfunc F() []byte {\n\treturn make([]byte, 9)\n}\n"
	base := write(t, t.TempDir(), map[string]string{"go.mod": "module example.com/m\n\ngo 1.24\n", "a.go": text})
	head := write(t, t.TempDir(), map[string]string{"go.mod": "module example.com/m\n\ngo 1.24\n", "b.go": "// A comment.\n\n" + text})
	o := why.Options{Base: why.Side{Dir: base}, Head: why.Side{Dir: head}}
	for _, f := range []highwater.Frame{
		{Func: "example.com/m.F", File: filepath.Join(head, "b.go"), Line: 6},
		{Func: "example.com/m.Gone", File: filepath.Join(head, "gone.go"), Line: 6},
		{Func: "example.com/m.F", File: filepath.Join(head, "b.go"), Line: 600},
		{Func: "runtime.x", File: "/usr/lib/go/src/runtime/x.go", Line: 1},
		{Func: "x", File: "../../etc/passwd", Line: 1},
		{},
	} {
		r := failing(f)
		if err := why.Explain(t.Context(), r, o); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
		got := r.Rows[0].Findings[0]
		if e := got.Evidence[0]; e.Hunk != nil || e.Escape != "" || got.Reason != "it grew" {
			t.Errorf("%+v: %+v, %s", f, e.Hunk, got.Reason)
		}
	}
	o.Base.Dir = filepath.Join(base, "none")
	if err := why.Explain(t.Context(), failing(highwater.Frame{}), o); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

// A line's reasons are the compiler's, for a package and for its tests.
func TestReasons(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{
		"go.mod":    "module example.com/m\n\ngo 1.26\n",
		"m.go":      "package m\n\nvar last *int\n\nfunc keep() {\n\tn := 1\n\tlast = &n\n}\n",
		"m_test.go": "package m\n\nvar kept *int\n\nfunc hold() {\n\tn := 1\n\tkept = &n\n}\n",
	})
	reasons := why.NewReasons(why.Side{Env: []string{"GOWORK=off"}}, nil)
	for _, file := range []string{"m.go", "m_test.go"} {
		at := highwater.Frame{File: filepath.Join(dir, file), Line: 6}
		got, err := reasons.At(t.Context(), at)
		if err != nil || len(got) != 1 || got[0].What != "n" || !got[0].Moved || !strings.Contains(got[0].Because, "(assign, "+file+":7)") {
			t.Fatalf("%s: %+v, %v", file, got, err)
		}
		if s := got[0].String(); !strings.HasPrefix(s, "the variable n is moved to the heap, because of ") {
			t.Errorf("in words: %s", s)
		}
		at.Line = 3
		if got, err := reasons.At(t.Context(), at); err != nil || got != nil {
			t.Errorf("nothing escapes there: %+v, %v", got, err)
		}
	}
	for _, file := range []string{"m.go", filepath.Join(dir, "gone.go")} {
		if _, err := reasons.At(t.Context(), highwater.Frame{File: file, Line: 6}); err == nil {
			t.Errorf("%s: no error", file)
		}
	}
}

// What another go command has compiled is printed again with names that are relative to
// where that one ran: the reasons are found wherever it was.
func TestReasonsOfTheCache(t *testing.T) {
	for _, from := range []string{".", "in/deep", "in", "beside"} {
		root := write(t, t.TempDir(), map[string]string{
			"go.mod": "module example.com/m\n\ngo 1.26\n", "beside/beside.go": "package beside\n",
			// The text differs, for a build of the same one would be in the cache already.
			"in/in.go": "package in\n", "in/deep/deep.go": "package deep // " + t.TempDir() + "\n\nvar last *int\n\nfunc keep() {\n\tn := 1\n\tlast = &n\n}\n",
		})
		dir := filepath.Join(root, "in", "deep")
		cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-export", "-gcflags=-m=2", dir)
		cmd.Dir = filepath.Join(root, filepath.FromSlash(from))
		cmd.Env = append(os.Environ(), "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "moved to heap: n") {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, side := range []string{"", root} {
			reasons := why.NewReasons(why.Side{Dir: side, Env: []string{"GOWORK=off"}}, nil)
			got, err := reasons.At(t.Context(), highwater.Frame{File: filepath.Join(dir, "deep.go"), Line: 6})
			if err != nil || len(got) != 1 || got[0].What != "n" || !got[0].Moved {
				t.Errorf("compiled in %s, asked in %q: %+v, %v", from, side, got, err)
			}
		}
	}
}
