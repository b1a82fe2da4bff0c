package driver

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/highwater-dev/highwater"
)

// A module in a folder of a repository: lines are named from the repository's root.
func TestLocate(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		".git/HEAD": "ref: refs/heads/main\n", "sub/go.mod": "module example.com/sub\n\ngo 1.24\n",
		"sub/a/a.go": "package a\n", "sub/cmd/c/main.go": "package main\n", "sub/vendor/x/x.go": "package x\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(root, "sub"))
	p := newPlaces()
	for _, c := range []struct {
		frame highwater.Frame
		want  string
	}{
		{highwater.Frame{Func: "example.com/sub/a.F", File: "/elsewhere/a/a.go", Line: 3}, "sub/a/a.go"},
		{highwater.Frame{Func: "main.main", File: "/build/17/cmd/c/main.go", Line: 3}, "sub/cmd/c/main.go"},
		{highwater.Frame{Func: "main.main", File: filepath.Join(root, "sub", "cmd", "c", "main.go"), Line: 3}, "sub/cmd/c/main.go"},
		{highwater.Frame{Func: "example.com/sub/a.F", File: "/elsewhere/a/gone.go", Line: 3}, ""},
		{highwater.Frame{Func: "x.F", File: filepath.Join(root, "sub", "vendor", "x", "x.go"), Line: 3}, ""},
		{highwater.Frame{Func: "main.main", File: "/etc/passwd", Line: 3}, ""},
		{highwater.Frame{Func: "example.com/sub/a.F", File: "/elsewhere/a/a.go"}, ""},
		{highwater.Frame{Func: "runtime.main", File: "/usr/local/go/src/runtime/proc.go", Line: 3}, ""},
	} {
		got, ok := p.locate(c.frame)
		if got != c.want && ok || ok != (c.want != "") {
			t.Errorf("%v: %q, %v; want %q", c.frame, got, ok, c.want)
		}
	}
}

func TestLinks(t *testing.T) {
	env := func(kv map[string]string) func(string) string { return func(k string) string { return kv[k] } }
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"GitHub":          {map[string]string{"GITHUB_SERVER_URL": "https://github.example/", "GITHUB_REPOSITORY": "o/r"}, "https://github.example/o/r/blob/abc/a%20b/c.go#L7"},
		"GitLab":          {map[string]string{"CI_PROJECT_URL": "https://gitlab.example/g/r"}, "https://gitlab.example/g/r/-/blob/abc/a%20b/c.go#L7"},
		"no pipeline":     {nil, ""},
		"no address":      {map[string]string{"CI_PROJECT_URL": "javascript:alert(1)"}, ""},
		"a server alone":  {map[string]string{"GITHUB_SERVER_URL": "https://github.example"}, ""},
		"not even a host": {map[string]string{"CI_PROJECT_URL": "https:///g"}, ""},
	} {
		l := links(env(c.env))
		if l == nil {
			if c.want != "" {
				t.Errorf("%s: no links", name)
			}
			continue
		}
		if got := l("abc", "a b/c.go", 7); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if got := l("", "c.go", 7); got != "" {
			t.Errorf("%s: %s of no revision", name, got)
		}
	}
}
