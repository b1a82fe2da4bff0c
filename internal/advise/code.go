package advise

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/printer"
	"go/token"
	"strings"
)

// parsed is the source around a line as a tree. The text may be a function or a whole
// file; what cannot be parsed yields what can.
type parsed struct {
	set    *token.FileSet
	file   *ast.File
	offset int // to add to a line of the tree
}

func parse(c Code) parsed {
	text, offset := c.Text, c.First-1
	if !strings.Contains(text, "\npackage ") && !strings.HasPrefix(text, "package ") {
		text, offset = "package p\n"+text, offset-1
	}
	p := parsed{set: token.NewFileSet(), offset: offset}
	p.file, _ = parser.ParseFile(p.set, "", text, parser.SkipObjectResolution)
	return p
}

func (p parsed) line(n ast.Node) int { return p.set.PositionFor(n.Pos(), false).Line + p.offset }

// around calls do with every node of the function declaration that the line is in.
func (p parsed) around(line int, do func(ast.Node)) {
	if p.file == nil {
		return
	}
	for _, d := range p.file.Decls {
		end := p.set.PositionFor(d.End(), false).Line + p.offset
		if _, ok := d.(*ast.FuncDecl); !ok || line < p.line(d) || line > end {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if n != nil {
				do(n)
			}
			return true
		})
	}
}

func (p parsed) text(n ast.Node) string {
	var b strings.Builder
	if printer.Fprint(&b, p.set, n) != nil {
		return ""
	}
	return b.String()
}

// constants are those of the text whose value can be told without types.
func (p parsed) constants() map[string]ast.Expr {
	known := map[string]ast.Expr{}
	if p.file == nil {
		return known
	}
	ast.Inspect(p.file, func(n ast.Node) bool {
		if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
					for i, name := range v.Names {
						known[name.Name] = v.Values[i]
					}
				}
			}
		}
		return true
	})
	return known
}

// number is the value of a constant expression of whole numbers.
func number(e ast.Expr, known map[string]ast.Expr, depth int) (int64, bool) {
	v := value(e, known, depth)
	if v == nil || v.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(v)
}

// value is nil for what is no constant. Depth bounds constants that name each other.
func value(e ast.Expr, known map[string]ast.Expr, depth int) constant.Value {
	const deepest = 20
	if depth > deepest {
		return nil
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.INT {
			return constant.MakeFromLiteral(e.Value, e.Kind, 0)
		}
	case *ast.ParenExpr:
		return value(e.X, known, depth+1)
	case *ast.Ident:
		if x, ok := known[e.Name]; ok {
			return value(x, known, depth+1)
		}
	case *ast.BinaryExpr:
		x, y := value(e.X, known, depth+1), value(e.Y, known, depth+1)
		if x == nil || y == nil || x.Kind() != constant.Int || y.Kind() != constant.Int {
			return nil
		}
		switch e.Op {
		case token.ADD, token.SUB, token.MUL:
			return constant.BinaryOp(x, e.Op, y)
		case token.QUO:
			if constant.Sign(y) != 0 {
				return constant.BinaryOp(x, token.QUO_ASSIGN, y)
			}
		case token.SHL:
			const widest = 62
			if n, ok := constant.Uint64Val(y); ok && n <= widest {
				return constant.Shift(x, token.SHL, uint(n))
			}
		}
	}
	return nil
}

// clones reports whether the line appends a whole slice to an empty one.
func clones(c Code, line int) (found bool) {
	p := parse(c)
	p.around(line, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || p.line(call) != line || !call.Ellipsis.IsValid() || len(call.Args) != 2 {
			return
		}
		if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "append" {
			return
		}
		switch first := call.Args[0].(type) {
		case *ast.CallExpr: // []byte(nil)
			found = found || len(first.Args) == 1 && p.text(first.Args[0]) == "nil"
		case *ast.CompositeLit: // []byte{}
			found = found || len(first.Elts) == 0
		}
	})
	return found
}

// array is a local variable.
type array struct {
	line  int
	bytes int64
}

// elementSizes are those of types whose size is the same everywhere, or on the 64-bit
// platforms that highwater measures on.
var elementSizes = map[string]int64{
	"byte": 1, "uint8": 1, "int8": 1, "bool": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "rune": 4, "float32": 4,
	"int": 8, "uint": 8, "int64": 8, "uint64": 8, "uintptr": 8, "float64": 8, "complex64": 8, "string": 16, "any": 16, "error": 16, "complex128": 16,
}

// largestArray is the largest local array of the function that the line is in.
func largestArray(c Code, line int) (largest array) {
	p := parse(c)
	known := p.constants()
	p.around(line, func(n ast.Node) {
		var t ast.Expr
		switch n := n.(type) {
		case *ast.ValueSpec:
			t = n.Type
		case *ast.CompositeLit:
			t = n.Type
		}
		size, ok := int64(1), false
		for {
			a, is := t.(*ast.ArrayType)
			if !is || a.Len == nil {
				break
			}
			length, is := number(a.Len, known, 0)
			if !is {
				return
			}
			size, ok, t = size*length, true, a.Elt
		}
		if !ok {
			return
		}
		element, is := t.(*ast.Ident)
		if !is || elementSizes[element.Name] == 0 {
			return
		}
		if size *= elementSizes[element.Name]; size > largest.bytes {
			largest = array{p.line(n), size}
		}
	})
	return largest
}
