package tui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/highwater-dev/highwater"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// sample is a server's memory at a number of seconds after noon: it takes requests, keeps
// some of what it reads, and collects every two seconds.
func sample(second int) highwater.Snapshot {
	t := float64(second)
	saw := (math.Mod(t, 2) + 0.5) / 2.5
	alive := int64(10e6 + 40e3*t + 3e6*math.Sin(t/20))
	heap := alive + int64(saw*float64(alive))
	cycles := int64(40 + second/2)
	s := highwater.Snapshot{
		Source: highwater.SourceProbe, Name: "server (pid 1234)", PID: 1234, Go: "go1.26.8",
		At: noon.Add(time.Duration(second) * time.Second),
		Memory: highwater.Memory{
			Live: alive, Heap: heap, InUse: heap + 1_200_000, Goal: 2 * alive, Limit: 100_000_000,
			Stacks: 2_400_000, Metadata: 3_100_000, Free: 2_000_000, Released: 4_000_000,
			HighWater: 52_000_000,
		},
		Allocated: highwater.Allocated{Bytes: int64(5e6 * t), Objects: int64(12_000 * t)},
		GC: highwater.Collector{
			Cycles: cycles, Forced: 3, GOGC: 100, GCSeconds: 0.12 * float64(cycles), AssistSeconds: 0.02 * float64(cycles),
			ScavengeSeconds: 0.001 * float64(cycles), UserSeconds: float64(cycles), IdleSeconds: 0.5 * float64(cycles), TotalSeconds: 2 * float64(cycles),
		},
		Goroutines: 412 + second, Threads: 18, FDs: map[string]int{"socket": 210, "file": 12, "pipe": 4, "epoll": 1},
		States:   map[string]int{"IO wait": 210, "select": 150 + second, "chan receive": 40, "running": 8, "syscall": 4},
		Rate:     512 << 10,
		SitesAt:  noon.Add(time.Duration(second/10*10) * time.Second),
		GroupsAt: noon.Add(time.Duration(second/5*5) * time.Second),
		Processes: []highwater.Process{
			{PID: 1234, Parent: 1, Command: "/usr/local/bin/server -listen :8080", RSS: 45_000_000, PSS: 44_000_000, Threads: 18},
			{PID: 1240, Parent: 1234, Command: "git cat-file --batch", RSS: 6_200_000, PSS: 4_100_000, Threads: 1},
		},
	}
	m := &s.Memory
	m.Total = m.InUse + m.Stacks + m.Metadata + m.Free + m.Released
	m.RSS = m.Total - m.Released + 9_000_000
	for i := max(len(s.GC.Pauses), 0); i < 64; i++ {
		s.GC.Pauses = append(s.GC.Pauses, time.Duration(40+(int(cycles)+i)*37%200)*time.Microsecond)
	}
	if second%2 == 0 {
		s.Cycles = []highwater.Cycle{{
			Number: cycles, End: s.At, Before: 2*alive - 400_000, Peak: 2*alive + 100_000, After: alive, Goal: 2 * alive,
			Took: 14 * time.Millisecond, Pause: time.Duration(40+(int(cycles)+63)*37%200) * time.Microsecond, Why: highwater.WhyHeap,
		}}
		if second%30 == 0 {
			s.Cycles[0].Why = highwater.WhyForced
		}
	}
	tens := int64(second / 10)
	for i, at := range []struct {
		name, file string
		line       int
		live       int64
		rate       int64
	}{
		{"example.org/server/cache.(*Store).Put", "/src/server/cache/store.go", 88, 4_000_000 + tens*400_000, 900_000},
		{"example.org/server/web.(*Session).read", "/src/server/web/session.go", 142, 2_500_000, 21_000_000},
		{"example.org/server/web.newSession", "/src/server/web/session.go", 31, 1_800_000 - tens*1000, 300_000},
		{"encoding/json.(*Decoder).refill", "/usr/lib/go/src/encoding/json/stream.go", 165, 700_000, 14_000_000},
		{"example.org/server/index.Build[...]", "/src/server/index/build.go", 7, 512_000, 0},
		{"bufio.NewReaderSize", "/usr/lib/go/src/bufio/bufio.go", 57, 260_000, 4000},
	} {
		f := highwater.Frame{Func: at.name, File: at.file, Line: at.line}
		s.Sites = append(s.Sites, highwater.SiteUse{
			Site: highwater.Site{
				Bytes: at.live, Objects: at.live / 512, Share: float64(at.live) / 20e6, Where: f, Fingerprint: fmt.Sprint("site", i),
				Stack: []highwater.Frame{
					{Func: "runtime.growslice", File: "/usr/lib/go/src/runtime/slice.go", Line: 178},
					f,
					{Func: "example.org/server/web.(*Server).serve", File: "/src/server/web/server.go", Line: 201},
					{Func: "main.main", File: "/src/server/main.go", Line: 40},
				},
			},
			Allocated: highwater.Allocated{Bytes: at.live + at.rate*tens, Objects: (at.live + at.rate*tens) / 512},
		})
	}
	fives := second / 5
	for i, g := range []struct {
		count       int
		state, name string
		wait        time.Duration
	}{
		{210, "IO wait", "net/http.(*Server).Serve", 0},
		{140 + 5*fives, "select", "example.org/server/web.(*Session).start", time.Duration(fives) * 5 * time.Second},
		{40, "chan receive", "example.org/server/pool.New", 3*time.Hour + 59*time.Minute},
		{8, "running", "example.org/server/pool.New", 0},
		{1, "chan receive", "", 0},
	} {
		created := highwater.Frame{Func: g.name, File: "/src/server/pool/pool.go", Line: 20 + i}
		if g.name == "" {
			created = highwater.Frame{}
		}
		s.Groups = append(s.Groups, highwater.GoroutineGroup{
			Count: g.count, State: g.state, Created: created, Longest: g.wait, Fingerprint: fmt.Sprint("group", i),
			Stack: []highwater.Frame{
				{Func: "runtime.gopark", File: "/usr/lib/go/src/runtime/proc.go", Line: 460},
				{Func: "example.org/server/web.(*Session).loop", File: "/src/server/web/session.go", Line: 77},
			},
		})
	}
	return s
}

