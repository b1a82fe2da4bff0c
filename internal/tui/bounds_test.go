package tui

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/highwater-dev/highwater"
)

var hostile = []string{
	"\x1b[2J\x1b]0;title\x07", "a\r\nb\tc", "\u202egnp.exe", "e\u0301e\u0301\u0301\u0301", "世界世界世界世界", "👨‍👩‍👧‍👦👩🏽‍🚀🇩🇪", "\xff\xfe\x80",
	"\u200b\u200d\ufeff", "ᄀᄁᄂ한글", "\x9b31m", strings.Repeat("long", 3000), strings.Repeat("宽", 2000), "", " ", "\x00", "क्षि", "\U000e0001", "…·─",
}

// wild is a snapshot of anything that can be in one.
func wild(r *rand.Rand, second int) highwater.Snapshot {
	word := func() string { return hostile[r.IntN(len(hostile))] }
	n := func() int64 { return []int64{0, -1, 1, 5_000, 7_000_000, 1 << 40, 1<<62 - 1, -1 << 62}[r.IntN(8)] }
	frame := func() highwater.Frame { return highwater.Frame{Func: word() + word(), File: word(), Line: int(n())} }
	s := highwater.Snapshot{
		Source: highwater.SoakSource(word()), Name: word(), Go: word(), PID: 1, At: noon.Add(time.Duration(second) * time.Second),
		Memory:     highwater.Memory{Live: n(), Heap: n(), InUse: n(), Goal: n(), Limit: n(), Stacks: n(), Metadata: n(), Free: n(), Released: n(), Total: n(), RSS: n(), HighWater: n()},
		Goroutines: int(n()), Threads: int(n()), FDs: map[string]int{word(): int(n()), "file": 3}, States: map[string]int{word(): int(n())},
		GC: highwater.Collector{Cycles: int64(second), GOGC: int(n()), GCSeconds: float64(n()), TotalSeconds: float64(n()), Limited: n(), Pauses: []time.Duration{time.Duration(n())}},
	}
	for range r.IntN(30) {
		s.Sites = append(s.Sites, highwater.SiteUse{Site: highwater.Site{Bytes: n(), Objects: n(), Where: frame(), Stack: []highwater.Frame{frame(), frame()}, Fingerprint: word()}, Allocated: highwater.Allocated{Bytes: n()}})
		s.Groups = append(s.Groups, highwater.GoroutineGroup{Count: int(n()), State: word(), Created: frame(), Stack: []highwater.Frame{frame()}, Longest: time.Duration(n())})
		s.Cycles = append(s.Cycles, highwater.Cycle{Number: int64(len(s.Cycles) + 100*second), Before: n(), After: n(), Took: time.Duration(n()), Pause: time.Duration(n()), Why: word()})
		s.Processes = append(s.Processes, highwater.Process{PID: r.IntN(9), Parent: r.IntN(9), Command: word(), RSS: n()})
	}
	if r.IntN(2) == 0 {
		s.Lacks = map[highwater.Quantity]string{}
		for _, q := range []highwater.Quantity{highwater.QuantityMemory, highwater.QuantityGCCPU, highwater.QuantityCycles, highwater.QuantitySites, highwater.QuantityFDs} {
			s.Lacks[q] = word()
		}
	}
	return s
}

// within fails where a frame is larger than the terminal, by either way that terminals
// measure, or holds what is not text or style.
func within(t *testing.T, b *board, what string) {
	t.Helper()
	lines := strings.Split(b.screen(), "\n")
	if len(lines) > max(b.height, 1) {
		t.Fatalf("%s: %d lines at %dx%d", what, len(lines), b.width, b.height)
	}
	for _, l := range lines {
		if w, c := ansi.StringWidth(l), ansi.StringWidthWc(l); w > b.width || c > b.width {
			t.Fatalf("%s: a line of %d or %d columns at %dx%d: %q", what, w, c, b.width, b.height, l)
		}
		for _, r := range plain(l) {
			if !unicode.IsPrint(r) {
				t.Fatalf("%s: %U is on the screen: %q", what, r, l)
			}
		}
	}
}

func TestFramesFit(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	keys := []string{"1", "2", "3", "?", "d", "enter", "esc", "down", "up", "pgdown", "pgup", "end", "home", "o", "w", "r", "p", "s", "g", "/", "x", "世", "tab"}
	for range 25 {
		b := newBoard(t, 80, 24, wild(r, 0), wild(r, 1))
		b.theme = []*theme{darkTheme, lightTheme, monoTheme}[r.IntN(3)]
		for second := range 12 {
			b.width, b.height = 1+r.IntN(250), 1+r.IntN(80)
			b.target.looks, b.target.looked, b.target.err = []highwater.Snapshot{wild(r, second+2)}, 0, nil
			if r.IntN(3) == 0 {
				b.target.err = errors.New(hostile[r.IntN(len(hostile))] + " " + hostile[r.IntN(len(hostile))])
			}
			b.look()
			within(t, b, "a look")
			var pressed []string
			for range r.IntN(4) {
				k := keys[r.IntN(len(keys))]
				pressed = append(pressed, k)
				b.press(k)
				within(t, b, fmt.Sprint(pressed))
			}
		}
	}
	// Every size, with what is usual and what is not.
	for _, s := range [][]highwater.Snapshot{{sample(0), sample(2)}, {wild(r, 0), wild(r, 1)}} {
		b := newBoard(t, 80, 24, s...)
		for w := 1; w <= 250; w += 1 + w/8 {
			for h := 1; h <= 80; h += 1 + h/6 {
				for _, key := range []string{"1", "2", "3"} {
					b.width, b.height = w, h
					b.press(key)
					within(t, b, key)
				}
			}
		}
	}
}

func TestTextKeepsItsWidth(t *testing.T) {
	for _, a := range hostile {
		for _, b := range hostile {
			s := clean(a + b)
			if w := width(s); w != ansi.StringWidth(s) || w != ansi.StringWidthWc(s) {
				t.Errorf("%q is %d columns wide, and terminals say %d or %d", s, w, ansi.StringWidth(s), ansi.StringWidthWc(s))
			}
			for _, n := range []int{0, 1, 2, 3, 7, 40} {
				if c, m := width(cut(s, n)), width(middle(s, n)); c > n || m > n {
					t.Errorf("%q cut to %d columns has %d, or %d", s, n, c, m)
				}
				for _, l := range wrap(s, n) {
					if width(l) > n {
						t.Errorf("a line of %q is wider than %d: %q", s, n, l)
					}
				}
			}
		}
	}
	if got := middle("vt.(*Buffer).insertLine (scrollback.go:88)", 20); got != "vt.(*Buff…ack.go:88)" {
		t.Errorf("got %q", got)
	}
}
