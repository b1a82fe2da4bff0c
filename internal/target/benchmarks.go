package target

import (
	"go/ast"
	"go/doc"
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

// functions are the benchmarks, tests and examples of a package that are to be
// measured.
type functions struct{ internal, external overlay.Functions }

func (f functions) none() bool { return f.internal.None() && f.external.None() }

// wrapped is how the overlay is told of them.
func (f functions) wrapped(p listed) overlay.Package {
	return overlay.Package{
		Name: p.Name, Dir: p.Dir, Module: p.Module.Path, Root: p.Module.Dir,
		Internal: f.internal, External: f.external,
	}
}

// functionsOf reads from the source what a package has.
func functionsOf(p listed) (f functions, err error) {
	if f.internal, err = testFuncs(p.Dir, p.TestGoFiles); err == nil {
		f.external, err = testFuncs(p.Dir, p.XTestGoFiles)
	}
	return f, err
}

func testFuncs(dir string, files []string) (found overlay.Functions, err error) {
	var all []*ast.File
	set := token.NewFileSet()
	for _, name := range files {
		f, err := parser.ParseFile(set, filepath.Join(dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return found, err
		}
		all = append(all, f)
		testing := localName(f, "testing")
		if testing == "" {
			continue
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			switch {
			case !ok:
			case isFor(fn, testing, "Benchmark", "B"):
				found.Benchmarks = append(found.Benchmarks, fn.Name.Name)
			case isFor(fn, testing, "Test", "T"):
				found.Tests = append(found.Tests, fn.Name.Name)
			}
		}
	}
	for _, e := range doc.Examples(all...) {
		if e.Output != "" || e.EmptyOutput { // one without is compiled and not run
			found.Examples = append(found.Examples, overlay.Example{Name: "Example" + e.Name, Output: e.Output, Unordered: e.Unordered})
		}
	}
	return found, nil
}

// sift leaves what the patterns select, and not the tests that are scenarios of
// their own.
func (b *builder) sift(f overlay.Functions, scenarios []string) overlay.Functions {
	f.Benchmarks = selected(f.Benchmarks, b.pattern)
	f.Tests = slices.DeleteFunc(selected(f.Tests, b.tests), func(name string) bool { return slices.Contains(scenarios, name) })
	f.Examples = slices.DeleteFunc(f.Examples, func(e overlay.Example) bool { return len(selected([]string{e.Name}, b.examples)) == 0 })
	return f
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

// isFor reports whether go test takes the function for one that it calls with a
// *testing.B or *testing.T, in a file that knows package testing by that name.
func isFor(fn *ast.FuncDecl, testing, prefix, parameter string) bool {
	rest, ok := strings.CutPrefix(fn.Name.Name, prefix)
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
		return testing == "." && b.Name == parameter
	case *ast.SelectorExpr:
		of, ok := b.X.(*ast.Ident)
		return ok && of.Name == testing && b.Sel.Name == parameter
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
