package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// entry is one program of the corpus, and what the runtime's test expects of it.
type entry struct {
	Name  string
	Goker bool // it is in the folder goker
	// Flaky leaks may not come about in a run: the test takes them, and does not
	// demand them.
	Flaky bool
	Leaks []*regexp.Regexp
}

// repetitions is how often the runtime's test runs an entry.
func (e entry) repetitions() int {
	if e.Flaky {
		return 11
	}
	return 3
}

// expectations reads the entries out of the source of the runtime's test: calls of
// makeTest and makeFlakyTest, in a list for each folder.
func expectations(source []byte) ([]entry, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "goroutineleakprofile_test.go", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var all []entry
	ast.Inspect(file, func(n ast.Node) bool {
		list, ok := n.(*ast.AssignStmt)
		if !ok || len(list.Lhs) != 1 || len(list.Rhs) != 1 {
			return true
		}
		name, _ := list.Lhs[0].(*ast.Ident)
		cases, _ := list.Rhs[0].(*ast.CompositeLit)
		if name == nil || cases == nil {
			return true
		}
		for _, c := range cases.Elts {
			call, ok := c.(*ast.CallExpr)
			if !ok {
				continue
			}
			e, known, bad := expected(call)
			if bad != nil {
				err = bad
			}
			if known {
				e.Goker = strings.HasPrefix(name.Name, "goker")
				all = append(all, e)
			}
		}
		return true
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("found no entries: the test of this Go release is written in another way")
	}
	return all, err
}

// expected reads one call. It is not known where it is of another function.
func expected(call *ast.CallExpr) (e entry, known bool, err error) {
	function, _ := call.Fun.(*ast.Ident)
	if function == nil || function.Name != "makeTest" && function.Name != "makeFlakyTest" {
		return e, false, nil
	}
	e.Flaky = function.Name == "makeFlakyTest"
	for i, arg := range call.Args {
		literal, ok := arg.(*ast.BasicLit)
		if !ok {
			return e, true, fmt.Errorf("%s of something that is no string", function.Name)
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return e, true, err
		}
		if i == 0 {
			e.Name = text
			continue
		}
		leak, err := regexp.Compile(text)
		if err != nil {
			return e, true, fmt.Errorf("%s: %w", e.Name, err)
		}
		e.Leaks = append(e.Leaks, leak)
	}
	return e, true, nil
}
