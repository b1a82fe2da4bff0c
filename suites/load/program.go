package load

// program is what runs in a session. What it prints follows from the session's
// number and the number of the update alone, so that every session's screen is
// known, and none looks like another's.
type program interface {
	// update prints update n, from 0, of the session with that number.
	update(p *page, session, n int)
	// scrolls reports whether lines leave the screen at its top.
	scrolls() bool
}

// The screens of all sessions have one size.
const (
	cols = 80
	rows = 24
)

// programOf is the program of a session: three of four are dashboards, which
// leave a trace of every update on the screen, and the fourth prints a log,
// which fills the scrollback.
func programOf(session int) program {
	if session%4 == 3 {
		return logger{}
	}
	return dashboard{}
}

// dashboard redraws parts of a full-screen display: a heading with the number of
// the update, a spinner, gauges, and a field of marks. Each update sets another
// mark, and which character it sets depends on the session and the update: a
// write that is lost, or that reaches another session, shows.
type dashboard struct{}

const (
	gauges    = 8
	gaugeRow  = 4
	gaugeCols = 50
	markRow   = 14
	marks     = (rows - markRow) * (cols - 2)
)

func (dashboard) scrolls() bool { return false }

func (dashboard) update(p *page, session, n int) {
	if n == 0 {
		p.clear()
	}
	p.at(0, 1)
	heading(p, session, n)
	p.at(2, 1)
	p.char(`|/-\`[n%4])
	p.text(" working on ")
	p.text(nouns[(session+n)%len(nouns)])

	gauge := n % gauges
	p.at(gaugeRow+gauge, 1)
	p.color(session + gauge)
	full := (session*7 + n*3) % gaugeCols
	p.repeat('#', full)
	p.repeat('.', gaugeCols-full)
	p.plain()
	p.char(' ')
	p.number(full*100/gaugeCols, 3)
	p.char('%')

	p.at(markRow+n%marks/(cols-2), 1+n%marks%(cols-2))
	p.char(mark(session, n))
}

// heading is what a client can look for in a frame: nothing else on any screen
// looks like it.
func heading(p *page, session, n int) {
	p.color(session)
	p.text("session ")
	p.number(session, 6)
	p.text(" update ")
	p.number(n, 6)
	p.plain()
}

// mark is a printable character that differs between neighbouring sessions and
// updates.
func mark(session, n int) byte { return '!' + byte((session*31+n*7+n/marks)%93) }

// logger prints numbered lines of a service's log.
type logger struct{}

func (logger) scrolls() bool { return true }

func (logger) update(p *page, session, n int) {
	if n == 0 {
		p.clear()
	}
	i := session*13 + n*5
	heading(p, session, n)
	p.char(' ')
	p.color(1 + i%6)
	p.text(nouns[i%len(nouns)])
	p.plain()
	p.char(' ')
	p.text(verbs[i/3%len(verbs)])
	p.text(" took=")
	p.number(i*37%10_000, 4)
	p.text("us")
	p.newline()
}

var (
	// All of them are of one length: what stands on a spot is overwritten whole.
	nouns = []string{"segment", "channel", "cluster", "packets", "records", "buckets", "mailbox", "indexer"}
	verbs = []string{"read", "sent", "sold", "made", "kept", "lost", "held"}
)
