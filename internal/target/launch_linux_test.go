package target_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

func containsLine(text, prefix string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Errorf("it did not come to be that %s", what)
}

var marks atomic.Int64

// mark returns a setting that no other test's processes have in their
// environment.
func mark() string {
	return fmt.Sprintf("%s=%d.%d.%d", envMark, os.Getpid(), marks.Add(1), time.Now().UnixNano())
}

// marked lists the living processes that have the setting in their environment.
func marked(t *testing.T, setting string) (pids []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil || !slices.ContainsFunc(bytes.Split(text, []byte{0}), func(b []byte) bool { return string(b) == setting }) {
			continue
		}
		pid, _ := strconv.Atoi(strings.Split(f, "/")[2])
		pids = append(pids, pid)
	}
	return pids
}

// launch runs this test binary in the given mode, and makes sure that none of its
// processes is left.
func launch(t *testing.T, mode string, l target.Limits, env ...string) target.Exit {
	t.Helper()
	setting := mark()
	path, environ := self(t, mode, append(env, setting)...)
	e := target.Launch(t.Context(), path, nil, environ, "", l)
	if left := marked(t, setting); len(left) != 0 {
		t.Errorf("processes %d are left", left)
	}
	return e
}

func TestSignals(t *testing.T) {
	t.Parallel()
	// A shell, because a Go program installs handlers of its own. Each of these
	// must have its usual effect: a workload's children are ended with them.
	for name, want := range map[string]string{
		"KILL": "killed", "TERM": "terminated", "HUP": "hangup", "INT": "interrupt", "PIPE": "broken pipe", "SEGV": "segmentation fault", "QUIT": "quit",
	} {
		e := target.Launch(t.Context(), "/bin/sh", []string{"-c", "ulimit -c 0; kill -" + name + " $$; exit 3"}, os.Environ(), "", target.Limits{Timeout: generous})
		if e.Signal != want || e.Code != -1 || e.Err != "" {
			t.Errorf("SIG%s: got %+v, want signal %q", name, e, want)
		}
	}
}

func TestDeadlineOfADeafProcess(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	e := launch(t, "deaf", target.Limits{Timeout: 300 * time.Millisecond})
	if !e.TimedOut || e.Signal != "killed" || e.Err != "" {
		t.Errorf("got %+v, want a time-out by force", e)
	}
	if spent := time.Since(begun); spent > 20*time.Second {
		t.Errorf("it took %s", spent)
	}
}

// The ceiling is watched from outside, so a process gets over it by what it can
// take in the 20 ms between two looks, and in the time that a busy machine lets
// pass without one.
func TestMemoryCeiling(t *testing.T) {
	t.Parallel()
	const ceiling, overshoot = 200 << 20, 400 << 20
	begun := time.Now()
	e := launch(t, "hoard", target.Limits{Timeout: generous, MaxMemory: ceiling})
	if e.OverLimit <= ceiling || e.OverLimit > ceiling+overshoot {
		t.Errorf("ended at %d MiB, want it just above %d MiB", e.OverLimit>>20, ceiling>>20)
	}
	if e.TimedOut || e.Signal != "killed" || e.Err != "" {
		t.Errorf("got %+v", e)
	}
	if spent := time.Since(begun); spent > 20*time.Second {
		t.Errorf("it took %s", spent)
	}
}

// The ceiling holds for the tree, wherever in it the memory is.
func TestMemoryCeilingOfAChild(t *testing.T) {
	t.Parallel()
	e := launch(t, "hang+hold", target.Limits{Timeout: generous, MaxMemory: held})
	if e.OverLimit <= held {
		t.Errorf("got %+v, want it ended for memory", e)
	}
}

// checkOrphans expects n orphans, with that in their command line, and that they
// are gone.
func checkOrphans(t *testing.T, e target.Exit, n int, name string) {
	t.Helper()
	if e.Code != 0 || e.Err != "" {
		t.Errorf("got %+v, want exit status 0", e)
	}
	if len(e.Orphans) != n {
		t.Errorf("%d orphans, want %d: %+v", len(e.Orphans), n, e.Orphans)
	}
	for _, o := range e.Orphans {
		if !strings.Contains(o.Command, name) || o.PID <= 0 || o.HighWater <= 0 {
			t.Errorf("orphan %+v, want %q with its size", o, name)
		}
		if err := syscall.Kill(o.PID, 0); err != syscall.ESRCH {
			t.Errorf("process %d: %v, want it gone", o.PID, err)
		}
	}
}

func TestOrphan(t *testing.T) {
	t.Parallel()
	checkOrphans(t, launch(t, "orphan", target.Limits{Timeout: generous}), 1, "linger")
}

func TestDaemon(t *testing.T) {
	t.Parallel()
	checkOrphans(t, launch(t, "daemon", target.Limits{Timeout: generous}), 1, "linger")
}

func TestManyOrphans(t *testing.T) {
	t.Parallel()
	checkOrphans(t, launch(t, "many", target.Limits{Timeout: generous}), children, "sleep 600")
}

func TestZombieIsNoOrphan(t *testing.T) {
	t.Parallel()
	checkOrphans(t, launch(t, "zombie", target.Limits{Timeout: generous}), 0, "")
}

// A child that ends because its parent did is not left behind. How it fares
// depends on the scheduler, hence the repeats.
func TestEndingChildIsNoOrphan(t *testing.T) {
	t.Parallel()
	for range 5 {
		checkOrphans(t, launch(t, "reader's parent", target.Limits{Timeout: generous}), 0, "")
	}
}

