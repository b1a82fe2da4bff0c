package probe

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// The golden texts were printed by testdata/goroutines/main.go, built by the
// three Go releases in use. The numbers of lines are those of that file.
func TestParseGoroutines(t *testing.T) {
	for _, release := range []string{"go1.24", "go1.25", "go1.26"} {
		text, err := os.ReadFile(filepath.Join("testdata", "goroutines", release+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		gs := parseGoroutines(text)
		want := []struct {
			state   string
			top     Frame // innermost frame of the program
			frames  int
			created Frame
		}{
			{"running", frame("main.main", 57), 1, Frame{}},
			{"chan receive", frame("main.(*pool[...]).work", 18), 1, frame("main.(*pool[...]).start", 20)},
			{"sync.Mutex.Lock", frame("main.(*server).serve", 25), 5, frame("main.(*server).open", 27)},
			// A hundred of its frames are printed, and a line for those left out.
			{"chan receive", frame("main.deep", 31), 100, frame("main.main", 48)},
			{"select (no cases)", frame("main.main.func1", 49), 2, frame("main.each[...]", 38)},
			{"chan receive, locked to thread", frame("main.main.func2", 52), 1, frame("main.main", 50)},
			{"chan receive", frame("main.main.func3", 54), 1, Frame{Func: "time.goFunc", File: "time/sleep.go", Line: 215}},
		}
		if len(gs) != len(want) {
			t.Fatalf("%s: %d goroutines, want %d", release, len(gs), len(want))
		}
		for i, w := range want {
			g := gs[i]
			if g.id <= 0 || g.state != w.state || g.created != w.created || len(g.stack) != w.frames {
				t.Errorf("%s: goroutine %d is %q with %d frames, created by %v; want %q, %d, %v", release, g.id, g.state, len(g.stack), g.created, w.state, w.frames, w.created)
			}
			for _, f := range g.stack {
				if f.Func == "" || strings.ContainsAny(f.Func, " \t") || !strings.HasSuffix(f.File, ".go") || f.Line <= 0 {
					t.Errorf("%s: goroutine %d has the frame %+v", release, g.id, f)
				}
			}
			if top, ok := innermost(g.stack); !ok || top != w.top {
				t.Errorf("%s: goroutine %d is at %+v, want %+v", release, g.id, top, w.top)
			}
		}
	}
}

func frame(function string, line int) Frame {
	return Frame{Func: function, File: "./main.go", Line: line}
}

func innermost(stack []Frame) (Frame, bool) {
	for _, f := range stack {
		if strings.HasPrefix(f.Func, "main.") {
			return f, true
		}
	}
	return Frame{}, false
}

func TestParseFrame(t *testing.T) {
	for _, c := range []struct {
		call, position string
		want           Frame
	}{
		{"main.main()", "\t/src/x.go:12 +0x1d", Frame{"main.main", "/src/x.go", 12}},
		{"main.f(...)", "\t/src/x.go:7", Frame{"main.f", "/src/x.go", 7}},
		{"net/http.(*Server).Serve(0xc0001, {0x1, 0x2})", "\t/go/src/net/http/server.go:3424 +0x30c", Frame{"net/http.(*Server).Serve", "/go/src/net/http/server.go", 3424}},
		{"example.com/a%2eb.F[...](0x1)", "\t/a b/c:d.go:1 +0x2", Frame{"example.com/a%2eb.F[...]", "/a b/c:d.go", 1}},
		{"main.(*T[...]).Run.func1.2()", "\tC:/x/y.go:33 +0x2", Frame{"main.(*T[...]).Run.func1.2", "C:/x/y.go", 33}},
		{"created by net/http.(*Server).Serve in goroutine 1", "\t/x.go:5 +0x1", Frame{"created by net/http.(*Server).Serve in goroutine 1", "/x.go", 5}},
		{"", "", Frame{}},
	} {
		if got := parseFrame(c.call, c.position); got != c.want {
			t.Errorf("%q, %q: got %+v, want %+v", c.call, c.position, got, c.want)
		}
	}
}

// Whatever the text, every goroutine that is found has frames of two lines.
func FuzzParseGoroutines(f *testing.F) {
	f.Add([]byte("goroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1\n\ngoroutine 2 [running]:\n\tgoroutine running on other thread; stack unavailable\ncreated by main.main in goroutine 1\n\t/x.go:2 +0x5\n"))
	f.Add([]byte("goroutine 5 [chan receive, 5 minutes, synctest bubble 1]:\nmain.f(...)\n\t/x.go:1\n...additional frames elided...\ncreated by main.g\n\t/x.go:3"))
	f.Add([]byte("\n\ngoroutine x\n\ngoroutine 3\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, g := range parseGoroutines(text) {
			if lines := strings.Count(string(text), "\n") + 1; 2*len(g.stack) >= lines {
				t.Errorf("%d frames in %d lines", len(g.stack), lines)
			}
		}
	})
}

func TestUnavailableStack(t *testing.T) {
	gs := parseGoroutines([]byte("goroutine 2 [running]:\n\tgoroutine running on other thread; stack unavailable\ncreated by main.main in goroutine 1\n\t/x.go:2 +0x5\n"))
	if len(gs) != 1 || len(gs[0].stack) != 0 || gs[0].created != (Frame{"main.main", "/x.go", 2}) {
		t.Errorf("got %+v", gs)
	}
}

//go:noinline
func waits(c chan int, ready *sync.WaitGroup) { ready.Done(); <-c }

//go:noinline
func alsoWaits(c chan int, ready *sync.WaitGroup) { ready.Done(); <-c }

func TestNewGoroutines(t *testing.T) {
	release := make(chan int)
	var ready, gone sync.WaitGroup
	ready.Add(1)
	gone.Go(func() { waits(release, &ready) }) // was there before
	ready.Wait()

	before := goroutineIDs()
	ready.Add(8)
	for i := range 8 { // of one origin, at two places
		wait := waits
		if i < 3 {
			wait = alsoWaits
		}
		go wait(release, &ready)
	}
	ready.Wait()
	waitGone(func() bool { // until they have come from Done to the channel
		for _, g := range newGoroutines(before) {
			if g.State != "chan receive" {
				return false
			}
		}
		return true
	})
	got := newGoroutines(before)
	close(release)
	gone.Wait()

	want := []struct {
		count    int
		function string
	}{{5, "waits"}, {3, "alsoWaits"}}
	if len(got) != len(want) {
		t.Fatalf("got %d groups, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.Count != w.count || g.State != "chan receive" || len(g.Stack) == 0 || !strings.HasSuffix(g.Stack[0].Func, "probe."+w.function) {
			t.Errorf("got %+v, want %d of %s", g, w.count, w.function)
		}
		if !strings.HasSuffix(g.Created.Func, ".TestNewGoroutines") || filepath.Base(g.Created.File) != "leftover_test.go" {
			t.Errorf("created by %+v", g.Created)
		}
	}
	waitGone(func() bool { return len(newGoroutines(before)) == 0 })
	if left := newGoroutines(before); len(left) != 0 {
		t.Errorf("those that have ended still count: %+v", left)
	}
}

// A program with many goroutines has more to say than the first buffer holds.
func TestManyGoroutines(t *testing.T) {
	const n = 2000
	before := goroutineIDs()
	release := make(chan int)
	var ready sync.WaitGroup
	ready.Add(n)
	for range n {
		go waits(release, &ready)
	}
	ready.Wait()
	total := 0
	for _, g := range newGoroutines(before) {
		total += g.Count
	}
	close(release)
	if total != n {
		t.Errorf("%d goroutines, want %d", total, n)
	}
	waitGone(func() bool { return runtime.NumGoroutine() < 100 })
}

func TestAdded(t *testing.T) {
	got := added(map[string]bool{"3 c": true, "1 a": true, "2 b": true}, map[string]bool{"2 b": true, "4 d": true})
	if strings.Join(got, ",") != "1 a,3 c" {
		t.Errorf("got %q", got)
	}
}
