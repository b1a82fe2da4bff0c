package driver

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/highwater-dev/highwater/internal/attach"
)

// earlyError says that what highwater started has ended before anything was seen of it.
type earlyError struct{ said string }

func (e *earlyError) Error() string { return e.said }
func (e *earlyError) Unwrap() error { return attach.ErrGone }

// early is the error of that, with what the program printed last: why it has ended is
// there. It waits for the end.
func (l *looked) early() error {
	how := l.how()
	said := "the program ended before it could be looked at: " + how
	if l.output == nil {
		return &earlyError{said}
	}
	last, path := l.output.last()
	if path == "" {
		return &earlyError{said + "; it printed nothing"}
	}
	l.told = true
	if last != "" && !strings.Contains(how, last) { // of a panic, the probe has told it
		said += "; what it printed last: " + last
	}
	return &earlyError{fmt.Sprintf("%s; all that it printed is in %s", said, path)}
}

// hasEnded reports that there is no process of that id any more, or one that only waits for
// its parent to notice.
func hasEnded(pid int) bool {
	state, _ := procRoot.Life(pid)
	return state == 0 || state == 'Z' || state == 'X'
}

// mostLast is in how many bytes at the end of an output its last line is looked for: the
// trace of a panic is above that of its goroutines.
const mostLast = 64 << 10

// last is the line of what was printed that is the likeliest to say why the program ended,
// and the path of all; "" where nothing was.
func (t *outputFile) last() (line, path string) {
	t.mu.Lock()
	wrote := min(t.wrote, mostOutput)
	t.mu.Unlock()
	if wrote == 0 {
		return "", ""
	}
	f, err := os.Open(t.Name())
	if err != nil {
		return "", ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.NewSectionReader(f, max(0, wrote-mostLast), mostLast))
	if err != nil {
		return "", t.Name()
	}
	return lastWords(string(text)), t.Name()
}

// lastWords is the last line with something on it, or that of the panic which the lines
// after it are the trace of.
func lastWords(text string) string {
	last := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return line
		}
		if line != "" {
			last = line
		}
	}
	return last
}
