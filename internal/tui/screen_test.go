package tui

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// emulator is a terminal in its alternate screen.
func emulator(w, h int) *vt.Emulator {
	e := vt.NewEmulator(w, h)
	_, _ = e.WriteString(ansi.SetModeAltScreenSaveCursor)
	return e
}

// whole is a terminal on which lines were written as they are, and nothing before them.
func whole(frame string, w, h int) *vt.Emulator {
	e := emulator(w, h)
	for i, l := range strings.Split(frame, "\n") {
		_, _ = e.WriteString(ansi.CursorPosition(1, i+1) + l)
	}
	return e
}

// alike fails unless two terminals show the same.
func alike(t *testing.T, got, want *vt.Emulator, what string) {
	t.Helper()
	for y := range want.Height() {
		for x := range want.Width() {
			if g, w := got.CellAt(x, y), want.CellAt(x, y); !g.Equal(w) {
				t.Fatalf("%s: %q and not %q at column %d of line %d, styles %v and %v; shown is\n%s\nand should be\n%s",
					what, g.Content, w.Content, x, y, g.Style, w.Style, got, want)
			}
		}
	}
}

// Whatever the picture was before, the terminal shows what a terminal shows that was empty.
func TestScreenShowsTheFrame(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	keys := []string{"1", "2", "3", "?", "d", "enter", "esc", "down", "up", "pgdown", "end", "home", "o", "w", "r", "s", "/", "x", "世", "tab"}
	changed := 0
	for range 12 {
		w, h := 1+r.IntN(220), 1+r.IntN(70)
		e := emulator(w, h)
		s := &screen{out: e, up: true}
		b := newBoard(t, w, h, wild(r, 0), wild(r, 1))
		b.theme = []*theme{darkTheme, lightFew, monoTheme}[r.IntN(3)]
		var pressed []string
		for range 25 {
			k := keys[r.IntN(len(keys))]
			pressed = append(pressed, k)
			b.press(k)
			s.show(b.screen())
			alike(t, e, whole(b.screen(), w, h), fmt.Sprint(w, "x", h, " ", pressed))
			changed++
		}
	}
	// Lines of few characters and styles differ in all ways in which lines can.
	line := func() string {
		b := newBoard(t, 1, 1)
		b.theme = darkTheme
		row := b.row(r.IntN(12))
		for row.left() > 0 {
			row.put([]ink{inkPlain, inkPlain, inkTab, inkLive, inkBad}[r.IntN(5)], []string{"a", " ", "  ", "b", "世", "▒"}[r.IntN(6)])
			if row.left() == 1 {
				row.gap(1)
			}
		}
		return strings.TrimRight(row.line(), " ")
	}
	e := emulator(12, 3)
	s := &screen{out: e, up: true}
	for range 4000 {
		lines := []string{line(), line(), line()}
		frame := strings.Join(lines[:1+r.IntN(3)], "\n")
		before := strings.Join(s.lines, "\n")
		s.show(frame)
		alike(t, e, whole(frame, 12, 3), fmt.Sprintf("%q after %q", frame, before))
	}
}

