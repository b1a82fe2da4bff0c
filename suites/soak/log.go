package soak

import (
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/suites/terminal"
)

const (
	logBatch   = 200                   // lines in a round
	logEvery   = 50 * time.Millisecond // a round, at most this often: 4,000 lines a second
	logRestart = 100                   // rounds until the log is begun anew
)

func logStreaming() scenario {
	return scenario{
		name: "log_streaming",
		doc:  "a coloured log from a real process, 4,000 lines a second, scrolled and searched for patterns",
		ops:  60,
		program: program{
			name: "sh", pkg: "dash",
			args: []string{"-c", logScript, "log"},
		},
		files: func() map[string]string { return map[string]string{"README": "the home of a log\n"} },
		open: func(c *console) user {
			l := &log{console: c, viewer: newViewer()}
			c.listen = l.viewer.take
			return l
		},
	}
}

// logScript prints as many lines as it is told to, and then what it has printed in
// all. Lines follow from a generator of numbers; every eighth is too long for a row.
const logScript = `stty -echo
echo '== ready =='
seed=1 lines=0 errors=0 warnings=0 slow=0
long='which is more than fits into one row of the terminal, and goes on in the next'
while read -r n; do
	while [ "$n" -gt 0 ]; do
		seed=$(((seed * 1103515245 + 12345) % 2147483648)) lines=$((lines + 1)) n=$((n - 1))
		case $((seed / 65536 % 10)) in
		0) level=ERROR color=31 errors=$((errors + 1)) ;;
		1 | 2) level=WARN color=33 warnings=$((warnings + 1)) ;;
		*) level=INFO color=32 ;;
		esac
		ms=$((seed / 4096 % 1000)) more=
		[ "$ms" -lt 900 ] || slow=$((slow + 1))
		[ $((lines % 8)) -ne 0 ] || more=", $long"
		printf '\033[90m%09d\033[0m \033[1;%dm%-5s\033[0m \033[38;5;%dmworker-%d\033[0m took \033[4m%d ms\033[0m%s\n' \
			"$lines" "$color" "$level" $((seed / 256 % 256)) $((seed / 512 % 16)) "$ms" "$more"
	done
	echo "== $lines lines, $errors errors, $warnings warnings, $slow slow =="
done
`

type log struct {
	*console
	viewer *viewer
	next   time.Time // the earliest begin of the next round
}

func (l *log) begin() {
	l.viewer.reset()
	l.start()
	l.await("the log's first line", func() bool { return l.viewer.ready })
}

// round has the process print a batch, and compares what it says it has printed
// with what has come.
func (l *log) round(n int) {
	l.pace()
	want := l.viewer.summaries + 1 // read at rest: nothing is printed unasked
	l.keys(fmt.Sprintf("%d\n", logBatch))
	l.await(fmt.Sprintf("the summary of %d lines", logBatch), func() bool { return l.viewer.summaries == want })
	l.counted()
	if n%10 == 0 {
		l.shown()
	}
	if n%logRestart == logRestart-1 {
		l.keys("\x04") // the end of its input
		l.ended()
		l.begin()
	}
}

// pace keeps the rate. Time that was lost is not made up for.
func (l *log) pace() {
	wait := time.Until(l.next)
	l.next = time.Now().Add(max(wait, 0) + logEvery)
	if wait <= 0 || l.err != nil {
		return
	}
	l.timer.Reset(wait)
	select {
	case <-l.timer.C:
	case <-l.ctx.Done(): // the next step says so
	}
}

func (l *log) counted() {
	if l.err != nil {
		return
	}
	l.mu.Lock()
	got, said := l.viewer.summary(), l.viewer.said
	l.mu.Unlock()
	if got != said {
		l.fail("the process says %q, and what has come is %q", said, got)
	}
}

// shown compares the screen, and the last line that has left it, with the end of
// the log. The cursor is below that, in a row of its own.
func (l *log) shown() {
	l.check("the end of the log", func(screen []string) bool {
		end := l.viewer.end(len(screen))
		if len(end) != len(screen) {
			return false
		}
		if s, ok := l.term.(terminal.Scrollbacker); ok && s.ScrollbackLine(s.Scrollback()-1) != end[0] {
			return false
		}
		return strings.Join(screen, "\n") == strings.Join(end[1:], "\n")+"\n"
	})
}
