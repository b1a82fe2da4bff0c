package target

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Patterns tell which import paths package patterns ask for, also of packages that
// are gone: the go command no longer lists them, and a baseline may have them.
type Patterns struct {
	everything bool // a pattern could not be read: so that nothing passes for not asked for
	modules    []mainModule
	main       bool // all that lies in the modules is asked for
	dirs       []func(dir string) bool
	paths      []func(importPath string) bool
	listed     []string
}

// mainModule is one that is worked on: that of the working directory, or one of the
// workspace's.
type mainModule struct{ Path, Dir string }

// ReadPatterns reads the patterns as the go command would in o.Root. Listed are the
// import paths that it names for them.
func ReadPatterns(ctx context.Context, patterns, listed []string, o PackageOptions) Patterns {
	p := Patterns{listed: listed}
	wd := o.Root
	var err error
	if wd == "" {
		wd, err = os.Getwd()
	}
	if err == nil {
		p.modules, err = mainModules(ctx, o)
	}
	if err != nil {
		return Patterns{everything: true}
	}
	for _, text := range patterns {
		p.read(text, wd)
	}
	return p
}

func (p *Patterns) read(text, wd string) {
	switch slash := filepath.ToSlash(text); {
	case text == "" || strings.HasSuffix(text, ".go") || strings.Contains(text, "@"):
		p.everything = true // such as files, whose package has a name of its own
	case filepath.IsAbs(text):
		p.dirs = append(p.dirs, wildcard(resolved(text)))
	case slash == "." || slash == ".." || strings.HasPrefix(slash, "./") || strings.HasPrefix(slash, "../"):
		p.dirs = append(p.dirs, wildcard(resolved(filepath.Join(wd, text))))
	case text == "work":
		p.main = true
	case slices.Contains([]string{"all", "std", "cmd", "tool"}, text):
		p.everything = true // what these take in depends on what is gone as well
	default:
		p.paths = append(p.paths, wildcard(text))
	}
}

// Ask reports whether the patterns ask for the package.
func (p Patterns) Ask(importPath string) bool {
	if p.everything || slices.Contains(p.listed, importPath) {
		return true
	}
	for _, match := range p.paths {
		if match(importPath) {
			return true
		}
	}
	// A folder belongs to the innermost module around it.
	var of mainModule
	for _, m := range p.modules {
		if (importPath == m.Path || strings.HasPrefix(importPath, m.Path+"/")) && len(m.Path) > len(of.Path) {
			of = m
		}
	}
	if of.Path == "" {
		return false
	}
	dir := filepath.ToSlash(filepath.Join(of.Dir, filepath.FromSlash(importPath[len(of.Path):])))
	return p.main || slices.ContainsFunc(p.dirs, func(match func(string) bool) bool { return match(dir) })
}

// wildcard is the go command's matching (cmd/internal/pkgpattern): "..." is any text,
// also none and with slashes in it, "x/..." names x as well, and what "..." stands for
// has no vendor in it. Nor has it a folder that the go command leaves out.
func wildcard(pattern string) func(name string) bool {
	pattern = filepath.ToSlash(pattern)
	if !strings.Contains(pattern, "...") {
		return func(name string) bool { return name == pattern }
	}
	text := regexp.QuoteMeta(pattern)
	if before, ok := strings.CutSuffix(text, `/\.\.\.`); ok {
		text = before + `(|/.*)`
	}
	re := regexp.MustCompile("^" + strings.ReplaceAll(text, `\.\.\.`, `.*`) + "$")
	named := strings.Split(pattern, "/")
	return func(name string) bool {
		return re.MatchString(name) && !slices.ContainsFunc(strings.Split(name, "/"), func(element string) bool {
			left := element == "vendor" || element == "testdata" || strings.HasPrefix(element, ".") || strings.HasPrefix(element, "_")
			return left && !slices.Contains(named, element)
		})
	}
}

// mainModules asks the go command for the modules that are worked on.
func mainModules(ctx context.Context, o PackageOptions) ([]mainModule, error) {
	out, _, err := o.run(ctx, slices.Concat([]string{"list", "-m", "-json=Path,Dir"}, o.Flags)...)
	if err != nil {
		return nil, err
	}
	var all []mainModule
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var m mainModule
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if m.Dir == "" { // outside of every module
			return nil, errors.New("there is no module here")
		}
		m.Dir = resolved(m.Dir)
		all = append(all, m)
	}
}

// Modules are the paths of the modules that are worked on in o.Root, none where the go
// command cannot tell.
func Modules(ctx context.Context, o PackageOptions) []string {
	all, err := mainModules(ctx, o)
	if err != nil {
		return nil
	}
	paths := make([]string, len(all))
	for i, m := range all {
		paths[i] = m.Path
	}
	return paths
}

// resolved follows the symbolic links in as much of a path as exists: that of a
// package that is gone, or with wildcards in it, does not exist as a whole.
func resolved(path string) string {
	for there, rest := filepath.Clean(path), ""; ; {
		if real, err := filepath.EvalSymlinks(there); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(there)
		if parent == there {
			return filepath.Clean(path)
		}
		there, rest = parent, filepath.Join(filepath.Base(there), rest)
	}
}
