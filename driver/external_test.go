//go:build unix

package driver

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// script puts an executable of that name into a folder that becomes the path.
func script(t *testing.T, name, text string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

func TestExternal(t *testing.T) {
	for name, c := range map[string]struct{ text, want, wrong string }{
		"prints what it is given": {"grep -o '\"verdict\": \"[a-z]*\"' | head -n 1", "\"verdict\": \"fail\"\n", ""},
		"reads nothing":           {"echo done", "done\n", ""},
		"fails":                   {"echo some; exit 3", "", "highwater-sample, which is "},
		"prints without an end":   {"exec cat /dev/zero", "", "printed more than 64 MiB"},
	} {
		script(t, "highwater-sample", c.text)
		var stderr bytes.Buffer
		r, ok := (&app{Config: Config{Stderr: &stderr}}).findExternal("sample")
		if !ok {
			t.Fatalf("%s: it is not found", name)
		}
		var out strings.Builder
		err := r.Render(&out, &highwater.Report{Verdict: highwater.VerdictFail})
		if out.String() != c.want {
			t.Errorf("%s: printed %.200q, want %q", name, out.String(), c.want)
		}
		if (err != nil) != (c.wrong != "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v, want %q", name, err, c.wrong)
		}
	}
}

// No name leads to another folder, and a name that is no executable is none.
func TestFindExternal(t *testing.T) {
	script(t, "highwater-ok", "")
	a := &app{Config: Config{Stderr: io.Discard}}
	for _, name := range []string{"", "OK", "../ok", "a/b", "-ok", "ok ", "ok;ls", "nothere"} {
		if _, ok := a.findExternal(name); ok {
			t.Errorf("%q is found", name)
		}
	}
}
