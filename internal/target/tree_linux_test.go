package target_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

const mib = 1 << 20

// tree runs a command line and returns what was seen of it.
func tree(t *testing.T, script string, l target.Limits, env ...string) target.Exit {
	t.Helper()
	setting := mark()
	l.Tree = true
	if l.Timeout == 0 {
		l.Timeout = generous
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env = append(os.Environ(), append(env, setting, "SELF="+self)...)
	e := target.Launch(t.Context(), "/bin/sh", []string{"-c", script}, env, "", l)
	if left := marked(t, setting); len(left) != 0 {
		t.Errorf("processes %d are left", left)
	}
	if e.Tree == nil || e.Err != "" || e.TimedOut {
		t.Fatalf("status %d, %s, timed out %v, %s", e.Code, e.Signal, e.TimedOut, e.Err)
	}
	if s := e.Tree.Series; len(s) > 300 {
		t.Errorf("the series has %d points", len(s))
	}
	return e
}

// touch is a command line that lets this test binary touch so many bytes outside
// of the Go heap, and end at once.
func touch(bytes int) string {
	return envMode + "=touch TOUCH=" + strconv.Itoa(bytes) + ` "$SELF"`
}

func near(t *testing.T, what string, got, want int64, tolerance float64) {
	t.Helper()
	if d := float64(got - want); d > tolerance*float64(want) || -d > tolerance*float64(want) {
		t.Errorf("%s is %d, want %d within %.0f %%", what, got, want, 100*tolerance)
	}
}

// What a process has touched right before it ended is in its high-water mark, be
// it the main process or a child. The program's own part is taken off.
func TestTreeTruth(t *testing.T) {
	t.Parallel()
	const size = 80 * mib
	own := tree(t, "exec "+touchLine(0), target.Limits{})
	main := tree(t, "exec "+touchLine(size), target.Limits{})
	near(t, "main", main.Tree.Main-own.Tree.Main, size, 0.03)
	if !strings.Contains(main.Tree.MainSource, "VmHWM") {
		t.Errorf("its source is %q", main.Tree.MainSource)
	}
	near(t, "its proportional set size", main.Tree.PSS-own.Tree.PSS, size, 0.05)
	child := tree(t, touch(size)+"; exit 0", target.Limits{})
	if child.Tree.Main > 10*mib {
		t.Errorf("the shell has %d", child.Tree.Main)
	}
	near(t, "the tree", child.Tree.Footprint-own.Tree.Footprint, size, 0.05)
	if len(main.Tree.Series) == 0 || main.Tree.PSSSource == "" || main.Tree.FootprintSource == "" {
		t.Errorf("got %+v", main.Tree)
	}
}

func touchLine(bytes int) string { return "env " + touch(bytes) }

// Memory that processes share after a fork counts once in the proportional set
// size, and once for each in the sum of the high-water marks.
func TestTreeForks(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3, which forks here without becoming another program")
	}
	const size, workers = 60 * mib, 3
	script := `
import os, time
held = bytearray(b"x") * ` + strconv.Itoa(size) + `
for i in range(` + strconv.Itoa(workers) + `):
    if os.fork() == 0:
        time.sleep(1.5)
        os._exit(0)
for i in range(` + strconv.Itoa(workers) + `):
    os.wait()
`
	file := filepath.Join(t.TempDir(), "server.py")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	e := tree(t, python+" "+file+"; exit 0", target.Limits{})
	if e.Code != 0 {
		t.Fatalf("got %+v", e)
	}
	if e.Tree.PSS < size || e.Tree.PSS > size*3/2 {
		t.Errorf("the proportional set size is %d, want a little over %d", e.Tree.PSS, size)
	}
	if e.Tree.Footprint < (workers+1)*size || e.Tree.Footprint > (workers+2)*size {
		t.Errorf("the sum is %d, want a little over %d", e.Tree.Footprint, (workers+1)*size)
	}
	most := 0
	for _, p := range e.Tree.Series {
		most = max(most, p.Processes)
	}
	if most < workers+2 {
		t.Errorf("%d processes were seen at once, want %d", most, workers+2)
	}
}

