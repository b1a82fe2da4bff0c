package target

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// workspace is a go.work of example.com/one in one, and a module in two whose path
// says nothing of its folder, and one within that.
func workspace(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.work":           "go 1.24\n\nuse (\n\t./one\n\t./two\n\t./two/inner\n)\n",
		"one/go.mod":        "module example.com/one\n\ngo 1.24\n",
		"two/go.mod":        "module other.org/second\n\ngo 1.24\n",
		"two/inner/go.mod":  "module other.org/second/in\n\ngo 1.24\n",
		"two/there/a.go":    "package there\n",
		"one/testdata/a.go": "package testdata\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOWORK", "")
	t.Setenv("GOFLAGS", "")
	return root
}

func TestPatterns(t *testing.T) {
	root := workspace(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dir, pattern, path string
		want               bool
	}{
		// One mapping for each module of the workspace.
		{"", "./one/...", "example.com/one/gone", true},
		{"", "./two/...", "other.org/second/gone", true},
		{"", "./two/...", "other.org/second", true},
		{"", "./one/...", "other.org/second/gone", false},
		{"", "./two/there", "other.org/second/there", true},
		{"", "./two/there", "other.org/second/gone", false},
		{"", "./two/inner/...", "other.org/second/in/gone", true},
		{"", "./two/inner", "other.org/second/inner", true}, // the folder's name, were it in the outer module
		{"two", ".", "other.org/second", true},
		{"two", ".", "other.org/second/gone", false},
		{"two", "../one/...", "example.com/one", true},
		{"two", "../one/...", "example.com/onemore", false},
		{"", filepath.Join(root, "two", "..."), "other.org/second/gone", true},
		{"", filepath.Join(link, "two", "..."), "other.org/second/gone", true},

		// "..." is any text.
		{"", "./two/g...", "other.org/second/gone", true},
		{"", "./two/g...", "other.org/second/gone/deep", true},
		{"", "./two/g...", "other.org/second/there", false},
		{"", "./tw...", "other.org/second/gone", true},
		{"", "./.../gone", "other.org/second/deep/gone", true},
		{"", "./.../gone", "other.org/second/deep", false},
		{"", "./...", "example.com/one", true},
		{"", "example.com/o...", "example.com/one/gone", true},
		{"", "example.com/.../gone", "example.com/one/gone", true},
		{"", "example.com/one/...", "example.com/one", true},
		{"", "example.com/one/...", "example.com/onemore", false},
		{"", "example.com/one", "example.com/one", true},
		{"", "...", "other.org/second/gone", true},
		{"", "./one/...", "example.com/one/testdata", false},
		{"", "./one/testdata/...", "example.com/one/testdata/gone", true},
		{"", "./one/...", "example.com/one/_off/gone", false},
		{"", "./one/...", "example.com/one/vendor/gone", false},

		// The go command's own names; and what cannot be read selects everything.
		{"", "all", "example.com/one/gone", true},
		{"", "all", "golang.org/x/gone", true},
		{"", "work", "other.org/second/gone", true},
		{"", "work", "golang.org/x/gone", false},
		{"", "std", "slices", true},
		{"", "./one/a.go", "example.com/one/gone", true},
		{"", "example.com/one@v1.0.0", "example.com/one/gone", true},
	} {
		p := ReadPatterns(t.Context(), []string{c.pattern}, nil, PackageOptions{Root: filepath.Join(root, c.dir)})
		if got := p.Ask(c.path); got != c.want {
			t.Errorf("%s in %q: %s is %v, want %v", c.pattern, c.dir, c.path, got, c.want)
		}
	}

	if got := Modules(t.Context(), PackageOptions{Root: root}); !slices.Equal(got, []string{"example.com/one", "other.org/second", "other.org/second/in"}) {
		t.Errorf("the modules of the workspace are %q", got)
	}

	// What the go command lists was asked for, whatever the text says.
	p := ReadPatterns(t.Context(), []string{"./two/..."}, []string{"odd/name"}, PackageOptions{Root: root})
	if !p.Ask("odd/name") || p.Ask("odd/other") {
		t.Error("what was listed was not asked for, or what was not listed was")
	}
	// Where the modules cannot be had, nothing passes for not asked for.
	if p := ReadPatterns(t.Context(), []string{"./x"}, nil, PackageOptions{Root: t.TempDir()}); !p.Ask("any/thing") {
		t.Error("without a module something is not asked for")
	}
}
