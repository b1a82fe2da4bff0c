package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

func TestQuit(t *testing.T) {
	for _, keys := range [][]string{{"q"}, {"ctrl+c"}, {"/", "q", "ctrl+c"}, {"?", "q"}, {"enter", "q"}} {
		for _, size := range [][2]int{{80, 24}, {20, 5}, {1, 1}} {
			if !newBoard(t, size[0], size[1], sample(0)).press(keys...) {
				t.Errorf("%v does not quit at %v", keys, size)
			}
		}
	}
	b := newBoard(t, 80, 24, sample(0))
	if b.press("/", "q") {
		t.Error("q quits while a filter is typed")
	}
}

func TestViews(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	for _, step := range []struct{ key, shows string }{
		{"tab", "[2 Processes]"},
		{"tab", "[3 GC]"},
		{"tab", "[1 Memory]"},
		{"shift+tab", "[3 GC]"},
		{"1", "[1 Memory]"},
		{"2", "process tree"},
		{"3", "pressure"},
		{"?", "keys ──"},
		{"?", "pressure"},
		{"?", "keys ──"},
		{"esc", "pressure"},
		{"x", "no key for that"},
	} {
		b.press(step.key)
		b.shows(step.shows)
	}
}

// The longest words for how long a goroutine has waited stand apart from the figure before
// them, and whole.
func TestWaitingIsWhole(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.press("2")
	b.shows("0  3 h 59 min  chan receive")
}

func TestCursorStaysWithItsRow(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.shows(">  4.00 MB")
	b.press("down", "down")
	b.shows(">  1.80 MB")
	grown := sample(10)
	grown.Sites[2].Bytes = 50_000_000 // it is the first now
	b.target.looks, b.target.looked = []highwater.Snapshot{grown}, 0
	b.look()
	b.shows(">  50.0 MB")
	b.press("down")
	b.shows(">  4.40 MB")
	b.press("end")
	b.shows(">   260 KB")
	b.press("down", "pgdown")
	b.shows(">   260 KB")
	b.press("pgup", "pgup", "up")
	b.shows(">  50.0 MB")
	b.press("j", "k", "home")
	b.shows(">  50.0 MB")
}

func TestOrder(t *testing.T) {
	b := newBoard(t, 80, 24, minutes(1)...)
	sites := []func(*live.SiteRow) float64{
		func(r *live.SiteRow) float64 { return float64(r.Bytes) }, func(r *live.SiteRow) float64 { return float64(r.Change) },
		func(r *live.SiteRow) float64 { return r.Rate }, func(r *live.SiteRow) float64 { return float64(r.Allocated.Bytes) },
	}
	for i := range sites {
		b.shows("allocation sites, by " + orders[tabMemory][i])
		falls(t, orders[tabMemory][i], b.sites(), sites[i])
		b.press("o")
	}
	b.press("2")
	groups := []func(*live.GroupRow) float64{
		func(r *live.GroupRow) float64 { return float64(r.Count) }, func(r *live.GroupRow) float64 { return float64(r.Change) },
		func(r *live.GroupRow) float64 { return float64(r.Longest) },
	}
	for i := range groups {
		falls(t, orders[tabProcesses][i], b.groups(), groups[i])
		b.press("o")
		b.shows("in order of " + orders[tabProcesses][i+1])
	}
	b.press("3")
	cycles := []func(*live.CycleRow) float64{
		func(r *live.CycleRow) float64 { return float64(r.Number) }, func(r *live.CycleRow) float64 { return float64(r.Pause) },
		func(r *live.CycleRow) float64 { return float64(r.Took) }, func(r *live.CycleRow) float64 { return float64(r.Before) },
	}
	for i := range cycles {
		falls(t, orders[tabGC][i], b.cycles(), cycles[i])
		b.press("o")
	}
}

// falls fails unless each row has at most as much as the one before.
func falls[T any](t *testing.T, what string, rows []*T, of func(*T) float64) {
	t.Helper()
	if len(rows) < 2 {
		t.Fatalf("by %s: %d rows", what, len(rows))
	}
	for i := range len(rows) - 1 {
		if of(rows[i]) < of(rows[i+1]) {
			t.Errorf("by %s: row %d has %v, the next has %v", what, i, of(rows[i]), of(rows[i+1]))
		}
	}
}

