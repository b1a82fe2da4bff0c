package target_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
	"github.com/rogpeppe/go-internal/txtar"
)

// Each archive is a module, after lines that say what is to be found in it.
func TestPackages(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("testdata", "bench", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			said := directives(string(a.Comment))
			tree := extract(t, a)
			before := tellTree(t, tree)
			t.Chdir(tree)
			patterns := []string{"./..."}
			if p := said["packages"]; p != nil {
				patterns = strings.Fields(p[0])
			}
			var timeout time.Duration
			if d := said["timeout"]; d != nil {
				if timeout, err = time.ParseDuration(d[0]); err != nil {
					t.Fatal(err)
				}
			}
			found, err := target.Packages(deadline(t), patterns, target.PackageOptions{
				Timeout: timeout,
				Dir:     t.TempDir(), Tags: strings.Join(said["tags"], ","), Bench: strings.Join(said["bench"], "|"), Ops: 7,
				Tests: strings.Join(said["tests"], "|"), Examples: strings.Join(said["examples"], "|"),
			})
			if err != nil {
				t.Fatal(err)
			}
			compareFound(t, found, said)
			if after := tellTree(t, tree); after != before {
				t.Errorf("the tree has changed:\n%s\nit was:\n%s", after, before)
			}
		})
	}
}

// With Root and Flags a tree is measured that is not below the working directory,
// with another go.mod than its own.
func TestPackagesElsewhere(t *testing.T) {
	tree := extract(t, txtar.Parse([]byte(`
-- go.mod --
module example.com/m

go 1.24

require example.com/dep v1.0.0
-- a/a_test.go --
package a

import (
	"testing"

	"example.com/dep"
)

func BenchmarkA(b *testing.B) {
	for b.Loop() {
		dep.Do()
	}
}
-- dep/go.mod --
module example.com/dep
-- dep/dep.go --
package dep

func Do() {}
`)))
	modfile := filepath.Join(t.TempDir(), "other.mod")
	text := "module example.com/m\n\ngo 1.24\n\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ./dep\n"
	if err := os.WriteFile(modfile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := target.Packages(deadline(t), []string{"./a"}, target.PackageOptions{
		Dir: t.TempDir(), Root: tree, Flags: []string{"-modfile=" + modfile}, Ops: 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	compareFound(t, found, map[string][]string{"want": {"example.com/m/a/BenchmarkA"}})
	if d := found.Targets[0].Dir; d != filepath.Join(tree, "a") {
		t.Errorf("the target's folder is %s", d)
	}
}

func compareFound(t *testing.T, found target.Found, said map[string][]string) {
	t.Helper()
	var ids []string
	for _, target := range found.Targets {
		ids = append(ids, target.Info.ID())
		ops := 7
		if target.Test {
			ops = 1
		}
		if target.Info.Ops != ops || !target.Info.NoBudget || !target.Bench {
			t.Errorf("%s: %+v", target.Info.ID(), target.Info)
		}
	}
	slices.Sort(ids)
	want := slices.Clone(said["want"])
	slices.Sort(want)
	if !slices.Equal(ids, want) {
		t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(ids, "\n\t"), strings.Join(want, "\n\t"))
	}
	if !slices.Equal(found.Skipped, said["skip"]) {
		t.Errorf("skipped %q, want %q", found.Skipped, said["skip"])
	}
	left := slices.Clone(found.Failed)
	for _, f := range said["fail"] {
		what, words, _ := strings.Cut(f, ": ")
		i := slices.IndexFunc(left, func(e target.PackageError) bool {
			return e.Package+" "+e.Step == what && strings.Contains(e.Output, words)
		})
		if i < 0 {
			t.Errorf("no failure %q", f)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, f := range left {
		t.Errorf("unexpected failure: %v", f)
	}
}

// directives reads "key: value" lines.
func directives(text string) map[string][]string {
	said := map[string][]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			said[key] = append(said[key], value)
		}
	}
	return said
}

// extract writes the archive's files to a folder without symbolic links, that
// nothing may be written to.
func extract(t *testing.T, a *txtar.Archive) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	folders := []string{dir}
	for _, f := range a.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, filepath.Dir(name))
		if err := os.WriteFile(name, f.Data, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range folders {
		if err := os.Chmod(f, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(f, 0o755) })
	}
	return dir
}

// tellTree lists all files with what is in them.
func tellTree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			b.WriteString(path + "\n")
			return err
		}
		text, err := os.ReadFile(path)
		b.WriteString(path + "\n" + string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// deadline ends well before the test binary's own.
func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
