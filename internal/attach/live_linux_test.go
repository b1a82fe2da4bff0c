package attach

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/procfs"
)

func look(t *testing.T, l Live, full bool) highwater.Snapshot {
	t.Helper()
	s, err := l.Look(t.Context(), full)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a look tells is what the process itself reads before and after it, and what the
// kernel tells.
func TestLiveURL(t *testing.T) {
	cmd, address, _ := start(t, "server", "GODEBUG=memprofilerate=4096")
	l, err := LiveURL("http://user:secret@"+address, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	truth := func() (m runtime.MemStats) {
		t.Helper()
		r, err := http.Get("http://" + address + "/stats")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := look(t, l, true)
	if len(first.Cycles) != 0 {
		t.Errorf("nothing was looked at before, and there are %d cycles", len(first.Cycles))
	}
	// The sites are as of the last collection.
	for range 2 {
		if err := l.Collect(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := truth()
	s := look(t, l, true)
	after := truth()
	between := func(what string, low uint64, got int64, high uint64) {
		t.Helper()
		if got < int64(low) || got > int64(high) {
			t.Errorf("%s: %d, want %d to %d", what, got, low, high)
		}
	}
	between("allocations are counted until", before.LastGC, s.AllocatedAt.UnixNano(), after.LastGC)
	between("allocated", before.TotalAlloc, s.Allocated.Bytes, after.TotalAlloc)
	between("objects", before.Mallocs, s.Allocated.Objects, after.Mallocs)
	between("cycles", uint64(before.NumGC), s.GC.Cycles, uint64(after.NumGC))
	between("forced", uint64(before.NumForcedGC), s.GC.Forced, uint64(after.NumForcedGC))
	between("mapped", before.Sys, s.Memory.Total, after.Sys)
	const held = servedObjects * servedSize
	between("heap", held, s.Memory.Heap, held+8<<20)
	between("in use", uint64(s.Memory.Heap), s.Memory.InUse, uint64(s.Memory.Heap)+8<<20)
	between("goal", held, s.Memory.Goal, 3*held)
	m := s.Memory
	if sum := m.InUse + m.Free + m.Released + m.Stacks + m.Metadata; sum != m.Total {
		t.Errorf("the parts are %d together, of %d", sum, m.Total)
	}
	sum := int64(0)
	for _, p := range m.Parts() {
		sum += p.Bytes
	}
	if sum != m.RSS || m.Live != 0 || s.Lacks[highwater.QuantityLive] == "" {
		t.Errorf("parts of %d, resident %d, live %d: %q", sum, m.RSS, m.Live, s.Lacks[highwater.QuantityLive])
	}
	if s.GC.Share <= 0 || s.GC.Share > 1 {
		t.Errorf("the collector's share is %v", s.GC.Share)
	}

	// Each cycle, with its pause and its end as the process has them.
	if len(s.Cycles) < 2 || len(s.GC.Pauses) != int(min(s.GC.Cycles, 256)) {
		t.Fatalf("%d cycles, %d pauses of %d", len(s.Cycles), len(s.GC.Pauses), s.GC.Cycles)
	}
	for _, c := range s.Cycles {
		i := (c.Number - 1) % 256
		if c.Pause != time.Duration(after.PauseNs[i]) || c.End.UnixNano() != int64(after.PauseEnd[i]) || c.Pause <= 0 {
			t.Errorf("%+v, want a pause of %d and an end at %d", c, after.PauseNs[i], after.PauseEnd[i])
		}
	}
	if c := s.Cycles[0]; c.Number != first.GC.Cycles+1 || c.Goal != first.Memory.Goal {
		t.Errorf("the first cycle is %+v, after %d with the goal %d", c, first.GC.Cycles, first.Memory.Goal)
	}

	// Where it listens tells which process it is.
	if s.PID != cmd.Process.Pid || s.Go != runtime.Version() {
		t.Fatalf("process %d, want %d, of Go %q: %v", s.PID, cmd.Process.Pid, s.Go, s.Lacks)
	}
	status, err := procfs.Root.Status(s.PID)
	if err != nil {
		t.Fatal(err)
	}
	if rss := procfs.Root.Resident(s.PID); s.Memory.RSS < rss/2 || s.Memory.RSS > 2*rss || s.Memory.HighWater < held {
		t.Errorf("RSS %d and at most %d, and now %d", s.Memory.RSS, s.Memory.HighWater, rss)
	}
	if s.Threads < 2 || s.Threads > status.Threads || s.FDs["socket"] < 1 || len(s.Processes) != 1 || s.Processes[0].PID != s.PID ||
		s.Processes[0].PSS <= 0 || !strings.Contains(s.Processes[0].Command, "attach.test") {
		t.Errorf("%d threads of %d, descriptors %v, %+v", s.Threads, status.Threads, s.FDs, s.Processes)
	}

	serves := func(u highwater.SiteUse) bool { return strings.HasSuffix(u.Where.Func, "attach.serve") }
	i := slices.IndexFunc(s.Sites, serves)
	if i != 0 || s.Sites[0].Bytes < held/2 || s.Sites[0].Allocated.Bytes < s.Sites[0].Bytes || s.Rate != 4096 {
		t.Errorf("the site that holds %d is number %d of %d, rate %d", held, i, len(s.Sites), s.Rate)
	}
	g := s.Groups[0]
	if g.Count != servedBlocked || g.State != "chan receive" || !strings.HasSuffix(g.Created.Func, "attach.serve") || s.States["chan receive"] < servedBlocked {
		t.Errorf("%+v, states %v", g, s.States)
	}
	if s.Goroutines < servedBlocked || s.Goroutines > servedBlocked+12 {
		t.Errorf("%d goroutines", s.Goroutines)
	}

	// What costs much is that of the last look, until enough time has passed.
	u := l.(*liveURL)
	later := time.Now().Add(time.Hour)
	u.sites.next, u.groups.next = later, later
	kept := look(t, l, false)
	if !kept.SitesAt.Equal(s.SitesAt) || !kept.GroupsAt.Equal(s.GroupsAt) || len(kept.Sites) != len(s.Sites) || !kept.At.After(s.At) {
		t.Errorf("sites at %v, groups at %v, want %v and %v", kept.SitesAt, kept.GroupsAt, s.SitesAt, s.GroupsAt)
	}
	if kept.Goroutines < servedBlocked || kept.Goroutines > servedBlocked+12 {
		t.Errorf("%d goroutines by the index", kept.Goroutines)
	}
	if err := l.Collect(t.Context()); err != nil {
		t.Fatal(err)
	}
	fresh := look(t, l, true)
	if !fresh.SitesAt.After(s.SitesAt) || !fresh.GroupsAt.After(s.GroupsAt) {
		t.Error("a full look is as old as the one before")
	}
	if fresh.GC.Forced != kept.GC.Forced+1 {
		t.Errorf("%d forced collections, want %d", fresh.GC.Forced, kept.GC.Forced+1)
	}
	for _, name := range []string{"heap", "goroutine"} {
		data, err := l.Profile(t.Context(), name)
		if err == nil {
			_, err = heap.Decode(data)
		}
		if err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"trace", "profile", "../x", ""} {
		if _, err := l.Profile(t.Context(), name); err == nil {
			t.Errorf("there is a profile %q", name)
		}
	}

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	within(t, "the end", func() bool {
		_, err := l.Look(t.Context(), false)
		return errors.Is(err, ErrGone) && Ending(err) == "was killed by a signal: killed" && !strings.Contains(err.Error(), "secret")
	})
}

func TestLiveSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a socket")
	cmd, _, _ := start(t, "server", "SOCKET="+path)
	l, err := LiveURL("unix:"+path, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if s := look(t, l, false); s.PID != cmd.Process.Pid || s.Memory.RSS < servedObjects*servedSize {
		t.Errorf("process %d, want %d: %v", s.PID, cmd.Process.Pid, s.Lacks)
	}
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	const nobody = 65534
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	for dir := filepath.Dir(path); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	other := exec.Command("/proc/self/exe")
	other.Env = append(os.Environ(), envRole+"=asker", "AT=unix:"+path)
	other.Dir = "/"
	other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := other.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the socket belongs to root: run highwater as that user or as root") {
		t.Errorf("%v: %s", err, out)
	}
}

// What listens here may only pass on what another process answers.
func TestLiveTunnel(t *testing.T) {
	_, address, _ := start(t, "server")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", address)
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(to, c); _ = to.Close() }()
			go func() { _, _ = io.Copy(c, to); _ = c.Close() }()
		}
	}()
	l, err := LiveURL("http://"+listener.Addr().String(), URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := look(t, l, false)
	if s.PID != 0 || s.Memory.RSS != 0 || !strings.Contains(s.Lacks[highwater.QuantityRSS], "behind a tunnel") || s.Memory.Heap == 0 || s.Threads == 0 {
		t.Errorf("process %d: %v", s.PID, s.Lacks)
	}
}

func TestLiveManyGoroutines(t *testing.T) {
	server := httptest.NewServer(http.DefaultServeMux)
	defer server.Close()
	l, err := LiveURL(server.URL, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	few := look(t, l, true)
	stop := make(chan bool)
	defer close(stop)
	for range mostPrinted {
		go func() { <-stop }()
	}
	s := look(t, l, true)
	if few.Lacks[highwater.QuantityWaits] != "" || s.Lacks[highwater.QuantityWaits] == "" || s.Lacks[highwater.QuantityStates] == "" {
		t.Errorf("few: %v\nmany: %v", few.Lacks, s.Lacks)
	}
	if s.Goroutines < mostPrinted || s.Groups[0].Count != mostPrinted {
		t.Errorf("%d goroutines, %+v", s.Goroutines, s.Groups[0])
	}
}

// reader is what is inside of a process, as far as a test needs it.
type reader struct {
	err    error
	closed bool
}

func (r *reader) Fill(s *highwater.Snapshot, _ bool) error {
	s.Memory.Heap, s.Rate = s.Memory.RSS/2, 512
	s.Sites = []highwater.SiteUse{{Site: highwater.Site{Bytes: 5, Objects: 1, Stack: []highwater.Frame{{Func: "main.f", File: "a.go", Line: 3}}}}}
	return r.err
}
func (r *reader) Close() error { r.closed = true; return nil }

func TestLivePID(t *testing.T) {
	cmd, _, end := start(t, "holder")
	pid := cmd.Process.Pid
	l, err := LivePID(pid, PIDOptions{Why: "it was stripped"})
	if err != nil {
		t.Fatal(err)
	}
	s := look(t, l, false)
	if s.PID != pid || s.Source != highwater.SourceProcess || s.Go != runtime.Version() || s.Name != fmt.Sprintf("pid %d (attach.test)", pid) {
		t.Errorf("%d, %s, %s, %s", s.PID, s.Source, s.Go, s.Name)
	}
	if s.Memory.RSS < heldBytes || s.Memory.RSS > heldBytes+48<<20 || s.Memory.HighWater < heldBytes || s.Threads < heldThreads ||
		s.FDs["file"] < heldFiles || len(s.Processes) != 1 || s.Processes[0].PSS < heldBytes || s.Processes[0].PSS > s.Processes[0].RSS {
		t.Errorf("%+v, %d threads, %v, %+v", s.Memory, s.Threads, s.FDs, s.Processes)
	}
	for _, q := range inside {
		if s.Lacks[q] != "it was stripped" {
			t.Errorf("it lacks %s because %q", q, s.Lacks[q])
		}
	}
	if err := l.Collect(t.Context()); err == nil || s.Lacks[highwater.QuantityCollect] == "" {
		t.Error("a collection was forced from outside")
	}
	if _, err := l.Profile(t.Context(), "heap"); err == nil {
		t.Error("there is a profile from outside")
	}

	r := &reader{}
	read, err := LivePID(pid, PIDOptions{Inside: r})
	if err != nil {
		t.Fatal(err)
	}
	s = look(t, read, true)
	if s.Source != highwater.SourceMemory || s.Memory.Heap != s.Memory.RSS/2 || s.Lacks[highwater.QuantityMemory] != "" {
		t.Errorf("%s, %+v, %v", s.Source, s.Memory, s.Lacks)
	}
	data, err := read.Profile(t.Context(), "heap")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := heap.Decode(data); err != nil || len(p.Sample) != 1 {
		t.Errorf("%v, %v", p, err)
	}
	r.err = errors.New("no such symbol")
	if s = look(t, read, true); s.Memory.RSS < heldBytes || !strings.Contains(s.Lacks[highwater.QuantityLive], "no such symbol") {
		t.Errorf("%v", s.Lacks)
	}
	if err := read.Close(); err != nil || !r.closed {
		t.Errorf("%v, closed %v", err, r.closed)
	}

	end()
	within(t, "the end", func() bool {
		_, err := l.Look(t.Context(), false)
		return errors.Is(err, ErrGone) && Ending(err) == "exited with status 3"
	})
}

// A process that a signal has stopped is there and does nothing.
func TestStopped(t *testing.T) {
	cmd, _, _ := start(t, "holder")
	l, err := LivePID(cmd.Process.Pid, PIDOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		signal  syscall.Signal
		stopped bool
	}{{syscall.SIGSTOP, true}, {syscall.SIGCONT, false}} {
		if err := cmd.Process.Signal(c.signal); err != nil {
			t.Fatal(err)
		}
		within(t, c.signal.String(), func() bool {
			s := look(t, l, false)
			return len(s.Processes) == 1 && s.Processes[0].Stopped == c.stopped && s.Memory.RSS >= heldBytes
		})
	}
}
