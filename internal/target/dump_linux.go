package target

import (
	"regexp"
	"strings"
)

// stderrRead is how much of a process's standard error is read before it is cut to
// what is kept.
const stderrRead = 256 << 10

// module is highwater's own import path.
const module = "github.com/highwater-dev/highwater"

var (
	addresses = regexp.MustCompile(`(?m) fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+$`)
	pointers  = regexp.MustCompile(`(?m)^(goroutine \d+) gp=0x[0-9a-f]+ m=\S+(?: mp=0x[0-9a-f]+)? `)
	registers = regexp.MustCompile(`(?m)^[a-z][a-z0-9]* +0x[0-9a-f]+$`)
)

// shorten takes out of what a Go program prints on SIGQUIT all that says nothing
// of where it hangs: frames and goroutines of the runtime, those of highwater's
// probe, addresses and registers. Without that they fill what is kept of the
// output. A text without goroutines of the program is returned as it is.
func shorten(dump string) string {
	var kept []string
	found := false
	for block := range strings.SplitSeq(dump, "\n\n") {
		at := strings.Index(block, "goroutine ")
		if at < 0 || at > 0 && block[at-1] != '\n' {
			if !registers.MatchString(block) {
				kept = append(kept, block)
			}
			continue
		}
		if block = outside(block); block != "" {
			found = true
			kept = append(kept, block)
		}
	}
	if !found {
		return dump
	}
	return strings.Join(kept, "\n\n")
}

// outside is a goroutine without its frames in the runtime, and "" for one of no
// interest: the runtime's own, highwater's, and the one that waits for the
// workload.
func outside(block string) string {
	block = addresses.ReplaceAllString(pointers.ReplaceAllString(block, "$1 "), "")
	lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
	var out []string
	theirs, first := false, true
	for i := 0; i < len(lines); i++ {
		pair := i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t")
		if !pair {
			out = append(out, lines[i])
			continue
		}
		call := lines[i]
		i++
		switch {
		case strings.HasPrefix(call, "runtime."):
			continue
		case strings.HasPrefix(call, "created by "):
		case first && strings.HasPrefix(call, module+".inGoroutine("):
			return ""
		default:
			theirs = theirs || !ours(call)
			first = false
		}
		out = append(out, call, lines[i])
	}
	if !theirs {
		return ""
	}
	return strings.Join(out, "\n")
}

// ours reports a frame of the machinery that runs and measures a workload.
func ours(call string) bool {
	for _, pkg := range []string{module + ".", module + "/internal/probe.", module + "/internal/measure."} {
		if strings.HasPrefix(call, pkg) {
			return true
		}
	}
	return false
}

// ends is the beginning and the end of a text, as far as it is kept.
func ends(text string) string {
	h := newHeadTail(stderrKept)
	_, _ = h.Write([]byte(text))
	return h.String()
}
