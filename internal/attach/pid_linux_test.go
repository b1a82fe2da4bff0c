package attach

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// runtimeFiles is how many files the Go runtime may keep open, of its control group.
const runtimeFiles = 2

func TestPID(t *testing.T) {
	cmd, _, end := start(t, "holder")
	s, err := PID(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if want := fmt.Sprintf("pid %d (attach.test)", cmd.Process.Pid); s.Name() != want || s.Kind() != highwater.SourceProcess {
		t.Errorf("it is called %q, a %s, want %q", s.Name(), s.Kind(), want)
	}
	r, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := r.Point
	// The runtime, the test binary's text and tables come on top.
	if p.RSS < heldBytes || p.RSS > heldBytes+48<<20 {
		t.Errorf("RSS %d, want a little over %d", p.RSS, heldBytes)
	}
	if n := p.FDs["file"]; n < heldFiles || n > heldFiles+runtimeFiles || p.FDs["pipe"] < 2*heldPipes+2 {
		t.Errorf("descriptors %v, want %d files and %d pipes", p.FDs, heldFiles, 2*heldPipes+2)
	}
	if p.Threads < heldThreads {
		t.Errorf("%d threads, want %d and the runtime's", p.Threads, heldThreads)
	}
	if p.Children != 0 || p.ChildMemory != 0 {
		t.Errorf("children: %d, %d bytes", p.Children, p.ChildMemory)
	}
	var anonymous, sum int64
	for _, m := range r.Mappings {
		if sum += m.After; m.Name == "anonymous" {
			anonymous = m.After
		}
	}
	if anonymous < heldBytes || math.Abs(float64(sum-p.RSS)) > float64(p.RSS)/20 {
		t.Errorf("%d bytes anonymous, %d in all mappings, RSS %d", anonymous, sum, p.RSS)
	}
	for _, q := range []highwater.Quantity{
		highwater.QuantityLive, highwater.QuantitySites, highwater.QuantityGoroutines, highwater.QuantityOffHeap, highwater.QuantityOps,
	} {
		if s.Lacks()[q] == "" {
			t.Errorf("nothing says why it lacks %s", q)
		}
	}
	if len(s.Lacks()) != 5 {
		t.Errorf("it lacks more: %v", s.Lacks())
	}

	// Not waited for, it stays there as a zombie that tells how it ended.
	end()
	within(t, "the end", func() bool { return procfs.Root.State(cmd.Process.Pid) == 'Z' })
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), "exited with status 3") {
		t.Errorf("a zombie: %v", err)
	}
	_ = cmd.Wait()
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrGone) {
		t.Errorf("after its end: %v", err)
	}
	if _, err := PID(cmd.Process.Pid); err == nil || !strings.Contains(err.Error(), "there is no process") {
		t.Errorf("nobody: %v", err)
	}
}

// Reading and ending at once never yields figures of half a process.
func TestEndWhileRead(t *testing.T) {
	cmd, _, _ := start(t, "holder")
	s, err := PID(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = cmd.Process.Signal(syscall.SIGKILL) }()
	within(t, "ErrGone", func() bool {
		r, err := s.Read(t.Context())
		if err == nil && r.Point.RSS < heldBytes {
			t.Fatalf("half a reading: %+v", r.Point)
		}
		if err != nil && !errors.Is(err, ErrGone) {
			t.Fatal(err)
		}
		return err != nil
	})
	within(t, "how it ended", func() bool {
		_, err := s.Read(t.Context())
		return err != nil && strings.Contains(err.Error(), "killed by a signal: killed")
	})
}

