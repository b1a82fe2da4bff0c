package measure

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
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
// with the place in the program that it names, or "".
func crash(stderr string) string {
	lines := strings.Split(stderr, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "panic: ") && !strings.HasPrefix(line, "fatal error: ") {
			continue
		}
		for _, at := range lines[i+1:] {
			at = strings.TrimSpace(at)
			if strings.Contains(at, ".go:") && !strings.Contains(at, "/src/runtime/") {
				at, _, _ = strings.Cut(at, " +0x")
				return line + " (" + at[strings.LastIndexByte(at, '/')+1:] + ")"
			}
		}
		return line
	}
	return ""
}
