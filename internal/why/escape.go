package why

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// escape is the compiler's reason for something to be on the heap.
type escape struct {
	line    int
	what    string // p, make([]byte, n), func literal
	moved   bool   // a variable
	because []step // how the compiler got there
}

// step is a part of the compiler's explanation: from last = p (assign) at x.go:14.
type step struct{ text, kind, at string }

// String is a sentence: p escapes to the heap now, because of last = p (assign,
// point.go:14).
func (e *escape) String() string { return e.reason().sentence(" now") }

// reason is the same without the place.
func (e *escape) reason() Reason {
	r := Reason{What: e.what, Moved: e.moved}
	if b, ok := e.cause(); ok {
		r.Because = b.text + " (" + b.kind + ", " + b.at + ")"
	}
	return r
}

// internals are kinds of steps that only the compiler cares for.
var internals = []string{"spill", "reference", "address-of"}

// cause is the step that a reader can act on: the last one, by which the value
// gets away.
func (e *escape) cause() (step, bool) {
	for _, s := range slices.Backward(e.because) {
		if !slices.Contains(internals, s.kind) {
			return s, true
		}
	}
	return step{}, false
}

// escapes are what the compiler says of the files of one package, by base name.
type escapes map[string][]*escape

// compileTimeout bounds the compilation of one package and of what it needs: a package of
// 100,000 lines takes half a minute of a processor, which others may be using.
const compileTimeout = 10 * time.Minute

// compile asks the compiler for its escape analysis of the package in dir, with its
// tests where they are wanted. Nothing is linked, and the go command's cache has the answer
// when it is asked again.
func compile(ctx context.Context, s Side, dir string, tests bool) (escapes, error) {
	ctx, cancel := context.WithTimeout(ctx, compileTimeout)
	defer cancel()
	args := []string{"list", "-e", "-export", "-gcflags=-m=2"}
	if tests {
		args = append(args, "-test")
	}
	args = append(args, s.Flags...)
	cmd := s.goCommand(ctx, append(args, dir)...)
	var out bytes.Buffer
	cmd.Stderr = &out
	switch err := cmd.Run(); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("the compiler was not done with the package after %s", compileTimeout)
	case err != nil:
		return nil, fmt.Errorf("%w: %s", err, firstLine(out.Bytes()))
	}
	return readEscapes(out.Bytes(), s.Dir, dir), nil
}

var (
	// x.go:12:9: p escapes to heap in f:
	begins = regexp.MustCompile(`^(.+?):(\d+):\d+: (.+) escapes to heap(?: in .+)?:$`)
	// x.go:12:9: p escapes to heap, and: moved to heap: p
	says = regexp.MustCompile(`^(.+?):(\d+):\d+: (?:(.+) escapes to heap|moved to heap: (.+))$`)
	// x.go:12:9:     from last = p (assign) at x.go:14:2
	from = regexp.MustCompile(`^(.+?):(\d+):\d+: +from (.+) \(([^()]+)\) at (.+?):(\d+):\d+$`)
)

// telling are what the lines have in them that are read: of a large package they are a
// few in a hundred.
var telling = []string{" escapes to heap", ": moved to heap: ", ":     from "}

