package driver

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/highwater-dev/highwater/internal/measure"
)

// progress shows on a terminal, in one line, what is being measured. Into
// anything else it writes nothing, so that logs hold no half lines.
type progress struct {
	w     io.Writer
	width int
	now   func() time.Time

	mu    sync.Mutex
	begun time.Time
	text  func() string
	stop  chan struct{}
	ended chan struct{}
}

// newProgress returns nil, whose methods do nothing, where w is no terminal.
func newProgress(w io.Writer) *progress {
	width, ok := terminal(w)
	if !ok || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p := &progress{w: w, width: width, now: time.Now, begun: time.Now(), stop: make(chan struct{}), ended: make(chan struct{})}
	go p.tick()
	return p
}

// tick redraws the line now and then, so that a long process is seen to be
// under way.
func (p *progress) tick() {
	defer close(p.ended)
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			p.mu.Lock()
			p.draw()
			p.mu.Unlock()
		case <-p.stop:
			return
		}
	}
}

func (p *progress) update(m measure.Progress) {
	if p != nil {
		p.show(func() string { return p.measuring(m) })
	}
}

func (p *progress) say(text string) {
	if p != nil {
		p.show(func() string { return text })
	}
}

// above writes a line that stays, and the one that moves below it.
func (p *progress) above(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.w, "\r\x1b[K%s\n", line)
	p.draw()
}

func (p *progress) show(text func() string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
	p.draw()
}

// draw writes the line over the one before. It is cut to the terminal's width:
// a line that wraps could not be taken back.
func (p *progress) draw() {
	if p.text == nil {
		return
	}
	line := []rune(p.text())
	if len(line) >= p.width {
		line = line[:max(p.width-1, 0)]
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", string(line))
}

func (p *progress) measuring(m measure.Progress) string {
	s := fmt.Sprintf("measuring %d/%d  %v  %s  %s", min(m.Done+1, m.Total), m.Total,
		p.now().Sub(p.begun).Truncate(time.Second), m.Scenario, m.Pass)
	if m.Side != "" {
		s += " " + m.Side
	}
	if m.Repeat > 0 {
		s += fmt.Sprintf(" #%d", m.Repeat+1)
	}
	return s
}

// end takes the line away.
func (p *progress) end() {
	if p == nil {
		return
	}
	close(p.stop)
	<-p.ended
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.text != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// terminal reports whether w is a terminal, and how wide it is.
func terminal(w io.Writer) (width int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(f.Fd()) {
		return 0, false
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil || width <= 0 {
		width = 80
	}
	return width, true
}
