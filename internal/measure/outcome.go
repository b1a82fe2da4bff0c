package measure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/target"
)

// outcome says how the process ended, from what it told and how it exited. Only
// a process that told all, and then ended well, is ok.
func outcome(h heard, e target.Exit, l target.Limits) highwater.Outcome {
	o := highwater.Outcome{Stderr: e.Stderr}
	say := func(s highwater.Status, format string, args ...any) highwater.Outcome {
		o.Status, o.Detail = s, fmt.Sprintf(format, args...)
		return o
	}
	where := ""
	if n := len(h.checkpoints); n > 0 {
		where = fmt.Sprintf(", after operation %d", h.checkpoints[n-1].Op)
	}
	switch {
	case e.Err != "":
		return say(highwater.StatusNoStart, "could not be run: %s", e.Err)
	case e.OverLimit > 0:
		return say(highwater.StatusMemory, "reached %s of resident memory, over its ceiling of %s, and was ended%s",
			highwater.FormatBytes(float64(e.OverLimit)), highwater.FormatBytes(float64(l.MaxMemory)), where)
	case e.TimedOut:
		return say(highwater.StatusTimeout, "was still running after %s and was ended%s", l.Timeout, where)
	case h.failure != "":
		return say(highwater.StatusFailed, "%s", h.failure)
	case e.Signal != "" && e.OOM:
		return say(highwater.StatusKilled, "was killed (%s) while the kernel's out-of-memory killer was at work%s", e.Signal, where)
	case e.Signal != "":
		return say(highwater.StatusKilled, "was killed by a signal: %s%s", e.Signal, where)
	case e.Code != 0 && crash(e.Stderr) != "":
		return say(highwater.StatusPanicked, "%s%s", crash(e.Stderr), where)
	case h.err != nil:
		return say(highwater.StatusFailed, "%v", h.err)
	case !h.done:
		return say(highwater.StatusExited, "exited with status %d before the measurement was complete%s", e.Code, where)
	}
	return highwater.Outcome{Status: highwater.StatusOK}
}

// crash is the line with which the Go runtime says why it ended the process,
// with the place in the program where that happened, or "".
func crash(stderr string) string {
	lines := strings.Split(stderr, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "panic: ") && !strings.HasPrefix(line, "fatal error: ") {
			continue
		}
		if at := heap.Where(firstStack(lines[i+1:])); at.File != "" {
			line += fmt.Sprintf(" (%s:%d)", at.File[strings.LastIndexByte(at.File, '/')+1:], at.Line)
		}
		return line
	}
	return ""
}

// firstStack reads the stack of the first goroutine that is printed: pairs of
// "pkg.Func(0x1, 0x2)" and "\t/path/file.go:12 +0x1d".
func firstStack(lines []string) []highwater.Frame {
	start := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "goroutine ") })
	if start < 0 {
		return nil
	}
	var stack []highwater.Frame
	for i := start + 1; i+1 < len(lines) && lines[i] != ""; i++ {
		position, ok := strings.CutPrefix(lines[i+1], "\t")
		if !ok || strings.HasPrefix(lines[i], "created by ") {
			continue
		}
		f := highwater.Frame{Func: lines[i]}
		if open := strings.LastIndexByte(f.Func, '('); open > 0 {
			f.Func = f.Func[:open]
		}
		if i++; f.Func == "panic" { // the built-in, which has no package
			continue
		}
		position, _, _ = strings.Cut(position, " +0x")
		if colon := strings.LastIndexByte(position, ':'); colon > 0 {
			f.File = position[:colon]
			f.Line, _ = strconv.Atoi(position[colon+1:])
		}
		stack = append(stack, f)
	}
	return stack
}
