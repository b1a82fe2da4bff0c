package attach

import (
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// The rings hold 256 collections; what came between two looks beyond that is a gap.
func TestCycles(t *testing.T) {
	m := memory{pauses: make([]int64, ringSize), ends: make([]int64, ringSize)}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	collect := func(after time.Duration, forced bool) {
		at = at.Add(after)
		m.pauses[m.cycles%ringSize], m.ends[m.cycles%ringSize] = m.cycles+1, at.UnixNano()
		if m.cycles++; forced {
			m.forced++
		}
	}
	var c cycles
	look := func() []highwater.Cycle {
		var s highwater.Snapshot
		m.fill(&s)
		c.next(&s, m)
		return s.Cycles
	}
	why := func(want ...string) {
		t.Helper()
		got := []string{}
		for _, c := range look() {
			if got = append(got, c.Why); int64(c.Pause) != c.Number {
				t.Errorf("%+v", c)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q, want %q", got, want)
		}
	}
	why()
	collect(time.Second, false)
	collect(time.Second, false)
	why("heap", "heap")
	why()
	collect(time.Second, true)
	why("forced")
	collect(2*time.Minute+time.Second, false)
	collect(time.Second, false)
	why("time", "heap")
	collect(time.Second, true)
	collect(time.Second, false)
	why("", "") // which of them it was is not known
	for range 300 {
		collect(time.Second, false)
	}
	if got := look(); len(got) != ringSize || got[0].Number != m.cycles-ringSize+1 || got[len(got)-1].Number != m.cycles || got[0].Why != "" {
		t.Errorf("%d cycles from %+v", len(got), got[0])
	}
	m.goal = mostGoal
	var s highwater.Snapshot
	if m.fill(&s); s.GC.GOGC != -1 || s.Memory.Goal != 0 {
		t.Errorf("with the collector off: GOGC %d, goal %d", s.GC.GOGC, s.Memory.Goal)
	}
}

func TestWaits(t *testing.T) {
	const text = "goroutine 7 [chan receive (scan), 5 minutes, locked to thread]:\nmain.f(0x1)\n\t/a.go:12 +0x1d\n" +
		"created by main.main in goroutine 1\n\t/a.go:3 +0x4\n\n" +
		"goroutine 8 [chan receive]:\nmain.f(0x1)\n\t/a.go:12 +0x1d\ncreated by main.main in goroutine 1\n\t/a.go:3 +0x4\n\n" +
		"goroutine 9 [select, 99999999999999999 minutes]:\nmain.f(0x1)\n\t/a.go:12 +0x1d\ncreated by main.main in goroutine 1\n\t/a.go:3 +0x4\n"
	all, err := readGoroutines(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got := groups(all, true)
	if len(got) != 2 || got[0].Count != 2 || got[0].State != "chan receive" || got[0].Longest != 5*time.Minute || got[1].Longest != 0 {
		t.Errorf("%+v", got)
	}
	if got := groups(all, false); len(got) != 1 || got[0].Count != 3 {
		t.Errorf("of whatever state: %+v", got)
	}
}

func TestShown(t *testing.T) {
	if got := shown("a\x1b[31m\nb\x00\u202ec\xff"); got != "a [31m b  c?" {
		t.Errorf("%q", got)
	}
	if got := []rune(shown(strings.Repeat("ä", 1000))); len(got) != mostShown || got[mostShown-1] != '…' {
		t.Errorf("%d characters", len(got))
	}
}

// A look that took a while is not made again until it was a fifth of a percent of the time.
func TestThrift(t *testing.T) {
	var l thrift
	if !l.due() {
		t.Error("the first one is not due")
	}
	begun := time.Now().Add(-time.Minute)
	l.spent(begun, liveThrift)
	if took := l.next.Sub(begun); took < 500*time.Minute || l.due() {
		t.Errorf("a minute in %v", took)
	}
}

// How long to wait follows the least of the last looks: what a busy machine adds is none of
// the process's time, and neither is the way to it.
func TestRest(t *testing.T) {
	const ms = time.Millisecond
	var r rest
	for range 3 {
		if r.spent(time.Second, 0); time.Duration(r.now.Load()) != firstRest || r.known() {
			t.Errorf("after the first: %v", time.Duration(r.now.Load()))
		}
	}
	r.begin()
	for i, c := range []struct{ took, idle, want time.Duration }{
		{2 * ms, 0, 398 * ms},
		{20 * ms, 5 * ms, 398 * ms},
		{ms, 0, 199 * ms},
		{10 * ms, ms, 199 * ms},
		{10 * ms, ms, 199 * ms},
		{10 * ms, ms, 199 * ms},
		{10 * ms, ms, 9 * 199 * ms}, // the whole costs more now
		{ms, ms, 0},                 // all of it is the way
	} {
		if r.spent(c.took, c.idle); time.Duration(r.now.Load()) != c.want || r.known() != (i >= 3) {
			t.Errorf("look %d took %v: %v, want %v", i, c.took, time.Duration(r.now.Load()), c.want)
		}
	}
}
