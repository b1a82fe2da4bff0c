package inspect

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// alike are goroutines of which all that was read is the same.
type alike struct {
	one     goroutine
	count   int
	longest int64
}

// Goroutines groups the goroutines by where they were created, what they wait for, and
// where they do so: the innermost frame outside the standard library. The largest come
// first. States counts them by what they do, and n is how many there are, as
// runtime.NumGoroutine has it.
//
// How long one has waited is known since the first collection that met it waiting: the
// runtime does not look at the clock before. Where one is can be told of those that do
// not run; those that do, and those whose stack could not be followed, are where they
// began.
func (p *Process) Goroutines() (groups []highwater.GoroutineGroup, states map[string]int, n int, err error) {
	found := map[string]*alike{}
	states = map[string]int{}
	w := &window{bytes: make([]byte, 0, largeWindow)}
	var key []byte
	var stack []uint64
	err = p.goroutines(func(g *goroutine) {
		if p.system(g) {
			return
		}
		g.stack = stack
		p.unwind(g, w)
		if !g.certain {
			g.stack = g.stack[:0]
		}
		stack = g.stack
		key = append(key[:0], byte(g.status), byte(g.reason))
		for _, v := range append(g.stack, g.start, g.created) {
			key = binary.LittleEndian.AppendUint64(key, v)
		}
		a := found[string(key)]
		if a == nil {
			a = &alike{one: *g}
			a.one.stack = slices.Clone(g.stack)
			found[string(key)] = a
		}
		a.count++
		if g.since > 0 && (a.longest == 0 || g.since < a.longest) {
			a.longest = g.since
		}
	})
	if err != nil {
		return nil, nil, 0, fmt.Errorf("reading the goroutines: %w", err)
	}
	waited := p.clock()
	type where struct {
		state       string
		created, at highwater.Frame
	}
	index := map[where]int{}
	for _, a := range found {
		g := p.group(a)
		g.Longest = waited(a.longest)
		states[g.State] += a.count
		n += a.count
		k := where{g.State, g.Created, heap.Where(g.Stack)}
		i, known := index[k]
		if !known {
			index[k] = len(groups)
			groups = append(groups, g)
			continue
		}
		to := &groups[i]
		to.Count += g.Count
		to.Longest = max(to.Longest, g.Longest)
		// Which stack stands for all must not depend on chance.
		if slices.CompareFunc(g.Stack, to.Stack, compareFrames) < 0 {
			to.Stack, to.Fingerprint = g.Stack, g.Fingerprint
		}
	}
	slices.SortFunc(groups, func(a, b highwater.GoroutineGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Created.Func, b.Created.Func),
			cmp.Compare(a.Created.Line, b.Created.Line), cmp.Compare(a.State, b.State), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return groups, states, n, nil
}

func compareFrames(a, b highwater.Frame) int {
	return cmp.Or(cmp.Compare(a.Func, b.Func), cmp.Compare(a.Line, b.Line), cmp.Compare(a.File, b.File))
}

// group looks up what the addresses mean.
func (p *Process) group(a *alike) highwater.GoroutineGroup {
	g := highwater.GoroutineGroup{Count: a.count, State: p.state(&a.one)}
	if a.one.id != 1 { // the first one nobody created
		g.Created = p.creation(a.one.created)
	}
	stack := a.one.stack
	if len(stack) == 0 {
		stack = []uint64{a.one.start}
	}
	g.Stack = withoutRuntime(p.expanded(stack))
	g.Fingerprint = heap.Fingerprint([]highwater.Frame{heap.Where(g.Stack), g.Created})
	return g
}

// withoutRuntime takes off what tracebacks leave out: how a goroutine waits, and where
// all begin.
func withoutRuntime(stack []highwater.Frame) []highwater.Frame {
	for len(stack) > 0 && internal(stack[0].Func) {
		stack = stack[1:]
	}
	for len(stack) > 0 && internal(stack[len(stack)-1].Func) {
		stack = stack[:len(stack)-1]
	}
	return stack
}

func internal(name string) bool {
	return runtimeOwn(name) || strings.HasPrefix(name, "internal/runtime/")
}

func runtimeOwn(name string) bool { return strings.HasPrefix(name, "runtime.") }
