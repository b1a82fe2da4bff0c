package highwater_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/highwater-dev/highwater"

// mayImport lists the internal packages that each internal package, and memtest,
// may import; all may import the root. See "Imports run one way" in
// CONTRIBUTING.md.
var mayImport = map[string][]string{
	"internal/probe":   {},
	"internal/target":  {"internal/probe"},
	"internal/measure": {"internal/heap", "internal/probe", "internal/stat", "internal/target"},
	"internal/heap":    {},
	"internal/stat":    {},
	"internal/gate":    {"internal/heap", "internal/stat"},
	"internal/store":   {},
	"internal/report":  {},
	"internal/config":  {"internal/suggest"},
	"internal/suggest": {},
	"memtest":          {"internal/gate", "internal/measure", "internal/probe", "internal/store", "internal/target"},
}

// forbidden are modules that a package must not need, however indirectly.
var forbidden = []struct{ pkg, module, why string }{
	{".", "*", "the nouns are for everybody, and need the standard library only"},
	{"internal/probe", "*", "its source is to be added to programs that know nothing of highwater"},
	{"internal/stat", "*", "it is arithmetic"},
	{"memtest", "github.com/spf13/cobra", "it is in every user's test binary"},
	{"memtest", "go.yaml.in/yaml/v4", "it is in every user's test binary"},
	{"memtest", module + "/driver", "it is in every user's test binary"},
	{"memtest", module + "/internal/report", "it is in every user's test binary"},
	{"suites/terminal", "github.com/vito/midterm", "users bring their own terminal, and need none of ours"},
}

type listed struct {
	ImportPath    string
	Imports, Deps []string
	Standard      bool
}

func list(t *testing.T) map[string]listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

func TestImports(t *testing.T) {
	all := list(t)
	for name, may := range mayImport {
		p, ok := all[module+"/"+name]
		if !ok {
			t.Errorf("there is no package %s", name)
		}
		for _, i := range p.Imports {
			if rest, ours := strings.CutPrefix(i, module+"/"); ours && !slices.Contains(may, rest) {
				t.Errorf("%s imports %s", name, rest)
			}
		}
	}
	for _, f := range forbidden {
		p, ok := all[strings.TrimSuffix(module+"/"+f.pkg, "/.")]
		if !ok {
			t.Errorf("there is no package %s", f.pkg)
		}
		for _, d := range p.Deps {
			wanted := d == f.module || strings.HasPrefix(d, f.module+"/")
			if f.module == "*" {
				wanted = !all[d].Standard
			}
			if wanted {
				t.Errorf("%s needs %s: %s", f.pkg, d, f.why)
			}
		}
	}
}
