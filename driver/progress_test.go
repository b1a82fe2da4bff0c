package driver

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
)

func TestProgressLine(t *testing.T) {
	begun := time.Unix(1000, 0)
	var b bytes.Buffer
	p := &progress{w: &b, width: 200, begun: begun, now: func() time.Time { return begun.Add(12500 * time.Millisecond) }}
	p.update(measure.Progress{Scenario: "s/a@v", Pass: highwater.PassExact, Repeat: 1, Done: 4, Total: 32})
	if got, want := b.String(), "\r\x1b[Kmeasuring 5/32  12s  s/a@v  exact #2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Reset()
	p.width = 20
	p.draw()
	if got := strings.TrimPrefix(b.String(), "\r\x1b[K"); len(got) != 19 {
		t.Errorf("%q has %d columns, want 19 of 20: one that fills the line would wrap", got, len(got))
	}
}

// A line that is to stay is written over the moving one, which comes again below it.
func TestProgressBelowWhatStays(t *testing.T) {
	var b bytes.Buffer
	begun := time.Unix(1000, 0)
	p := &progress{w: &b, width: 200, begun: begun, now: func() time.Time { return begun }}
	p.update(measure.Progress{Scenario: "s/a", Pass: highwater.PassExact, Total: 2})
	b.Reset()
	p.above("s/a exact #1: ok in 3s")
	if got, want := b.String(), "\r\x1b[Ks/a exact #1: ok in 3s\n\r\x1b[Kmeasuring 1/2  0s  s/a  exact"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A pipe gets no progress: newProgress gives the nil that does nothing.
func TestNoProgressIntoPipe(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	p.update(measure.Progress{Scenario: "s/a", Total: 1})
	p.end()
	if b.Len() > 0 {
		t.Errorf("wrote %q into a pipe", b.String())
	}
}

func TestProgressIsTakenBack(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, width: 80, now: time.Now, begun: time.Now(), stop: make(chan struct{}), ended: make(chan struct{})}
	go p.tick()
	p.update(measure.Progress{Scenario: "s/a", Total: 1})
	p.end()
	if !strings.HasSuffix(b.String(), "\r\x1b[K") {
		t.Errorf("%q does not end with the line cleared", b.String())
	}
}
