package why

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// line is a line of source that says something: not blank, not a comment.
type line struct {
	number int
	text   string // as written
	bare   string // without comments, and with single spaces
	names  []string
}

// decl is a declaration at the top of a file: a function, or one constant,
// variable or type of a group.
type decl struct {
	name        string // insertLine, (*Buffer).insertLine
	function    bool
	file        string // its base name
	first, last int    // lines
	lines       []line
}

// bare are the lines to be compared.
func (d *decl) bare() []string {
	out := make([]string, len(d.lines))
	for i, l := range d.lines {
		out[i] = l.bare
	}
	return out
}

// called is the name by which other code mentions the declaration.
func (d *decl) called() string {
	return d.name[strings.LastIndexByte(d.name, '.')+1:]
}

// Bounds on what is read: generated files of many MB allocate little themselves.
const (
	maxFile  = 4 << 20
	maxFiles = 2000
)

// declarations reads those of all Go files in a folder, tests included, whatever
// their build constraints. A file that cannot be parsed yields what can.
func declarations(dir string) []*decl {
	files, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.go"))
	if err != nil || len(files) > maxFiles {
		return nil
	}
	var all []*decl
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || info.Size() > maxFile || !info.Mode().IsRegular() {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		all = append(all, declared(filepath.Base(file), text)...)
	}
	return all
}

// escapeGlob keeps a folder's name from being read as a pattern.
func escapeGlob(dir string) string {
	if filepath.Separator == '\\' {
		return dir
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// declared lists the declarations of one file.
func declared(file string, text []byte) []*decl {
	fset := token.NewFileSet()
	tree, _ := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if tree == nil {
		return nil
	}
	lines := bareLines(text)
	var all []*decl
	add := func(name string, function bool, n ast.Node) {
		// Positions by the file itself, whatever //line directives say.
		first, last := fset.PositionFor(n.Pos(), false).Line, fset.PositionFor(n.End(), false).Line
		d := &decl{name: name, function: function, file: file, first: first, last: last}
		from, _ := slices.BinarySearchFunc(lines, first, func(l line, n int) int { return l.number - n })
		for from < len(lines) && lines[from].number <= last {
			d.lines = append(d.lines, lines[from])
			from++
		}
		all = append(all, d)
	}
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(functionName(d), true, d)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name.Name, false, s)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						add(n.Name, false, s)
					}
				}
			}
		}
	}
	return all
}

// functionName is the name as the runtime prints it after the package, without
// type parameters: (*Buffer).insertLine.
func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	pointer := false
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			pointer, t = true, x.X
			continue
		case *ast.ParenExpr:
			t = x.X
			continue
		case *ast.IndexExpr:
			t = x.X
			continue
		case *ast.IndexListExpr:
			t = x.X
			continue
		case *ast.Ident:
			if pointer {
				return "(*" + x.Name + ")." + d.Name.Name
			}
			return x.Name + "." + d.Name.Name
		}
		return d.Name.Name
	}
}

// bareLines splits a file into the lines that say something.
func bareLines(text []byte) []line {
	raw := strings.Split(string(text), "\n")
	type content struct {
		words []string
		names []string
	}
	byLine := make([]content, len(raw)+1)
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0) // comments are skipped
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		word := lit
		if word == "" || tok.IsOperator() {
			word = tok.String()
		}
		at := file.PositionFor(pos, false).Line
		// A raw string has several lines, each of which counts.
		for i, part := range strings.Split(word, "\n") {
			if n := at + i; n < len(byLine) {
				byLine[n].words = append(byLine[n].words, part)
			}
		}
		if tok == token.IDENT {
			byLine[at].names = append(byLine[at].names, lit)
		}
	}
	var lines []line
	for n, c := range byLine {
		if len(c.words) > 0 {
			lines = append(lines, line{n, strings.TrimRight(raw[n-1], "\r"), strings.Join(c.words, " "), c.names})
		}
	}
	return lines
}