func TestChildrensMemory(t *testing.T) {
	t.Parallel()
	e := launch(t, "hang+hold", target.Limits{Timeout: 2 * time.Second})
	if !e.TimedOut || len(e.Children) != 1 || len(e.Orphans) != 0 {
		t.Fatalf("got %+v, want one child", e)
	}
	// Beside what it holds there is a Go program of a few megabytes.
	c := e.Children[0]
	if c.HighWater < held || c.HighWater > held+(20<<20) || !strings.Contains(c.Command, "hold") {
		t.Errorf("got %+v, want about %d bytes", c, held)
	}
	if e.ChildMemory < held || e.ChildMemory > c.HighWater {
		t.Errorf("the children reached %d bytes together, and the only one %d", e.ChildMemory, c.HighWater)
	}
}

// A child that is about to become another program is, for a moment, in the
// memory of the process that starts it: as large as that, which is not its own.
func TestAChildsStartIsNotItsParentsMemory(t *testing.T) {
	t.Parallel()
	e := launch(t, "hold+spawn", target.Limits{Timeout: generous})
	if e.Code != 0 || e.ChildMemory >= held {
		t.Errorf("got %+v, want children far below %d bytes", e, held)
	}
}

// The folder goes with the tree, also when highwater is killed.
func TestScratchGoes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	used := filepath.Join(dir, "used")
	if err := os.MkdirAll(filepath.Join(used, "deep"), 0o700); err != nil {
		t.Fatal(err)
	}
	launch(t, "orphan", target.Limits{Timeout: generous, Scratch: used})
	if _, err := os.Stat(used); err == nil {
		t.Error("the folder is still there after the end of the tree")
	}

	setting, orphaned := mark(), filepath.Join(dir, "orphaned")
	if err := os.Mkdir(orphaned, 0o700); err != nil {
		t.Fatal(err)
	}
	path, env := self(t, "launcher", setting, envScratch+"="+orphaned)
	highwater := exec.Command(path)
	highwater.Env = env
	if err := highwater.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the tree is there", func() bool { return len(marked(t, setting)) >= 5 })
	if err := highwater.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = highwater.Wait()
	eventually(t, "the folder is gone", func() bool { _, err := os.Stat(orphaned); return err != nil })
}

// Every link of a chain forks the next and ends: whoever looks sees links that are
// gone a moment later. A crowd of other children makes looking slow.
func TestChainOfForks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script, end := filepath.Join(dir, "chain"), filepath.Join(dir, "end")
	const text = `if [ "$1" -gt 0 ]; then sh "$0" $(($1 - 1)) & else echo over >"$END"; fi`
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const begin = `i=0; while [ $i -lt 60 ]; do sleep 600 & i=$((i + 1)); done; sh "$CHAIN" 10000; exec sleep 600`
	for range 3 {
		setting := mark()
		e := target.Launch(t.Context(), "/bin/sh", []string{"-c", begin}, append(os.Environ(), setting, "CHAIN="+script, "END="+end), "", target.Limits{Timeout: 100 * time.Millisecond})
		if !e.TimedOut || e.Err != "" {
			t.Errorf("got %+v", e)
		}
		if left := marked(t, setting); len(left) != 0 {
			t.Errorf("processes %d are left", left)
		}
		if _, err := os.Stat(end); err == nil {
			t.Fatal("the chain came to its own end")
		}
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	setting := mark()
	path, env := self(t, "tree", setting)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan target.Exit, 1)
	go func() { ended <- target.Launch(ctx, path, nil, env, "", target.Limits{Timeout: generous}) }()
	// The supervisor, the main process, its child and the daemon.
	eventually(t, "the tree is there", func() bool { return len(marked(t, setting)) >= 4 })
	cancel()
	select {
	case e := <-ended:
		if e.Signal != "killed" || e.TimedOut {
			t.Errorf("got %+v", e)
		}
	case <-time.After(20 * time.Second):
		t.Error("Launch did not return")
	}
	if left := marked(t, setting); len(left) != 0 {
		t.Errorf("processes %d are left", left)
	}
}

func TestHighwaterIsKilled(t *testing.T) {
	t.Parallel()
	setting := mark()
	path, env := self(t, "launcher", setting)
	highwater := exec.Command(path)
	highwater.Env = env
	if err := highwater.Start(); err != nil {
		t.Fatal(err)
	}
	// Itself, and what TestCancel counts.
	eventually(t, "the tree is there", func() bool { return len(marked(t, setting)) >= 5 })
	if err := highwater.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = highwater.Wait()
	eventually(t, "no process is left", func() bool { return len(marked(t, setting)) == 0 })
}

// The kernel may choose the supervisor when memory runs out.
func TestSupervisorIsKilled(t *testing.T) {
	t.Parallel()
	setting, file := mark(), filepath.Join(t.TempDir(), "parent")
	path, env := self(t, "parent", setting, envFile+"="+file)
	ended := make(chan target.Exit, 1)
	go func() { ended <- target.Launch(t.Context(), path, nil, env, "", target.Limits{Timeout: generous}) }()
	var supervisor int
	eventually(t, "the process tells its parent", func() bool {
		text, _ := os.ReadFile(file)
		supervisor, _ = strconv.Atoi(string(text))
		return supervisor > 1
	})
	if supervisor <= 1 || supervisor == os.Getpid() {
		t.Fatalf("the parent is %d", supervisor)
	}
	if err := syscall.Kill(supervisor, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case e := <-ended:
		if !strings.Contains(e.Err, "supervisor") {
			t.Errorf("got %+v, want to be told of the supervisor", e)
		}
	case <-time.After(20 * time.Second):
		t.Error("Launch did not return")
	}
	eventually(t, "no process is left", func() bool { return len(marked(t, setting)) == 0 })
}
