package target

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scenarioTests names the test functions of a package that may run a memtest
// scenario: those that mention the memtest package, or a function of the test
// files that does, however indirectly. The other tests are not executed when
// scenarios are listed.
func scenarioTests(p listed) ([]string, error) {
	var names []string
	for _, set := range []struct {
		files   []string
		imports []string
	}{{p.TestGoFiles, p.TestImports}, {p.XTestGoFiles, p.XTestImports}} {
		if !slices.Contains(set.imports, memtestPath) {
			continue
		}
		found, err := mentions(p.Dir, set.files)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// mentions returns the tests in files that reach memtest.
func mentions(dir string, files []string) ([]string, error) {
	uses := map[string]map[string]bool{} // function: the names that it mentions
	reaches := map[string]bool{}
	var tests []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		local := localName(f, memtestPath)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			id := fn.Name.Name
			if fn.Recv == nil && isTest(id) {
				tests = append(tests, id)
			}
			if uses[id] == nil {
				uses[id] = map[string]bool{}
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if i, ok := n.(*ast.Ident); ok {
					uses[id][i.Name] = true
					if local != "" && i.Name == local {
						reaches[id] = true
					}
				}
				return true
			})
		}
	}
	// Names are matched without regard to scope or receiver: one test too many
	// costs its execution, one too few a scenario.
	for changed := true; changed; {
		changed = false
		for id, names := range uses {
			for n := range names {
				if !reaches[id] && reaches[n] {
					reaches[id], changed = true, true
				}
			}
		}
	}
	return slices.DeleteFunc(tests, func(t string) bool { return !reaches[t] }), nil
}

// isTest reports whether go test takes the function for a test.
func isTest(name string) bool {
	rest, ok := strings.CutPrefix(name, "Test")
	if !ok || name == "TestMain" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLower(r)
}