// readEscapes reads the output of the compiler's -m=2 of the package in dir, as a
// go command prints it that runs in root.
func readEscapes(text []byte, root, dir string) escapes {
	all := escapes{}
	reasons := map[string][]step{} // by what is explained
	here := map[string]bool{}      // folders that are dir
	var current string
	key := func(file, number, what string) string { return file + ":" + number + ":" + what }
	s := bufio.NewScanner(bytes.NewReader(text))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		l := s.Text()
		if !slices.ContainsFunc(telling, func(t string) bool { return strings.Contains(l, t) }) {
			continue
		}
		if m := begins.FindStringSubmatch(l); m != nil {
			current = key(m[1], m[2], m[3])
			reasons[current] = nil // each variant of the package says it again
			continue
		}
		if m := from.FindStringSubmatch(l); m != nil {
			if current != "" {
				reasons[current] = append(reasons[current], step{m[3], m[4], filepath.Base(m[5]) + ":" + m[6]})
			}
			continue
		}
		m := says.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		number, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		folder := filepath.Dir(m[1])
		if _, known := here[folder]; !known {
			here[folder] = isHere(folder, root, dir)
		}
		if !here[folder] {
			continue // inlined from another package
		}
		e := &escape{line: number, what: m[3] + m[4], moved: m[4] != ""}
		e.because = reasons[key(m[1], m[2], e.what)]
		name := filepath.Base(m[1])
		if !slices.ContainsFunc(all[name], func(o *escape) bool { return o.line == e.line && o.what == e.what }) {
			all[name] = append(all[name], e)
		}
	}
	return all
}

// isHere reports whether a folder of the compiler's output is dir. Its names are relative
// to where the go command ran that compiled the package, which need not be root: what
// another run has left in go's cache is printed again as it was. So it is told by its end,
// too: server of server/client.go is m/server, and so is ../server.
func isHere(folder, root, dir string) bool {
	if filepath.IsAbs(folder) {
		return sameFolder(folder, dir)
	}
	if sameFolder(filepath.Join(root, folder), dir) || folder == "." {
		return true
	}
	up := ".." + string(filepath.Separator)
	for strings.HasPrefix(folder, up) {
		folder = folder[len(up):]
	}
	return folder != ".." && strings.HasSuffix(dir, string(filepath.Separator)+folder)
}

func sameFolder(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := filepath.EvalSymlinks(a)
	y, errY := filepath.EvalSymlinks(b)
	return errX == nil && errY == nil && x == y
}

func firstLine(text []byte) string {
	for l := range strings.Lines(string(text)) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
			return l
		}
	}
	return ""
}

// newEscape finds what escapes on the line of a frame and did not before. A line
// that was there must not have escaped; one that is new, or was changed, must not
// stand in the place of one that did.
func (e *explainer) newEscape(ctx context.Context, f highwater.Frame) (*escape, error) {
	p, ok, err := e.trees.locate(ctx, f.File)
	if !ok || err != nil || p.module != "" {
		return nil, err // dependencies are not compiled: the reason is in their caller's change
	}
	both := e.trees.pair(p)
	d := both.at(p.file, f.Line)
	if d == nil {
		return nil, nil
	}
	was := both.was[d]
	if was == nil {
		return nil, nil // all of it is new, and nothing newly escapes
	}
	after, err := e.compiled(ctx, analysed{false, p.dirs[1]})
	if err != nil {
		return nil, err
	}
	var here []*escape
	for _, x := range after[p.file] {
		if x.line == f.Line {
			here = append(here, x)
		}
	}
	if len(here) == 0 {
		return nil, nil
	}
	before, err := e.compiled(ctx, analysed{true, p.dirs[0]})
	if err != nil {
		return nil, err
	}
	first, last := both.stoodAt(d, was, f.Line)
	for _, x := range before[was.file] {
		if first <= x.line && x.line <= last {
			return nil, nil
		}
	}
	return here[0], nil
}

// analysed is a package of one side. Both may be in one folder, and need other
// versions of their dependencies.
type analysed struct {
	base bool
	dir  string
}

// compiled is compile, once for each package of a side. What failed is not tried
// again, and told once.
func (e *explainer) compiled(ctx context.Context, key analysed) (escapes, error) {
	if known, ok := e.analyses[key]; ok {
		return known, nil
	}
	s, dir := e.options.Head, key.dir
	if key.base {
		s = e.options.Base
	}
	e.options.say("asking the compiler what escapes in %s", filepath.Base(dir))
	found, err := compile(ctx, s, dir, true)
	e.analyses[key] = found
	if err != nil {
		return nil, fmt.Errorf("why a line allocates is not known: the compiler could not be asked about %s: %w", dir, err)
	}
	return found, nil
}