func TestTree(t *testing.T) {
	cmd, _, end := start(t, "parent")
	pid := cmd.Process.Pid
	both, err := Tree(pid, true)
	if err != nil {
		t.Fatal(err)
	}
	below, err := Tree(pid, false)
	if err != nil {
		t.Fatal(err)
	}
	single, err := PID(pid)
	if err != nil {
		t.Fatal(err)
	}
	reading := func(s Source) highwater.SoakPoint {
		t.Helper()
		r, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r.Point
	}
	b, a, one := reading(below), reading(both), reading(single)
	if b.Children != 2 || a.Children != 3 || one.Children != 2 {
		t.Errorf("%d, %d and %d processes, want 2, 3 and 2", b.Children, a.Children, one.Children)
	}
	const want = 2 * heldBytes
	for _, size := range []int64{b.RSS, a.RSS, one.ChildMemory} {
		if size < want || size > want+64<<20 {
			t.Errorf("%d bytes, want a little over %d", size, want)
		}
	}
	if n := b.FDs["file"]; n < 2*heldFiles || n > 2*(heldFiles+runtimeFiles) || b.Threads < 2*heldThreads || a.Threads <= b.Threads {
		t.Errorf("descriptors %v, threads %d and %d", b.FDs, b.Threads, a.Threads)
	}
	end()
	within(t, "the end", func() bool { _, err := below.Read(t.Context()); return errors.Is(err, ErrGone) })
	within(t, "the end of all", func() bool { _, err := both.Read(t.Context()); return errors.Is(err, ErrGone) })
}

// The first reading of what a supervisor supervises waits for something to be there.
func TestTreeWaits(t *testing.T) {
	cmd := exec.Command("sh", "-c", "read line; sleep 600 & wait")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	// The sleep goes with the shell.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Skip("no shell: ", err)
	}
	defer func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); _ = cmd.Wait() }()
	s, err := Tree(cmd.Process.Pid, false)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Read(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("before anything was started: %v", err)
	}
	if _, err := in.Write([]byte("go\n")); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Read(t.Context()); err != nil || r.Point.Children != 1 || r.Point.RSS == 0 {
		t.Fatalf("%+v, %v", r.Point, err)
	}
}

func TestKernelThread(t *testing.T) {
	root := t.TempDir()
	write(t, root, "5/stat", "5 (kworker/0:0) S 2"+strings.Repeat(" 0", 17)+" 3")
	write(t, root, "5/status", "Name:\tkworker/0:0\nPPid:\t2\nThreads:\t1\n")
	if _, err := pidIn(procfs.FS(root), 5); err == nil || !strings.Contains(err.Error(), "thread of the kernel") {
		t.Errorf("%v", err)
	}
}

// A process id that has another owner by now is not the process that was asked for.
func TestReusedID(t *testing.T) {
	root := t.TempDir()
	stat := "5 (a) S 1" + strings.Repeat(" 0", 17)
	write(t, root, "5/stat", stat+" 3")
	s := madeUp(t, root)
	write(t, root, "5/stat", stat+" 4")
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrGone) {
		t.Errorf("%v", err)
	}
}

// A process that ends has no memory for a while, and runs all the same.
func TestAboutToEnd(t *testing.T) {
	root := t.TempDir()
	stat := func(state, size string) { // 9 is how it is killed
		write(t, root, "5/next", "5 (a) "+state+" 1"+strings.Repeat(" 0", 17)+" 3 "+size+strings.Repeat(" 0", 28)+" 9")
		// In one step: it is read meanwhile.
		if err := os.Rename(filepath.Join(root, "5/next"), filepath.Join(root, "5/stat")); err != nil {
			t.Fatal(err)
		}
	}
	stat("S", "4096")
	s := madeUp(t, root)
	write(t, root, "5/smaps_rollup", "")
	stat("R", "0")
	told := make(chan error)
	go func() {
		_, err := s.Read(t.Context())
		told <- err
	}()
	select {
	case err := <-told:
		t.Fatalf("it had not ended: %v", err)
	case <-time.After(10 * time.Millisecond):
	}
	stat("Z", "0")
	if err := <-told; !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), "was killed by a signal: killed") {
		t.Errorf("%v", err)
	}
}

