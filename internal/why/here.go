package why

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Reason is what the compiler says of something that is on the heap.
type Reason struct {
	What  string // p, make([]byte, n), func literal
	Moved bool   // a variable
	// Because is the step by which it gets away, "s.area(&p) (call parameter, x.go:14)";
	// "" where the compiler gives none.
	Because string
}

// String is a sentence: p escapes to the heap, because of last = p (assign, x.go:14).
func (r Reason) String() string { return r.sentence("") }

// sentence says when, such as " now", behind what happens.
func (r Reason) sentence(when string) string {
	s := r.What + " escapes to the heap" + when
	if r.Moved {
		s = "the variable " + r.What + " is moved to the heap" + when
	}
	if r.Because != "" {
		s += ", because of " + r.Because
	}
	return s
}

// Reasons says why lines of one source tree allocate: what the compiler's escape
// analysis has to say of just that line. Packages are compiled when they are asked for,
// and once.
type Reasons struct {
	side  Side
	known map[string]answer // by folder
	say   func(string)
}

type answer struct {
	escapes escapes
	err     error
}

// NewReasons returns one for the packages of a side, which tells say what is under way; nil
// for nobody. Where the side's folder is "", each package is compiled as one of the module
// that it lies in; a package of the module cache is one of the module in the side's folder.
func NewReasons(s Side, say func(what string)) *Reasons {
	return &Reasons{side: s, known: map[string]answer{}, say: say}
}

// At returns what the compiler puts on the heap at the frame's line; nothing where there is
// nothing. It is an error when the compiler cannot be asked: the file is not there, or of
// no module that can be compiled.
func (r *Reasons) At(ctx context.Context, f highwater.Frame) ([]Reason, error) {
	if !filepath.IsAbs(f.File) {
		return nil, fmt.Errorf("where %s lies is not recorded: the program was built with -trimpath", filepath.Base(f.File))
	}
	if _, err := os.Stat(f.File); err != nil {
		return nil, fmt.Errorf("the source is not here: %w", err)
	}
	// The tests of a package are compiled with it where a line of them is asked for.
	dir, tests := filepath.Dir(f.File), strings.HasSuffix(f.File, "_test.go")
	key := dir
	if tests {
		key += string(filepath.Separator) + "_test"
	}
	a, ok := r.known[key]
	if !ok {
		if r.say != nil {
			r.say("asking the compiler what escapes in " + filepath.Base(dir))
		}
		s := r.side
		if s.Dir == "" {
			s.Dir = dir
		}
		a.escapes, a.err = compile(ctx, s, dir, tests)
		r.known[key] = a
	}
	if a.err != nil {
		return nil, fmt.Errorf("the compiler could not be asked about %s: %w", dir, a.err)
	}
	var all []Reason
	for _, e := range a.escapes[filepath.Base(f.File)] {
		if e.line == f.Line {
			all = append(all, e.reason())
		}
	}
	return all, nil
}