// A daemon outlives the process that started it: it is found and ended, or waited
// for.
func TestTreeDaemon(t *testing.T) {
	t.Parallel()
	e := tree(t, `(setsid sleep 600 &); exit 0`, target.Limits{})
	if len(e.Orphans) != 1 || e.Code != 0 {
		t.Errorf("got %+v", e)
	}
	begun := time.Now()
	e = tree(t, `(setsid sh -c '`+touch(40*mib)+`; sleep 0.3' &); exit 0`, target.Limits{WaitTree: true})
	if len(e.Orphans) != 0 || e.Code != 0 || time.Since(begun) < 300*time.Millisecond {
		t.Errorf("got %+v", e)
	}
	if e.Tree.Footprint < 40*mib {
		t.Errorf("the daemon is not in the sum of %d", e.Tree.Footprint)
	}
	// A daemon that does not end is ended when its time is over.
	stop := make(chan struct{})
	time.AfterFunc(100*time.Millisecond, func() { close(stop) })
	e = tree(t, `(setsid sleep 600 &); exit 0`, target.Limits{WaitTree: true, Stop: stop})
	if !e.Stopped || e.Forced || len(e.Orphans) != 0 {
		t.Errorf("got %+v", e)
	}
}

// All of a tree is asked to end, and not the shell at its root alone.
func TestTreeStop(t *testing.T) {
	t.Parallel()
	s := &stopper{stop: make(chan struct{})}
	done := filepath.Join(t.TempDir(), "done")
	e := tree(t, `sh -c 'trap "echo bye >`+done+`; exit 0" TERM; echo up; while :; do sleep 0.01; done' & wait`, target.Limits{Output: s, Stop: s.stop, Grace: generous})
	if !e.Stopped || e.Forced || len(e.Orphans) != 0 {
		t.Errorf("got %+v", e)
	}
	if text, err := os.ReadFile(done); err != nil || string(text) != "bye\n" {
		t.Errorf("the child said %q, %v", text, err)
	}
}

// That the main process is held at its exit changes nothing for it.
func TestTreeSignals(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"KILL": "killed", "TERM": "terminated", "INT": "interrupt", "SEGV": "segmentation fault", "TRAP": "trace/breakpoint trap"} {
		e := tree(t, "ulimit -c 0; kill -"+name+" $$; exit 3", target.Limits{})
		if e.Signal != want || e.Code != -1 {
			t.Errorf("SIG%s: got %+v, want signal %q", name, e, want)
		}
	}
	e := tree(t, `trap 'exit 9' USR1; kill -USR1 $$; exit 3`, target.Limits{})
	if e.Code != 9 {
		t.Errorf("a handler: got %+v", e)
	}
	// Stopped, it stays stopped until it is continued.
	e = tree(t, `(until grep -q '^State:.[Tt]' /proc/$$/status; do sleep 0.01; done; kill -CONT $$) & kill -STOP $$; wait; exit 4`, target.Limits{})
	if e.Code != 4 {
		t.Errorf("stopped: got %+v", e)
	}
	e = tree(t, `exec true`, target.Limits{})
	if e.Code != 0 || e.Tree.Main == 0 {
		t.Errorf("a short process: got %+v, %+v", e, e.Tree)
	}
}

// Where control groups can be made, the group holds what the tree touched, and is
// taken away.
func TestTreeCgroup(t *testing.T) {
	t.Parallel()
	e := tree(t, touch(50*mib)+"; exit 0", target.Limits{})
	if e.Tree.Cgroup == 0 {
		t.Skip("no control group can be made here")
	}
	if e.Tree.Cgroup < 50*mib || e.Tree.Cgroup > 80*mib {
		t.Errorf("%s: %d", e.Tree.CgroupSource, e.Tree.Cgroup)
	}
}

// touchAndEnd touches memory outside of the Go heap and ends, so that what it has
// used is there for no longer than that takes.
func touchAndEnd() int {
	size, err := strconv.Atoi(os.Getenv("TOUCH"))
	check(err)
	if size == 0 {
		return 0
	}
	memory, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	check(err)
	for i := 0; i < size; i += os.Getpagesize() {
		memory[i] = 1
	}
	return 0
}
