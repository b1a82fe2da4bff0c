package attach

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// readGoroutines reads what runtime.Stack prints: blocks that begin with
// "goroutine 7 [chan receive, 5 minutes]:", then pairs of a function and its
// position, and at the end who created it. The goroutine that printed it all is left
// out.
func readGoroutines(r io.Reader) ([]goroutine, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 16<<10), longestLine)
	var all []goroutine
	var g *goroutine
	end := func() {
		if g != nil && !ours(g.stack) {
			all = append(all, *g)
		}
		g = nil
	}
	call := "" // the line before, when it was a call
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "goroutine "):
			end()
			call = ""
			if _, state, ok := strings.Cut(line, " ["); ok {
				state, more, _ := strings.Cut(strings.TrimRight(state, "]:"), ", ")
				// A collection that looks at its stack changes nothing of what it does.
				state = strings.TrimSuffix(state, " (scan)")
				g = &goroutine{origin: origin{state: state}, count: 1, wait: waited(more)}
			}
		case line == "":
			end()
			call = ""
		case !strings.HasPrefix(line, "\t"):
			call = line
		case g != nil && call != "":
			f := printedFrame(call, line)
			if name, ok := strings.CutPrefix(f.Func, "created by "); ok {
				f.Func, _, _ = strings.Cut(name, " in goroutine ")
				g.created = f
			} else if f.Func != "" {
				g.stack = append(g.stack, f)
			}
			call = ""
		}
	}
	end()
	return all, lines.Err()
}

// waited reads for how long a goroutine has waited in "5 minutes, locked to thread".
func waited(text string) time.Duration {
	number, _, ok := strings.Cut(text, " minutes")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || n < 0 || n > int64(math.MaxInt64/time.Minute) {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// printedFrame reads "pkg.Func(0x1, 0x2)" and "\t/path/file.go:12 +0x1d".
func printedFrame(call, position string) highwater.Frame {
	f := highwater.Frame{Func: call}
	if i := strings.LastIndexByte(call, '('); i > 0 && strings.HasSuffix(call, ")") {
		f.Func = call[:i]
	}
	position = strings.TrimSpace(position)
	if i := strings.LastIndex(position, " +0x"); i > 0 {
		position = position[:i]
	}
	if i := strings.LastIndexByte(position, ':'); i > 0 {
		if line, err := strconv.Atoi(position[i+1:]); err == nil && line >= 0 {
			f.File, f.Line = position[:i], line
		}
	}
	return f
}
