package why

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
)

// Reason is what the compiler says of something that is on the heap.
type Reason struct {
	File  string
	Line  int
	What  string // p, make([]byte, n), func literal
	Moved bool   // a variable
	// Because is the step by which it gets away, "s.area(&p) (call parameter, x.go:14)";
	// "" where the compiler gives none.
	Because string
}

// Escapes asks the compiler for its escape analysis of the package in dir, its tests
// included, by file and line. Nothing is linked, and the go command's cache has the
// answer when it is asked again.
func Escapes(ctx context.Context, s Side, dir string) ([]Reason, error) {
	all, err := compile(ctx, s, dir, true)
	if err != nil {
		return nil, err
	}
	var out []Reason
	for file, escapes := range all {
		for _, e := range escapes {
			r := Reason{File: filepath.Join(dir, file), Line: e.line, What: e.what, Moved: e.moved}
			if c, ok := e.cause(); ok {
				r.Because = c.text + " (" + c.kind + ", " + c.at + ")"
			}
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.What, b.What))
	})
	return out, nil
}
