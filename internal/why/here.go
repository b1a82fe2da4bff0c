package why

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Reasons says why lines of one source tree allocate: what the compiler's escape
// analysis has to say of just that line. Packages are compiled when they are asked for,
// and once.
type Reasons struct {
	known map[string]answer // by folder
	say   func(string)
}

type answer struct {
	escapes escapes
	err     error
}

// NewReasons returns one that tells say what is under way; nil for nobody.
func NewReasons(say func(what string)) *Reasons {
	return &Reasons{known: map[string]answer{}, say: say}
}

// At returns a sentence for each thing that the compiler puts on the heap at the frame's
// line; none where there is nothing. It is an error when the compiler cannot be asked: the
// file is not there, or of no module that can be compiled.
func (r *Reasons) At(ctx context.Context, f highwater.Frame) ([]string, error) {
	if !filepath.IsAbs(f.File) {
		return nil, fmt.Errorf("where %s lies is not recorded: the program was built with -trimpath", filepath.Base(f.File))
	}
	if _, err := os.Stat(f.File); err != nil {
		return nil, fmt.Errorf("the source is not here: %w", err)
	}
	dir := filepath.Dir(f.File)
	a, ok := r.known[dir]
	if !ok {
		if r.say != nil {
			r.say("asking the compiler what escapes in " + filepath.Base(dir))
		}
		a.escapes, a.err = compile(ctx, Side{Dir: dir}, dir, strings.HasSuffix(f.File, "_test.go"))
		r.known[dir] = a
	}
	if a.err != nil {
		return nil, fmt.Errorf("the compiler could not be asked about %s: %w", dir, a.err)
	}
	var all []string
	for _, e := range a.escapes[filepath.Base(f.File)] {
		if e.line == f.Line {
			all = append(all, e.now(false))
		}
	}
	return all, nil
}
