package probe

import (
	"bytes"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// stacks returns the stacks of all goroutines but the runtime's own, as text.
func stacks() []byte {
	for size := 64 << 10; ; size *= 2 {
		b := make([]byte, size)
		if n := runtime.Stack(b, true); n < size {
			return b[:n]
		}
	}
}

// goroutineIDs returns the goroutines that are there.
func goroutineIDs() map[int]bool {
	ids := map[int]bool{}
	for _, g := range parseGoroutines(stacks()) {
		ids[g.id] = true
	}
	return ids
}

// newGoroutines groups the goroutines that are not in before by where they were
// created and where they are blocked. The probe's own are not among them.
func newGoroutines(before map[int]bool) []Goroutines {
	return withoutProbe(grouped(slices.DeleteFunc(parseGoroutines(stacks()), func(g goroutine) bool {
		return before[g.id] || g.permanent()
	})))
}

// grouped puts goroutines of one origin together, the largest group first.
func grouped(all []goroutine) []Goroutines {
	type key struct{ created, at Frame }
	groups := map[key]*Goroutines{}
	for _, g := range all {
		k := key{created: g.created}
		if len(g.stack) > 0 {
			k.at = g.stack[0]
		}
		if groups[k] == nil {
			groups[k] = &Goroutines{State: g.state, Created: g.created, Stack: g.stack}
		}
		groups[k].Count++
	}
	var out []Goroutines
	for _, g := range groups {
		out = append(out, *g)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		return a.Created.Func < b.Created.Func
	})
	return out
}

type goroutine struct {
	id      int
	state   string
	created Frame
	stack   []Frame
}

// permanent reports a goroutine of the standard library that nobody can end:
// signal.Notify starts one for the life of the process.
func (g goroutine) permanent() bool {
	return slices.ContainsFunc(g.stack, func(f Frame) bool { return f.Func == "os/signal.loop" })
}

// parseGoroutines reads the format of runtime.Stack: blocks that begin with
// "goroutine 7 [chan receive]:", then pairs of a function and its position.
func parseGoroutines(text []byte) []goroutine {
	var gs []goroutine
	for block := range bytes.SplitSeq(text, []byte("\n\n")) {
		lines := strings.Split(strings.TrimSpace(string(block)), "\n")
		rest, ok := strings.CutPrefix(lines[0], "goroutine ")
		if !ok {
			continue
		}
		number, state, _ := strings.Cut(rest, " ")
		id, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		g := goroutine{id: id, state: strings.Trim(state, "[]:")}
		for i := 1; i+1 < len(lines); i++ {
			// Some lines stand alone: "...51 frames elided...".
			if strings.HasPrefix(lines[i], "\t") || !strings.HasPrefix(lines[i+1], "\t") {
				continue
			}
			f := parseFrame(lines[i], lines[i+1])
			i++
			if name, ok := strings.CutPrefix(f.Func, "created by "); ok {
				f.Func, _, _ = strings.Cut(name, " in goroutine ")
				g.created = f
				break
			}
			g.stack = append(g.stack, f)
		}
		gs = append(gs, g)
	}
	return gs
}

// parseFrame reads "pkg.Func(0x1, 0x2)" and "\t/path/file.go:12 +0x1d".
func parseFrame(call, position string) Frame {
	f := Frame{Func: call}
	if i := strings.LastIndexByte(call, '('); i > 0 && strings.HasSuffix(call, ")") {
		f.Func = call[:i]
	}
	position = strings.TrimSpace(position)
	if i := strings.LastIndexByte(position, ' '); i > 0 {
		position = position[:i]
	}
	if i := strings.LastIndexByte(position, ':'); i > 0 {
		f.File = position[:i]
		f.Line, _ = strconv.Atoi(position[i+1:])
	}
	return f
}

// added lists what is in now and not in before, sorted.
func added(now, before map[string]bool) []string {
	var out []string
	for k := range now {
		if !before[k] {
			out = append(out, k)
		}
	}
	sort.Strings(out)
	return out
}

func newChildren(now, before map[int]bool) []string {
	var out []string
	for pid := range now {
		if !before[pid] {
			out = append(out, strconv.Itoa(pid)+" "+commandLine(pid))
		}
	}
	sort.Strings(out)
	return out
}
