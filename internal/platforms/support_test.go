package platforms

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

// forSystem reports whether a file of that name and text is built there.
func forSystem(t *testing.T, name, text, goos string) bool {
	t.Helper()
	base := strings.TrimSuffix(name, ".go")
	for _, other := range []string{"linux", "darwin", "windows"} {
		if strings.HasSuffix(base, "_"+other) && other != goos {
			return false
		}
	}
	for line := range strings.Lines(text) {
		if !constraint.IsGoBuild(line) {
			continue
		}
		e, err := constraint.Parse(strings.TrimSpace(line))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return e.Eval(func(tag string) bool {
			return tag == goos || tag == "unix" && goos != "windows" || strings.HasPrefix(tag, "go1.")
		})
	}
	return true
}

// refuses reports whether the probe's function for that system does nothing but return
// an error: no platform's figure may be read in a way that this table does not say, nor
// the other way round. It reads the source, since the code of other systems does not
// run here.
func refuses(t *testing.T, function, goos string) bool {
	t.Helper()
	sources, err := probe.Source()
	if err != nil {
		t.Fatal(err)
	}
	found, refused := 0, false
	for name, text := range sources {
		if !forSystem(t, name, string(text), goos) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != function || fn.Recv != nil {
				continue
			}
			found++
			if len(fn.Body.List) == 1 {
				if ret, ok := fn.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) > 1 {
					last, isName := ret.Results[len(ret.Results)-1].(*ast.Ident)
					_, isCall := ret.Results[len(ret.Results)-1].(*ast.CallExpr)
					refused = isName && last.Name != "nil" || isCall
				}
			}
		}
	}
	if found != 1 {
		t.Fatalf("%s stands %d times in the probe for %s", function, found, goos)
	}
	return refused
}

// The table says of a system that it lacks something exactly where the probe's own code
// for it refuses.
func TestSupportIsTheProbes(t *testing.T) {
	for metric, function := range map[string]string{
		highwater.Footprint: "residentMemory", highwater.FDs: "openFDs", highwater.Children: "childPIDs", highwater.Threads: "threadCount",
	} {
		m, _ := highwater.MetricByName(metric)
		for _, goos := range Systems() {
			s := On(m, goos)
			if lacks := s.Lacking != ""; lacks != refuses(t, function, goos) {
				t.Errorf("%s on %s: the table says %+v, and %s refuses: %v", metric, goos, s, function, !lacks)
			}
		}
	}
	if !refuses(t, "residentMemory", "freebsd") {
		t.Error("the probe knows the memory of a process on FreeBSD: say so in the table")
	}
}

// Every metric is either had or not, everywhere; and what Linux has is all of them.
func TestSupportIsComplete(t *testing.T) {
	for _, m := range highwater.Metrics() {
		for _, goos := range Systems() {
			if s := On(m, goos); (s.How == "") == (s.Lacking == "") {
				t.Errorf("%s on %s: %+v", m.Name, goos, s)
			}
		}
		if On(m, "linux").Lacking != "" {
			t.Errorf("%s is not had on Linux", m.Name)
		}
	}
	if !slices.Contains(Systems(), runtime.GOOS) {
		t.Skipf("%s is none of %v", runtime.GOOS, Systems())
	}
}