func TestFilter(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.press("/", "S", "E", "S", "S", "x", "backspace")
	b.shows("/SESS▏", "web.(*Session).read", "web.newSession", "(2 of 6)")
	b.lacks("cache.(*Store).Put (")
	b.press("enter")
	b.shows("only what matches /SESS")
	b.press("/", "ctrl+u", "z", "z", "enter")
	b.shows("no site matches /zz")
	b.press("enter")
	b.shows("there is nothing to show the detail of")
	b.press("esc")
	b.shows("(6)")
	b.press("/", "s", "down")
	b.shows(">  2.50 MB")
	b.press("/")
	b.Update(tea.PasteMsg{Content: "\x1b[31mred\nline"})
	b.shows(`\x1b[31mred line▏`)
	b.press("esc", "2", "/", "s", "e", "l", "e", "c", "t")
	b.shows("select", "(1 of 5)")
	b.press("esc", "3", "/", "f", "o", "r")
	b.shows("forced")
	b.lacks(" heap ")
}

// What the user asked for with --target is all that is listed.
func TestOnly(t *testing.T) {
	for _, c := range []struct {
		only  string
		shown []string
	}{
		{"Session", []string{"web.(*Session).read", "web.newSession", "(2 of 6)"}},
		{"nowhere", []string{"no site is of what was asked for with --target"}},
	} {
		b := newBoard(t, 80, 24, sample(0), sample(1))
		b.Only = func(function string) bool { return strings.Contains(function, c.only) }
		b.lists, b.panels = lists{}, map[string]panel{}
		b.press("/", "esc") // has it drawn anew
		b.shows(c.shown...)
		b.lacks("cache.(*Store).Put (")
	}
}

func TestPauseKeepsCollecting(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.press("p")
	b.target.looks, b.target.looked = []highwater.Snapshot{sample(7)}, 0
	b.look()
	b.shows("PAUSED", "12:00:01, watched", "the newest look is of 12:00:07")
	if b.target.looked != 1 || b.latest.Looks != 3 {
		t.Error("nobody looks while the picture stands")
	}
	b.press("r") // acts behind the picture
	b.shows("the picture stands until p", "12:00:01, watched")
	b.press("p")
	b.shows("12:00:07, watched for 7 s", "count from 12:00:07")
	b.lacks("PAUSED")
}

func TestReset(t *testing.T) {
	b := newBoard(t, 80, 24, minutes(1)...)
	b.shows("+2.40 MB")
	b.press("r")
	b.shows("statistics count from 12:01:00 on")
	b.lacks("+2.40 MB")
	empty := newBoard(t, 80, 24)
	empty.press("r")
	empty.shows("nothing has been seen yet")
}

func TestCollect(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.press("g")
	b.shows("collected")
	b.target.collect = errors.New("the endpoint\x1b[2J does not answer")
	b.press("g")
	b.shows(`cannot collect: the endpoint\x1b[2J does not answer`)
	_, first := b.Update(tea.KeyPressMsg{Code: 'g', Text: "g"})
	b.shows("collecting …")
	b.press("s")
	b.shows("still collecting")
	b.run(first)
	blind := newBoard(t, 80, 24, outside(0))
	blind.press("g")
	blind.shows("cannot collect: the process was not built with the probe")
}

func TestSnapshots(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.press("d")
	b.shows("take them with s, 0 so far")
	b.target.looks, b.target.looked = []highwater.Snapshot{sample(30), sample(60), sample(90)}, 0
	b.press("s")
	b.shows("snapshot kept: /runs/1.json")
	b.press("s")
	b.shows("/runs/2.json; d compares")
	b.press("d")
	b.shows("what changed from 12:00:30 to 12:01:00")
	b.press("end")
	b.shows("goroutines by origin")
	b.press("home")
	b.shows("RSS consists of")
	b.press("d", "s", "d")
	b.shows("what changed from 12:01:00 to 12:01:30")
	b.press("esc")
	b.lacks("what changed")
	b.target.keepErr = errors.New("no space left on device")
	b.press("s")
	b.shows("no snapshot: no space left on device")
}

func TestDetail(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.press("enter")
	b.shows("allocation site cache.(*Store).Put", "> example.org/server/cache", ">    88      // line 88 of the store")
	b.press("down")
	b.shows("> example.org/server/web.(*Server).serve", "the source cannot be read: open /src/server/web/server.go")
	b.press("home", "up")
	b.shows("> runtime.growslice")
	b.target.looks, b.target.looked = []highwater.Snapshot{sample(20)}, 0
	b.look()
	b.shows("+800 KB") // it follows its site
	gone := sample(30)
	gone.Sites = gone.Sites[1:]
	b.target.looks, b.target.looked = []highwater.Snapshot{gone}, 0
	b.look()
	b.shows("not in the newest picture any more", "+800 KB")
	b.press("esc", "2", "enter")
	b.shows("goroutines created at")
	b.press("esc", "3", "enter")
	b.shows("a collection has no more detail")
}

