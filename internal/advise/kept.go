package advise

import (
	"go/ast"
	"go/token"
)

// kept is a part of a buffer that the program stores.
type kept struct {
	line   int
	text   string
	length int64 // in elements, which are bytes; -1 where the source does not tell
}

// keptPart finds where a part of the variable that the line allocates is stored: appended,
// assigned to an element or a field or a variable of the package, put into a literal,
// returned or sent. It finds none where the whole of it is stored as well.
func keptPart(c Code, line int) (found kept, ok bool) {
	p := parse(c)
	known := p.constants()
	names := map[string]bool{}
	local := map[string]bool{}
	p.around(line, func(n ast.Node) {
		if a, is := n.(*ast.AssignStmt); is {
			for _, l := range a.Lhs {
				if name, is := l.(*ast.Ident); is {
					if a.Tok == token.DEFINE {
						local[name.Name] = true
					}
					if p.line(a) == line && name.Name != "_" && name.Name != "err" {
						names[name.Name] = true
					}
				}
			}
		}
		if v, is := n.(*ast.ValueSpec); is {
			for _, name := range v.Names {
				local[name.Name] = true
				if p.line(v) == line {
					names[name.Name] = true
				}
			}
		}
	})
	if len(names) == 0 {
		return kept{}, false
	}
	whole := false
	store := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.Ident:
			whole = whole || names[e.Name]
		case *ast.SliceExpr:
			of, is := e.X.(*ast.Ident)
			if !is || !names[of.Name] {
				return
			}
			found, ok = kept{p.line(e), p.text(e), length(e, known)}, true
		}
	}
	p.around(line, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if f, is := n.Fun.(*ast.Ident); is && f.Name == "append" && len(n.Args) > 1 && !n.Ellipsis.IsValid() {
				for _, a := range n.Args[1:] {
					store(a)
				}
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if i >= len(n.Rhs) || n.Tok != token.ASSIGN {
					break
				}
				if name, is := l.(*ast.Ident); is && local[name.Name] {
					continue
				}
				store(n.Rhs[i])
			}
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, is := e.(*ast.KeyValueExpr); is {
					e = kv.Value
				}
				store(e)
			}
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				store(r)
			}
		case *ast.SendStmt:
			store(n.Value)
		}
	})
	return found, ok && !whole
}

// length is that of the slice expression, by the distance of its bounds where both are
// constants.
func length(e *ast.SliceExpr, known map[string]ast.Expr) int64 {
	low, high := int64(0), int64(0)
	var ok bool
	if e.Low != nil {
		if low, ok = number(e.Low, known, 0); !ok {
			return -1
		}
	}
	if e.High == nil {
		return -1
	}
	if high, ok = number(e.High, known, 0); !ok || high < low {
		return -1
	}
	return high - low
}