// Only what differs is written, and nothing where nothing does.
func TestScreenWritesLittle(t *testing.T) {
	var out bytes.Buffer
	s := &screen{out: &out, up: true}
	s.show("heap 10 MB of 20 MB\nstacks 1 MB")
	out.Reset()
	s.show("heap 10 MB of 20 MB\nstacks 1 MB")
	if out.Len() != 0 {
		t.Errorf("%q for a frame that has not changed", out.String())
	}
	s.show("heap 12 MB of 21 MB\nstacks 1 MB")
	if got, want := out.String(), ansi.ResetModeAutoWrap+"\x1b[1;7H2\x1b[8C1"+ansi.SetModeAutoWrap; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestScreenSharesTheTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all bytes.Buffer
		e := vt.NewEmulator(10, 2)
		s := &screen{out: io.MultiWriter(e, &all), every: 100 * time.Millisecond}
		write := func(text string) {
			t.Helper()
			if n, err := s.Write([]byte(text)); n != len(text) || err != nil {
				t.Fatalf("writing: %d, %v", n, err)
			}
		}
		shows := func(frame, what string) {
			t.Helper()
			alike(t, e, whole(frame, 10, 2), what)
		}
		s.show("one")
		if all.Len() != 0 {
			t.Errorf("%q outside of the alternate screen", all.String())
		}
		time.Sleep(time.Second)
		write(ansi.SetModeAltScreenSaveCursor)
		shows("one", "after the alternate screen has come")
		write(ansi.EraseEntireScreen)
		shows("one", "after it has been cleared")
		s.show("two")
		s.show("three")
		shows("two", "at once")
		time.Sleep(99 * time.Millisecond)
		synctest.Wait()
		shows("two", "too early for the next")
		time.Sleep(time.Millisecond)
		synctest.Wait()
		shows("three", "the last one, when it is time")

		s.show("four")
		all.Reset()
		write(ansi.ResetModeAltScreenSaveCursor)
		time.Sleep(time.Second)
		s.show("five")
		synctest.Wait()
		if got := all.String(); got != ansi.ResetModeAltScreenSaveCursor {
			t.Errorf("%q is written when the alternate screen has gone", got)
		}
	})
}

// failing is a terminal that loses what is written while it is told to.
type failing struct {
	io.Writer
	fails bool
}

func (f *failing) Write(b []byte) (int, error) {
	if f.fails {
		return 0, io.ErrClosedPipe
	}
	return f.Writer.Write(b)
}

// What could not be written is not taken for what stands there.
func TestScreenAfterALostFrame(t *testing.T) {
	e := emulator(10, 2)
	f := &failing{Writer: e}
	s := &screen{out: f, up: true}
	s.show("one")
	f.fails = true
	s.show("two")
	if _, err := s.Write([]byte("x")); err == nil {
		t.Error("Bubble Tea is not told that the terminal takes nothing")
	}
	f.fails = false
	s.show("two")
	alike(t, e, whole("two", 10, 2), "after a frame was lost")
}

// A frame that cannot be drawn leaves nothing of itself behind, and is told of where Bubble
// Tea sees it.
func TestScreenAfterAPanic(t *testing.T) {
	var out bytes.Buffer
	s := &screen{out: &out, up: true, batched: true, buf: []byte("before")}
	s.safely(func() {
		s.buf = append(s.buf, ansi.ResetModeAutoWrap...)
		panic("half a frame")
	})
	if string(s.buf) != "before" {
		t.Errorf("left is %q", s.buf)
	}
	if _, err := s.Write([]byte("bye")); err != nil || out.String() != "bye" {
		t.Errorf("%q, %v", out.String(), err)
	}
	defer func() {
		if r := recover(); !strings.Contains(fmt.Sprint(r), "half a frame") {
			t.Errorf("panic: %v", r)
		}
	}()
	s.show("another")
	t.Error("nobody hears of it")
}

// A terminal that says that it can be told to show a frame at once is told to.
func TestScreenBatches(t *testing.T) {
	var out bytes.Buffer
	s := &screen{out: &out, up: true}
	p := program{newBoard(t, 80, 24, sample(0)).model, s}
	for _, c := range []struct {
		value ansi.ModeSetting
		want  bool
	}{{ansi.ModeNotRecognized, false}, {ansi.ModeReset, true}} {
		out.Reset()
		p.Update(tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: c.value})
		p.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		p.View()
		got := strings.HasPrefix(out.String(), ansi.SetModeSynchronizedOutput) && strings.HasSuffix(out.String(), ansi.ResetModeSynchronizedOutput)
		if got != c.want || !strings.Contains(out.String(), ansi.EraseEntireScreen) {
			t.Errorf("mode %v: %q", c.value, out.String())
		}
	}
}
