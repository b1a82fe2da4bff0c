package guest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/suites/plugin/guest"
)

// required reads the module paths and versions that a go.mod asks for.
func required(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) >= 2 && strings.HasPrefix(fields[1], "v") {
			versions[fields[0]] = fields[1]
		}
	}
	return versions
}

// Host and plugin speak with the same library, and whoever can build one can build
// the other.
func TestPinsAreThoseOfTheModule(t *testing.T) {
	ours := required(t, "../../../go.mod")
	theirs := required(t, "process/go.mod.txt")
	if len(theirs) == 0 {
		t.Fatal("process/go.mod.txt requires nothing")
	}
	for path, version := range theirs {
		if ours[path] != version {
			t.Errorf("the plugin is built with %s %s, highwater with %q: copy the files of the module (see guest.Process) to a folder, change its go.mod, run go mod tidy there and bring go.mod.txt and go.sum.txt back", path, version, ours[path])
		}
	}
}

// A script is all of one version and nothing of the other.
func TestScripts(t *testing.T) {
	for _, c := range []struct{ source, has, hasNot string }{
		{guest.JavaScript(1), "const version = 1;", "reverse"},
		{guest.JavaScript(2), "const version = 2;", "toUpperCase"},
		{guest.Starlark(1), "VERSION = 1\n", "[::-1]"},
		{guest.Starlark(2), "VERSION = 2\n", "upper()"},
	} {
		if !strings.Contains(c.source, c.has) || strings.Contains(c.source, c.hasNot) || !strings.Contains(c.source, "spin(") {
			t.Errorf("want %q and not %q in\n%s", c.has, c.hasNot, c.source)
		}
	}
}
