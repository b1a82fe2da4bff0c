package inspect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// holding starts the program of testdata/holders, whose memory profile leaves nothing out.
func holding(t testing.TB) *target {
	t.Helper()
	return start(t, buildProgram(t, "holders"), "GODEBUG=memprofilerate=1")
}

// allocatedAt reports stacks whose innermost line of the program has a mark at its end.
func allocatedAt(t testing.TB, mark string) func([]highwater.Frame) bool {
	line := sourceOf(t, "holders", mark)
	return func(stack []highwater.Frame) bool {
		i := slices.IndexFunc(stack, func(f highwater.Frame) bool { return strings.HasPrefix(f.Func, "main.") })
		return i >= 0 && stack[i].Line == line
	}
}

// held is what one thing of the program holds.
var held = []struct {
	does    string
	n       int
	mark    string // of where the objects are allocated
	objects int64
	kind    highwater.HolderKind
	path    string
	holds   string // the step that holds them, "" for the root
}{
	{"map", 1000, "session", 1000, highwater.HolderGlobal, "main.store *main.Store .sessions map[string]*main.Session → [] *main.Session", ".sessions map[string]*main.Session"},
	{"map", 1000, "text", 4000, highwater.HolderGlobal, "main.store *main.Store .sessions map[string]*main.Session → [] *main.Session → .history []main.Line → [].text *[64]uint8", ".sessions map[string]*main.Session"},
	{"slice", 3000, "item", 3000, highwater.HolderGlobal, "main.cache .inner.items []*main.Item → [] *main.Item", ".inner.items []*main.Item"},
	{"local", 2000, "mine", 2000, highwater.HolderGoroutine, "main.keeper, in a goroutine that main.did started (main.go:LINE) []*[32]*int → [] *[32]*int", "[]*[32]*int"},
	{"closure", 1500, "seen", 1500, highwater.HolderGlobal, "main.hook func() int (main.did.counter.func1) → captured seen []*[64]*int → [] *[64]*int", "captured seen []*[64]*int"},
	{"channel", 800, "job", 800, highwater.HolderGlobal, "main.queue chan *main.Job → [] *main.Job", "chan *main.Job"},
	{"list", 10_000, "node", 9999, highwater.HolderGlobal, "main.list *main.Node → .next *main.Node ×9999", ".next *main.Node ×9999"},
	{"sync", 700, "value", 700, highwater.HolderGlobal, "main.shared .m.root *sync.indirect[any,any] → .children[] *sync.node[any,any] ×N → .value any(*[128]*int)", ".m.root *sync.indirect[any,any]"},
	{"interface", 900, "chunk", 900, highwater.HolderGlobal, "main.buffer main.Buffer(*main.ring) → .b []*main.Chunk → [] *main.Chunk", ".b []*main.Chunk"},
	{"blobs", 500, "blob", 500, highwater.HolderGlobal, "main.blobs [][]uint8 → [] []uint8", "[][]uint8"},
}