// fake is a target that answers what it is told to.
type fake struct {
	name    string
	looks   []highwater.Snapshot
	looked  int
	err     error
	collect error
	kept    int
	keepErr error
}

func (f *fake) Name() string { return f.name }

func (f *fake) Look(context.Context) (highwater.Snapshot, error) {
	if f.err != nil {
		return highwater.Snapshot{}, f.err
	}
	f.looked++
	return f.looks[min(f.looked, len(f.looks))-1], nil
}

func (f *fake) Collect(context.Context) error { return f.collect }

func (f *fake) Snapshot(ctx context.Context) (string, highwater.Snapshot, error) {
	if f.keepErr != nil {
		return "", highwater.Snapshot{}, f.keepErr
	}
	f.kept++
	s, err := f.Look(ctx)
	return fmt.Sprintf("/runs/%d.json", f.kept), s, err
}

var errGone = errors.New("the process has gone")

// board is a dashboard in a test: keys go in, lines come out, and time passes as told.
type board struct {
	*model
	t      *testing.T
	target *fake
	now    time.Time
}

func newBoard(t *testing.T, w, h int, looks ...highwater.Snapshot) *board {
	t.Helper()
	b := &board{t: t, target: &fake{name: "server (pid 1234)", looks: looks}, now: noon}
	b.model = newModel(t.Context(), Options{
		Target: b.target, Now: func() time.Time { return b.now }, Environ: []string{"NO_COLOR=1"},
		Gone: func(err error) bool { return errors.Is(err, errGone) },
		Source: func(file string) ([]byte, error) {
			if !strings.HasSuffix(file, "store.go") {
				return nil, errors.New("open " + file + ": no such file")
			}
			var b strings.Builder
			for i := range 200 {
				fmt.Fprintf(&b, "\t// line %d of the store\n", i+1)
			}
			return []byte(b.String()), nil
		},
	})
	b.profile, b.theme = colorprofile.ASCII, monoTheme
	b.Update(tea.WindowSizeMsg{Width: w, Height: h})
	for range looks {
		b.look()
	}
	return b
}

// look is one look, with its answer.
func (b *board) look() {
	b.asking, b.asked = true, b.now
	b.run(b.watch.look(b.ctx))
	b.now = b.now.Add(time.Second)
}

// run does what a command does, and gives the answer to Update.
func (b *board) run(cmd tea.Cmd) {
	for cmd != nil {
		_, cmd = b.Update(cmd())
	}
}

var named = map[string]tea.KeyPressMsg{
	"tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "enter": {Code: tea.KeyEnter},
	"esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgup": {Code: tea.KeyPgUp},
	"pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"backspace": {Code: tea.KeyBackspace}, "ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl},
}

// press presses keys, and does what they begin. It reports whether one of them quits.
func (b *board) press(keys ...string) (quits bool) {
	b.t.Helper()
	for _, k := range keys {
		msg, ok := named[k]
		if !ok {
			r := []rune(k)
			if len(r) != 1 {
				b.t.Fatalf("no key %q", k)
			}
			msg = tea.KeyPressMsg{Code: r[0], Text: k}
		}
		_, cmd := b.Update(msg)
		for cmd != nil {
			msg := cmd()
			if _, quits := msg.(tea.QuitMsg); quits {
				return true
			}
			_, cmd = b.Update(msg)
		}
	}
	return false
}

func (b *board) screen() string { return b.View().Content }

// shows fails unless all the texts are on the screen.
func (b *board) shows(texts ...string) {
	b.t.Helper()
	s := b.screen()
	for _, text := range texts {
		if !strings.Contains(plain(s), text) {
			b.t.Errorf("%q is not on the screen:\n%s", text, s)
		}
	}
}

func (b *board) lacks(texts ...string) {
	b.t.Helper()
	s := b.screen()
	for _, text := range texts {
		if strings.Contains(plain(s), text) {
			b.t.Errorf("%q is on the screen:\n%s", text, s)
		}
	}
}

// plain is a screen without its styles.
func plain(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			break
		}
		_, s, _ = strings.Cut(rest, "m")
	}
	return b.String()
}

// minutes are looks, one each second.
func minutes(n int) []highwater.Snapshot {
	var all []highwater.Snapshot
	for i := range 60*n + 1 {
		all = append(all, sample(i))
	}
	return all
}
