package overlay_test

import (
	"encoding/json"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/internal/overlay"
)

// Every file of the overlay parses, and those of the probe are for Go releases
// that can compile them, whatever the module's go directive says.
func TestWrite(t *testing.T) {
	file, err := overlay.Write(t.TempDir(), []overlay.Package{{
		Name: "sub", Dir: "/module/sub", Module: "example.com/m", Root: "/module",
		Internal: overlay.Functions{Benchmarks: []string{"BenchmarkA", "BenchmarkB"}, Tests: []string{"TestA"}},
		External: overlay.Functions{Benchmarks: []string{"BenchmarkC"}, Examples: []overlay.Example{{Name: "ExampleA", Output: "a `quoted`\n\"line\"\n"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	var probes, wrappers int
	for name, real := range o.Replace {
		source, err := os.ReadFile(real)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		switch filepath.ToSlash(filepath.Dir(name)) {
		case "/module/internal/highwaterprobe":
			probes++
			checkConstraint(t, name, string(source))
			if f.Name.Name != "probe" || strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s: of package %s", name, f.Name.Name)
			}
		case "/module/sub":
			wrappers++
			if !strings.HasSuffix(name, "_test.go") || !strings.Contains(string(source), `"example.com/m/internal/highwaterprobe"`) {
				t.Errorf("%s:\n%s", name, source)
			}
		default:
			t.Errorf("unexpected file %s", name)
		}
	}
	if probes < 10 || wrappers != 2 {
		t.Errorf("%d files of the probe and %d wrappers", probes, wrappers)
	}
}

func checkConstraint(t *testing.T, name, source string) {
	t.Helper()
	first, _, _ := strings.Cut(source, "\n")
	x, err := constraint.Parse(first)
	if err != nil {
		t.Errorf("%s begins with %q: %v", name, first, err)
		return
	}
	if v := constraint.GoVersion(x); v != overlay.Oldest {
		t.Errorf("%s is for %s, want %s", name, v, overlay.Oldest)
	}
	if strings.Count(source, "//go:build") != 1 {
		t.Errorf("%s has more than one constraint", name)
	}
}

func TestPattern(t *testing.T) {
	for _, name := range []string{"BenchmarkF", "BenchmarkF/sub", "BenchmarkF/a+b/(c)"} {
		for _, external := range []bool{false, true} {
			elements := strings.Split(overlay.Pattern(external, name), "/")
			want := strings.Split(name, "/")
			if len(elements) != 1+len(want) {
				t.Errorf("%q: %q", name, elements)
				continue
			}
			for i, w := range want {
				if !regexp.MustCompile(elements[i+1]).MatchString(w) || regexp.MustCompile(elements[i+1]).MatchString(w+"x") {
					t.Errorf("%q does not select exactly %q", elements[i+1], w)
				}
			}
			wrapper := strings.Trim(elements[0], "^$")
			if got, ext := overlay.Unwrap(wrapper + "/" + name); got != name || ext != external {
				t.Errorf("Unwrap(%q) = %q, %t", wrapper+"/"+name, got, ext)
			}
		}
	}
}