// All objects are held by what the program holds them with, through the path that its
// source has, and what only that keeps alive is by how much the heap had grown.
func TestHolders(t *testing.T) {
	prog := holding(t)
	p := prog.open()
	grown := map[string]int64{}
	for _, c := range held {
		if grown[c.does] == 0 {
			var n int64
			prog.ask(fmt.Sprint(c.does, " ", c.n), &n)
			grown[c.does] = n
		}
	}
	for _, busy := range []string{"quiet", "busy"} {
		if busy == "busy" {
			prog.do2("busy")
		}
		for _, c := range held {
			t.Run(busy+"/"+c.mark, func(t *testing.T) {
				h, err := p.Holders(context.Background(), HoldersOptions{Match: allocatedAt(t, c.mark), MaxStop: time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				if h.Bytes < 8_000_000 || h.Objects < 25_000 || h.Stopped <= 0 || h.Rate != 1 {
					t.Errorf("%+v", h)
				}
				got := h.Holders[0]
				path := strings.ReplaceAll(c.path, "LINE", strconv.Itoa(sourceOf(t, "holders", "starts")))
				if c.does == "sync" { // its depth depends on a random seed
					for _, s := range got.Path {
						if s.Repeats > 1 {
							path = strings.ReplaceAll(path, "×N", "×"+strconv.Itoa(s.Repeats))
						}
					}
				}
				if got.String() != path || got.Kind != c.kind || got.Roots != 1 {
					t.Errorf("%s, %d %s\nwant %s, a %s", got, got.Roots, got.Kind, path, c.kind)
				}
				if got.Objects != c.objects || got.Sampled != int(c.objects) {
					t.Errorf("%d objects, %d sampled, want %d", got.Objects, got.Sampled, c.objects)
				}
				if d := got.Retained - grown[c.does]; got.Shared || max(d, -d) > grown[c.does]/10 {
					t.Errorf("%d bytes are retained (shared: %v, also by %q), want %d", got.Retained, got.Shared, got.Also, grown[c.does])
				}
				if got.Holds < 0 || got.Path[got.Holds].String() != c.holds {
					t.Errorf("they are held by step %d, want %s", got.Holds, c.holds)
				}
				if states := states(prog.cmd.Process.Pid); strings.Contains(states, "T") {
					t.Errorf("it was left stopped: %s", states)
				}
			})
		}
	}
}

// do2 asks for something whose answer is a number that says nothing.
func (p *target) do2(what string) {
	p.Helper()
	var n int64
	p.ask(what, &n)
}

// states are the letters of all threads' states.
func states(pid int) string {
	var b strings.Builder
	for _, id := range procfs.Root.Threads(pid) {
		b.WriteByte(procfs.Root.ThreadState(pid, id))
	}
	return b.String()
}

// A program that somebody else has stopped is read, and stays as it is.
func TestStoppedAlready(t *testing.T) {
	prog := holding(t)
	p := prog.open()
	prog.do2("blobs 300")
	if err := prog.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	within(t, "all threads stopped", func() bool { s := states(prog.cmd.Process.Pid); return s != "" && strings.Trim(s, "T") == "" })
	h, err := p.Holders(context.Background(), HoldersOptions{Match: allocatedAt(t, "blob")})
	if err != nil || h.Holders[0].Root != "main.blobs" || h.Stopped != 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if s := states(prog.cmd.Process.Pid); strings.Trim(s, "T") != "" {
		t.Errorf("it goes on: %s", s)
	}
	if err := prog.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	prog.do2("blobs 1") // it does
}

// Whatever is in the way, the program goes on.
func TestGoesOn(t *testing.T) {
	prog := holding(t)
	p := prog.open()
	prog.do2("list 200000")
	goesOn := func(t *testing.T) {
		t.Helper()
		prog.do2("blobs 1")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		o    HoldersOptions
		want error
	}{
		"too short": {context.Background(), HoldersOptions{MaxStop: time.Microsecond}, ErrBusy},
		"too large": {context.Background(), HoldersOptions{MaxBytes: 1 << 20}, ErrLarge},
		"nothing":   {context.Background(), HoldersOptions{Sites: []string{"none"}, MaxStop: time.Minute}, ErrNoObjects},
		"cancelled": {ended, HoldersOptions{}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := p.Holders(c.ctx, c.o); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			goesOn(t)
		})
	}
	t.Run("panic", func(t *testing.T) {
		func() {
			defer func() { _ = recover() }()
			s, err := p.stop(context.Background(), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			defer s.resume()
			panic("while it stands still")
		}()
		goesOn(t)
	})
	t.Run("somebody lets it go on", func(t *testing.T) {
		s, err := p.stop(context.Background(), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		defer s.resume()
		if err := s.settled(); err != nil {
			t.Error(err)
		}
		if err := prog.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		within(t, "that it is noticed", func() bool { return s.settled() != nil })
	})
}

// A program that ends while it is read has ended.
func TestEndsMeanwhile(t *testing.T) {
	prog := holding(t)
	p := prog.open()
	prog.do2("list 1000")
	s, err := p.stop(context.Background(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer s.resume()
	if err := prog.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	within(t, "its end", func() bool { return p.copyHeap(context.Background(), s, &picture{}, nil, 1<<30) != nil })
	if err := p.copyHeap(context.Background(), s, &picture{}, nil, 1<<30); !errors.Is(err, ErrGone) {
		t.Errorf("%v", err)
	}
	if _, err := p.Holders(context.Background(), HoldersOptions{}); !errors.Is(err, ErrGone) {
		t.Errorf("%v", err)
	}
}

// envStop makes the test binary stop a process, say so, and wait for its own end.
const envStop = "HIGHWATER_INSPECT_STOP"

func stopIt(pid string) {
	n, _ := strconv.Atoi(pid)
	p, err := Open(procfs.Root, n)
	if err == nil {
		_, err = p.stop(context.Background(), time.Hour)
	}
	fmt.Println(err)
	select {}
}

// Who stopped it may be killed: it goes on.
func TestKilledMeanwhile(t *testing.T) {
	prog := holding(t)
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), envStop+"="+strconv.Itoa(prog.cmd.Process.Pid))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	said := make([]byte, 100)
	if n, err := out.Read(said); err != nil || string(said[:n]) != "<nil>\n" {
		t.Fatalf("it says %q, %v", said[:n], err)
	}
	if s := states(prog.cmd.Process.Pid); strings.Trim(s, "T") != "" {
		t.Fatalf("it is not stopped: %s", s)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	within(t, "that it goes on", func() bool { return !strings.Contains(states(prog.cmd.Process.Pid), "T") })
	prog.do2("list 10")
}

// Who stopped it may be stopped as well: its time passes all the same.
func TestTimePasses(t *testing.T) {
	prog := holding(t)
	g, err := watchOver(prog.cmd.Process.Pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer g.end()
	if err := prog.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	within(t, "that it goes on", func() bool { return !strings.Contains(states(prog.cmd.Process.Pid), "T") })
	prog.do2("list 10")
}