func TestWindow(t *testing.T) {
	var looks []highwater.Snapshot
	for i := range 700 {
		looks = append(looks, sample(i))
	}
	b := newBoard(t, 80, 24, looks...)
	b.shows("newest looks", "└12:01:40")
	b.press("w")
	b.shows("whole time", "└12:00:0")
}

// A look that hangs leaves the keys alone, is told of, and is the only one.
func TestHangingLook(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	_, cmd := b.Update(tickMsg{})
	if !b.asking || cmd == nil {
		t.Fatal("no look after an interval")
	}
	b.now = b.now.Add(2 * time.Second)
	b.Update(tickMsg{})
	b.lacks("no answer")
	asked := b.asked
	b.now = b.now.Add(time.Second)
	b.Update(tickMsg{})
	b.shows("no answer for 3 s")
	if b.asked != asked {
		t.Error("a second look began before the first was over")
	}
	b.press("2")
	b.shows("[2 Processes]")
	b.run(b.watch.look(b.ctx))
	b.lacks("no answer")
}

func TestEndAndTrouble(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0), sample(1))
	b.target.err = errors.New("connection refused")
	b.look()
	b.shows("the last look failed", "connection refused", "12:00:01")
	// A message that is longer than a line is there as a whole, and the keys stay.
	long := "http://localhost:6060/debug/pprof/heap?debug=1: " + strings.Repeat("word ", 20) + "is the program running?"
	b.target.err = errors.New(long)
	b.look()
	if text := strings.Join(strings.Fields(plain(b.screen())), " "); !strings.Contains(text, long) || strings.Count(b.screen(), "\n") != 23 {
		t.Error(b.screen())
	}
	b.shows("quit")
	b.target.err = errors.New("begin " + strings.Repeat("word ", 200) + "end")
	b.look()
	b.shows("begin word", "…", "word end", "quit")
	b.target.err = nil
	b.look()
	b.lacks("connection refused")
	b.target.err = fmt.Errorf("%w: killed by signal 9", errGone)
	b.look()
	b.shows("ENDED", "killed by signal 9", "cache.(*Store).Put")
	if b.due() != nil {
		t.Error("a target that has ended is looked at")
	}
	b.press("g")
	b.shows("the target has ended")
	b.press("2")
	b.shows("process tree")
	last := sample(2)
	last.Ended = "exited with status 1"
	b = newBoard(t, 80, 24, sample(0), last)
	b.shows("ENDED: exited with status 1")
}

// One that is stopped by a signal answers looks from outside, and does nothing.
func TestStopped(t *testing.T) {
	s := sample(3)
	for i := range s.Processes {
		s.Processes[i].Stopped = s.Processes[i].PID == s.PID
	}
	b := newBoard(t, 80, 24, s)
	b.shows("STOPPED by a signal or a debugger")
	b.press("2")
	b.shows("stopped") // in the tree
	b = newBoard(t, 80, 24, sample(3))
	b.press("2")
	if strings.Contains(strings.ToLower(b.screen()), "stopped") {
		t.Error(b.screen())
	}
}

func TestBackground(t *testing.T) {
	for env, dark := range map[string]bool{"": true, "COLORFGBG=15;0": true, "COLORFGBG=0;15": false, "COLORFGBG=0;default;7": false} {
		if got := darkByEnvironment([]string{"TERM=xterm", env}); got != dark {
			t.Errorf("%q: dark is %v", env, got)
		}
	}
}

// The console of Linux has no braille: charts are of half blocks there.
func TestDots(t *testing.T) {
	for _, c := range []struct {
		bits         uint8
		fine, coarse rune
	}{{0x01, '⠁', '▀'}, {0x12, '⠒', '▀'}, {0x80, '⢀', '▄'}, {0x64, '⡤', '▄'}, {0x41, '⡁', '█'}, {0xff, '⣿', '█'}} {
		if fine, coarse := dotsFor([]string{"TERM=xterm"})(c.bits), dotsFor([]string{"A=b", "TERM=linux-16color"})(c.bits); fine != c.fine || coarse != c.coarse {
			t.Errorf("%#x: %c and %c, want %c and %c", c.bits, fine, coarse, c.fine, c.coarse)
		}
	}
}

// What looks cost is not to be much of what the target does.
func TestTheTargetIsSpared(t *testing.T) {
	b := newBoard(t, 80, 24, sample(0))
	b.Rest = func() time.Duration { return 5 * time.Second }
	b.asked, b.seen = b.now, b.now
	for second := range 7 {
		if due := b.due() != nil; due != (second == 5) {
			t.Errorf("after %d s: due %v", second, due)
		} else if due {
			b.seen = b.now
		}
		b.asking, b.now = false, b.now.Add(time.Second)
	}
	b.look()
	b.shows("live, every 6 s to spare it")
}
