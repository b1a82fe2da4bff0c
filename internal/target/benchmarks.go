package target

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/highwater-dev/highwater/internal/overlay"
)

// benchmarks are the benchmark functions of a package.
type benchmarks struct{ internal, external []string }

func (b benchmarks) none() bool { return len(b.internal)+len(b.external) == 0 }

// wrapped is how the overlay is told of them.
func (b benchmarks) wrapped(p listed) overlay.Package {
	return overlay.Package{
		Name: p.Name, Dir: p.Dir, Module: p.Module.Path, Root: p.Module.Dir,
		Internal: b.internal, External: b.external,
	}
}

// benchmarksOf reads from the source which benchmarks a package has.
func benchmarksOf(p listed) (b benchmarks, err error) {
	if b.internal, err = benchmarkFuncs(p.Dir, p.TestGoFiles); err == nil {
		b.external, err = benchmarkFuncs(p.Dir, p.XTestGoFiles)
	}
	return b, err
}

func benchmarkFuncs(dir string, files []string) ([]string, error) {
	var names []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		testing := localName(f, "testing")
		if testing == "" {
			continue
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && isBenchmark(fn, testing) {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names, nil
}

// localName is the name under which the file knows the package at path, "." for
// one whose names are the file's own, and "" for none.
func localName(f *ast.File, path string) string {
	for _, i := range f.Imports {
		if strings.Trim(i.Path.Value, "`\"") == path {
			if i.Name != nil {
				return i.Name.Name
			}
			return path[strings.LastIndexByte(path, '/')+1:]
		}
	}
	return ""
}

// isBenchmark reports whether go test takes the function for a benchmark, in a
// file that knows package testing by that name.
func isBenchmark(fn *ast.FuncDecl, testing string) bool {
	rest, ok := strings.CutPrefix(fn.Name.Name, "Benchmark")
	if r, _ := utf8.DecodeRuneInString(rest); !ok || rest != "" && unicode.IsLower(r) {
		return false
	}
	t := fn.Type
	if fn.Recv != nil || t.TypeParams != nil || t.Results != nil || t.Params.NumFields() != 1 {
		return false
	}
	pointer, ok := t.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch b := pointer.X.(type) {
	case *ast.Ident:
		return testing == "." && b.Name == "B"
	case *ast.SelectorExpr:
		of, ok := b.X.(*ast.Ident)
		return ok && of.Name == testing && b.Sel.Name == "B"
	}
	return false
}

// alternative is one way for a benchmark to match a --bench pattern: an expression
// for each element of its name.
type alternative []string

// CheckBench reports a pattern of benchmarks that is no regular expression.
func CheckBench(pattern string) error {
	_, err := splitPattern(pattern)
	return err
}

// MatchBench reports whether a pattern of benchmarks selects the one of that name,
// or some below it.
func MatchBench(pattern, name string) bool {
	all, err := splitPattern(pattern)
	return err == nil && slices.ContainsFunc(all, func(a alternative) bool {
		for i, element := range strings.Split(name, "/") {
			if i == len(a) {
				break
			}
			if ok, err := regexp.MatchString(a[i], element); !ok || err != nil {
				return false
			}
		}
		return true
	})
}

// splitPattern takes a pattern apart as package testing does: at slashes and bars
// that are not within brackets.
func splitPattern(pattern string) ([]alternative, error) {
	var all []alternative
	var one alternative
	start, square, round := 0, 0, 0
	end := func(at int) { one, start = append(one, pattern[start:at]), at+1 }
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			square++
		case ']':
			square = max(square-1, 0)
		case '(':
			if square == 0 {
				round++
			}
		case ')':
			if square == 0 {
				round--
			}
		case '/':
			if square == 0 && round == 0 {
				end(i)
			}
		case '|':
			if square == 0 && round == 0 {
				end(i)
				all, one = append(all, one), nil
			}
		}
	}
	end(len(pattern))
	all = append(all, one)
	for _, a := range all {
		for _, element := range a {
			if _, err := regexp.Compile(element); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// selected are the names whose first element some alternative matches.
func selected(names []string, pattern []alternative) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !slices.ContainsFunc(pattern, func(a alternative) bool { return a.top(name) })
	})
}

func (a alternative) top(name string) bool {
	ok, err := regexp.MatchString(a[0], name)
	return ok && err == nil
}
