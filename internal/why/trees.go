package why

import (
	"path/filepath"
	"slices"
	"strings"
)

// trees finds the source of a stack frame on both sides.
type trees struct {
	base, head []string // the module's root, as given and without symbolic links
	baseDir    string
	options    Options
	pairs      map[string]*pair // by the folder of the package after
	modules    *modules         // of dependencies; nil before they were asked for
}

func newTrees(o Options) *trees {
	return &trees{
		base: roots(o.Base.Dir), head: roots(o.Head.Dir), baseDir: o.Base.Dir,
		options: o, pairs: map[string]*pair{},
	}
}

func roots(dir string) []string {
	var all []string
	if abs, err := filepath.Abs(dir); err == nil {
		all = append(all, abs)
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		if real, err = filepath.Abs(real); err == nil && !slices.Contains(all, real) {
			all = append(all, real)
		}
	}
	return all
}

// place is where a file of the head is, and its package on both sides.
type place struct {
	label  string // for the reader: relative to the module
	folder string // of label, with a slash behind it where there is one
	file   string // its base name
	dirs   [2]string
	// module is the dependency that the file is of, such as
	// golang.org/x/text v0.3.0; "" for the tree itself.
	module string
}

// below is path relative to one of the roots.
func below(path string, roots []string) (string, bool) {
	for _, r := range roots {
		if rel, err := filepath.Rel(r, path); err == nil && filepath.IsLocal(rel) {
			return rel, true
		}
	}
	return "", false
}

func (t *trees) in(rel, root string, path string) place {
	folder := filepath.ToSlash(filepath.Dir(rel)) + "/"
	if folder == "./" {
		folder = ""
	}
	return place{
		label: folder + filepath.Base(path), folder: folder, file: filepath.Base(path),
		dirs: [2]string{filepath.Join(root, filepath.Dir(rel)), filepath.Dir(path)},
	}
}

// pair reads a package of both sides, once.
func (t *trees) pair(p place) *pair {
	if known := t.pairs[p.dirs[1]]; known != nil {
		return known
	}
	found := newPair(declarations(p.dirs[0]), declarations(p.dirs[1]))
	t.pairs[p.dirs[1]] = found
	return found
}

// isSource tells files that a parser can read from those that it cannot.
func isSource(file string) bool { return strings.HasSuffix(file, ".go") }
