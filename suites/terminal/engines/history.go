package engines

import "strings"

// history is a ring of the lines that left the screen last.
type history struct {
	lines []string
	next  int // where the next line goes, once the ring is full
	limit int
}

func newHistory(limit int) *history { return &history{limit: limit} }

func (h *history) push(line string) {
	switch {
	case h.limit <= 0:
	case len(h.lines) < h.limit:
		h.lines = append(h.lines, line)
	default:
		h.lines[h.next] = line
		h.next = (h.next + 1) % h.limit
	}
}

func (h *history) len() int { return len(h.lines) }

// line returns line i, the oldest being 0.
func (h *history) line(i int) string { return h.lines[(h.next+i)%len(h.lines)] }

// plain takes the SGR sequences out of a line that an adapter has made.
func plain(line string) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(line, "\x1b[")
		b.WriteString(text)
		if !found {
			return strings.TrimRight(b.String(), " ")
		}
		_, line, _ = strings.Cut(rest, "m")
	}
}
