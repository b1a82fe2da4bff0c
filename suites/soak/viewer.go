package soak

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
)

// The patterns that a viewer looks for in every line.
var (
	errorLines   = regexp.MustCompile(`^\d{9} ERROR +worker-\d+ `)
	warningLines = regexp.MustCompile(`^\d{9} WARN +worker-\d+ `)
	slowLines    = regexp.MustCompile(`took 9\d\d ms`)
	anyLine      = regexp.MustCompile(`^\d{9} [A-Z]+ +worker-\d+ took \d+ ms`)
)

// keptMatches is how many of the last lines with a match a viewer keeps.
const keptMatches = 100

// viewer does what a viewer of logs does with the stream: it takes it apart into
// lines, without their colours, counts those that match its patterns, and keeps
// the last ones. All of it is bounded.
type viewer struct {
	line    []byte   // the one that is being printed
	tail    []string // the last rows of the terminal, as they must be
	matches []string // a ring
	matched int

	lines, errors, warnings, slow int

	ready     bool
	said      string // the last summary of the process's own
	summaries int
}

func newViewer() *viewer {
	return &viewer{tail: make([]string, 0, 4*rows), matches: make([]string, keptMatches)}
}

// reset is for a log that begins anew. The screen is not a new one.
func (v *viewer) reset() {
	v.line, v.ready, v.said, v.summaries, v.matched = v.line[:0], false, "", 0, 0
	v.lines, v.errors, v.warnings, v.slow = 0, 0, 0, 0
}

// take is given all output, in pieces.
func (v *viewer) take(p []byte) {
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			v.line = append(v.line, p...)
			return
		}
		v.line = append(v.line, p[:end]...)
		v.whole(strings.TrimSuffix(ansi.Text(string(v.line)), "\r"))
		v.line, p = v.line[:0], p[end+1:]
	}
}

// whole is given a line's text.
func (v *viewer) whole(line string) {
	for rest := line; ; {
		row := rest[:min(len(rest), cols)]
		if len(v.tail) == cap(v.tail) {
			v.tail = v.tail[:copy(v.tail, v.tail[len(v.tail)/2:])]
		}
		v.tail = append(v.tail, strings.TrimRight(row, " "))
		if rest = rest[len(row):]; rest == "" {
			break
		}
	}
	switch {
	case line == "== ready ==":
		v.ready = true
	case strings.HasPrefix(line, "== "):
		v.said = line
		v.summaries++
	case anyLine.MatchString(line):
		v.lines++
		v.match(errorLines, line, &v.errors)
		v.match(warningLines, line, &v.warnings)
		v.match(slowLines, line, &v.slow)
	}
}

func (v *viewer) match(pattern *regexp.Regexp, line string, count *int) {
	if pattern.MatchString(line) {
		*count++
		v.matches[v.matched%keptMatches] = line
		v.matched++
	}
}

// summary is what the process must say.
func (v *viewer) summary() string {
	return fmt.Sprintf("== %d lines, %d errors, %d warnings, %d slow ==", v.lines, v.errors, v.warnings, v.slow)
}

// end is the last n rows of the log.
func (v *viewer) end(n int) []string { return v.tail[max(len(v.tail)-n, 0):] }
