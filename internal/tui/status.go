package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// header is what is looked at, and when it was seen.
func (m *model) header() string {
	s := &m.shown.Snapshot
	name := s.Name
	if name == "" {
		name = m.Target.Name()
	}
	right := ""
	if m.shown.Looks > 0 {
		right = clock(s.At) + ", watched for " + span(s.At.Sub(m.shown.Began).Truncate(time.Second))
	}
	about := seenThrough(s.Source)
	if s.Go != "" {
		about = strings.TrimPrefix(about+", "+clean(s.Go), ", ")
	}
	r := m.row(m.width).put(inkTitle, "highwater profiler").gap(2)
	room := max(r.left()-width(right)-2, 10)
	r.put(inkStrong, middle(clean(name), room)).gap(2)
	if room -= width(middle(clean(name), room)) + 2; room >= 8 {
		if width(about) > room {
			about, _, _ = strings.Cut(about, ", ")
		}
		r.put(inkDim, cut(about, room))
	}
	return r.gap(r.left()-width(right)).put(inkDim, right).line()
}

// seenThrough says how the process is looked at.
func seenThrough(s highwater.SoakSource) string {
	switch s {
	case highwater.SourceProbe:
		return "probe"
	case highwater.SourcePprof:
		return "pprof endpoint"
	case highwater.SourceMemory:
		return "/proc/PID/mem"
	case highwater.SourceProcess:
		return "from outside"
	}
	return clean(string(s))
}

var tabNames = [tabs]string{"1 Memory", "2 Processes", "3 GC"}

// tabLine names the views, and says at its right whether the picture is of now.
func (m *model) tabLine() string {
	r := m.row(m.width)
	for t, name := range tabNames {
		if tab(t) == m.tab {
			r.put(inkTab, "["+name+"]")
		} else {
			r.put(inkPlain, " "+name+" ")
		}
		r.gap(1)
	}
	k, text := m.state()
	text = cut(text, r.left()-1)
	return r.gap(r.left()-width(text)).put(k, text).line()
}

func (m *model) state() (ink, string) {
	var all []string
	k := inkDim
	say := func(i ink, format string, args ...any) {
		if len(all) == 0 {
			k = i
		}
		all = append(all, fmt.Sprintf(format, args...))
	}
	if m.paused {
		since := m.Now().Sub(m.pausedAt).Truncate(time.Second)
		say(inkBad, "PAUSED for %s, looks go on", span(since))
	}
	if m.shown.Stopped() && !m.ended() {
		say(inkBad, "STOPPED by a signal or a debugger")
	}
	switch wait := m.waiting(); {
	case m.ended():
		say(inkBad, "ENDED: %s", m.how())
	case wait > 0:
		say(inkBad, "no answer for %s", span(wait.Truncate(time.Second)))
	case m.trouble != "":
		say(inkBad, "the last look failed")
	case !m.paused && m.latest.Looks == 0:
		say(inkDim, "looking")
	case !m.paused && m.Rest() > m.Interval:
		say(inkDim, "live, every %s to spare it", span(m.pace()))
	case !m.paused:
		say(inkDim, "live, every %s", span(m.Interval))
	}
	return k, strings.Join(all, "; ")
}

// pace is from one look to the next when the target is spared: a look begins with a tick,
// the first one after the rest.
func (m *model) pace() time.Duration {
	step := min(m.Interval, time.Second)
	return m.Rest().Truncate(step) + step
}

// status is the filter while it is typed, or what there is to tell: the newest first. What
// is told of trouble takes as many lines as it needs, up to a few.
func (m *model) status() block {
	r := m.row(m.width)
	switch {
	case m.typing:
		r.put(inkStrong, "/").put(inkPlain, m.filter).put(inkStrong, "▏").gap(1).put(inkDim, "enter keeps the filter, esc clears it")
	case m.note.text != "" && m.Now().Before(m.note.until):
		return m.told(m.note.ink, m.note.text)
	case m.busy != "":
		r.put(inkPlain, m.busy+" …")
	case m.ended():
		return m.told(inkBad, "ended, last picture: "+m.how())
	case m.trouble != "":
		return m.told(inkBad, m.trouble)
	case m.paused:
		r.put(inkPlain, "the picture stands at "+clock(m.shown.Snapshot.At)+"; the newest look is of "+clock(m.latest.Snapshot.At)+". p goes on")
	case m.filter != "":
		r.put(inkPlain, "only what matches /"+m.filter+"; esc clears it")
	case m.shown.Restarts > 0:
		r.put(inkWarn, number(int64(m.shown.Restarts), "time", "times")+" another process stood in its place: changes count from "+clock(m.shown.ResetAt)+" on")
	case m.shown.Looks > 0:
		r.put(inkDim, "changes and percentiles count from "+clock(m.shown.ResetAt)+" on")
	}
	return block{r.line()}
}

// told is a message; of one that is too long the middle is left out.
func (m *model) told(k ink, text string) block {
	for room := m.width * mostStatus; ; room -= m.width / 4 {
		if b := m.paragraph(m.width, k, middle(text, room)); 0 < len(b) && len(b) <= mostStatus {
			return b
		} else if room < m.width {
			return block{m.row(m.width).put(k, cut(text, m.width)).line()}
		}
	}
}

// keyLine names keys, the ones that matter most first, as many as there is room for.
func (m *model) keyLine() string {
	keys := [][2]string{
		{"q", "quit"},
		{"?", "help"},
		{"Tab", "view"},
		{"enter", "detail"},
		{"/", "filter"},
		{"o", "order"},
		{"s", "snapshot"},
		{"p", "pause"},
		{"r", "reset"},
		{"g", "collect"},
		{"d", "difference"},
		{"w", "window"},
		{"↑↓", "move"},
	}
	if m.over != overNothing {
		keys = [][2]string{{"esc", "back"}, {"↑↓", "move"}, {"q", "quit"}, {"?", "help"}, {"p", "pause"}}
	}
	r := m.row(m.width)
	for _, k := range keys {
		if width(k[0])+1+width(k[1]) > r.left() {
			break
		}
		r.put(inkStrong, k[0]).gap(1).put(inkDim, k[1]).gap(2)
	}
	return r.line()
}