// madeUp is the process 5 of a made-up tree, whose stat file is there. It was read once.
func madeUp(t *testing.T, root string) Source {
	t.Helper()
	write(t, root, "5/status", "Name:\ta\nPPid:\t1\nUid:\t0\t0\t0\t0\nThreads:\t1\nVmSize:\t1 kB\n")
	write(t, root, "5/smaps_rollup", "Rss: 4 kB\n")
	s, err := pidIn(procfs.FS(root), 5)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Read(t.Context()); err != nil || r.Point.RSS != 4096 {
		t.Fatalf("%+v, %v", r, err)
	}
	return s
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Of another user's process the memory, the threads and the children can be had.
func TestOtherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	holder, _, _ := start(t, "holder")
	const nobody = 65534
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), envRole+"=reader", "PID="+strconv.Itoa(holder.Process.Pid))
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var rss, threads, fds int
	if _, err := fmt.Sscanf(string(out), "%d %d %d", &rss, &threads, &fds); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if rss < heldBytes || threads < heldThreads || fds != 0 || !strings.Contains(string(out), "another user, or is protected: run highwater as root") {
		t.Errorf("%s", out)
	}
}

// runtimeRead is a runtime that is read, or cannot be.
type runtimeRead struct {
	reader
	groups []highwater.GoroutineGroup
}

func (r *runtimeRead) Fill(s *highwater.Snapshot, full bool) error {
	if err := r.reader.Fill(s, full); err != nil {
		return err
	}
	s.Memory = highwater.Memory{Live: 7e6, Stacks: 1e6, Total: 30e6, Released: 5e6, Metadata: 2e6}
	s.GC.Cycles, s.Goroutines, s.Groups = 12, 9, r.groups
	return nil
}

func (r *runtimeRead) HeapObject() (uint64, error) { return 0xc000000000, nil }

// Of a process whose runtime is read a soak has its live heap as its own last collection
// has found it; of another the reason why it has not.
func TestPIDWithin(t *testing.T) {
	cmd, _, _ := start(t, "holder")
	at := highwater.Frame{Func: "main.f", File: "a.go", Line: 3}
	inside := &runtimeRead{groups: []highwater.GoroutineGroup{
		{Count: 4, State: "select", Created: at, Fingerprint: "a"}, {Count: 5, State: "runnable", Created: at, Fingerprint: "a"},
	}}
	s, err := PIDWithin(cmd.Process.Pid, PIDOptions{Inside: inside})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := r.Point
	if p.Heap != 7e6 || p.Stacks != 1e6 || p.Runtime != 25e6 || p.Bookkeeping != 2e6 || p.Cycle != 12 || p.Goroutines != 9 || p.RSS < heldBytes {
		t.Errorf("%+v", p)
	}
	if len(r.Sites) != 1 || r.Sites[0].Bytes != 5 || r.Rate != 512 || len(r.Goroutines) != 1 || r.Goroutines[0].Counts[0] != 9 {
		t.Errorf("%+v, rate %d, %+v", r.Sites, r.Rate, r.Goroutines)
	}
	if l := s.Lacks(); s.Kind() != highwater.SourceMemory || len(l) != 1 || l[highwater.QuantityOps] == "" {
		t.Errorf("%s lacks %v", s.Kind(), l)
	}
	inside.err = errors.New("no such symbol")
	if _, err := s.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "no such symbol") || errors.Is(err, ErrGone) {
		t.Errorf("unreadable: %v", err)
	}
	if err := s.Close(); err != nil || !inside.closed {
		t.Errorf("%v, closed %v", err, inside.closed)
	}

	blind, err := PIDWithin(cmd.Process.Pid, PIDOptions{Why: "it was stripped"})
	if err != nil {
		t.Fatal(err)
	}
	if r, err = blind.Read(t.Context()); err != nil || r.Point.Heap != 0 || blind.Kind() != highwater.SourceProcess {
		t.Errorf("%+v, %v", r.Point, err)
	}
	for _, q := range []highwater.Quantity{highwater.QuantityLive, highwater.QuantitySites, highwater.QuantityGoroutines} {
		if blind.Lacks()[q] != "it was stripped" {
			t.Errorf("it lacks %s because %q", q, blind.Lacks()[q])
		}
	}
}
