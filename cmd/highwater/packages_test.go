package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// slowBenchmarks hang, and say so in a file, in their first process but the one
// that finds them.
var slowBenchmarks = map[string]string{
	"go.mod": "module example.com/slow\n\ngo 1.24\n",
	"slow_test.go": `package slow

import (
	"os"
	"testing"
	"time"
)

func BenchmarkDone(b *testing.B) {
	for i := 0; i < b.N; i++ {
		time.Sleep(2 * time.Millisecond)
	}
}

func BenchmarkHang(b *testing.B) {
	if b.N > 1 {
		if err := os.WriteFile(os.Getenv("HANGS"), nil, 0o600); err != nil {
			b.Fatal(err)
		}
		time.Sleep(time.Hour)
	}
	time.Sleep(2 * time.Millisecond)
}
`,
}

// However highwater ends while it builds, tries and measures the benchmarks of a
// module, nothing is left: no process, no temporary file, and nothing in the tree.
func TestPackagesLeaveNothing(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("needs /proc to find processes")
	}
	for _, phase := range []string{"building", "measuring"} {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
			t.Run(phase+", "+sig.String(), func(t *testing.T) { leavesNothing(t, phase, sig) })
		}
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		t.Run("two revisions, "+sig.String(), func(t *testing.T) { leavesNothing(t, "measuring", sig, "--base", "HEAD") })
	}
}

// leavesNothing ends highwater in the phase. What was measured until an interrupt can
// be read afterwards, of one side or of two.
func leavesNothing(t *testing.T, phase string, sig syscall.Signal, args ...string) {
	tree := repository(t, slowBenchmarks)
	temporary, err := os.MkdirTemp("", "hw") // a short name: there will be sockets in it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temporary)
	mark := fmt.Sprintf("HIGHWATER_TEST_MARK=%d.%d", os.Getpid(), time.Now().UnixNano())
	hangs := filepath.Join(t.TempDir(), "hangs")
	cmd := exec.Command(filepath.Join(bin, "highwater"), append([]string{"gates", "./...", "--repeats", "1", "--benchtime", "3x"}, args...)...)
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir(), "HIGHWATER_CACHE_DIR="+t.TempDir(), "TMPDIR="+temporary, "HANGS="+hangs, "GOFLAGS=", "GOWORK=off", mark)
	if phase == "building" {
		// With nothing in the cache it takes long enough to be met at it.
		cmd.Env = append(cmd.Env, "GOCACHE="+filepath.Join(temporary, "hw-test-cache"))
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	poll(t, phase, func() bool {
		if phase == "building" {
			found, _ := filepath.Glob(filepath.Join(temporary, "highwater-build-*", "go", "go-build*", "b*"))
			return len(found) > 2
		}
		_, err := os.Stat(hangs)
		return err == nil
	})
	if err := cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if exit := new(exec.ExitError); sig == syscall.SIGINT && (!errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(stderr.String(), "interrupted")) {
		t.Errorf("ended with %v, want status 2 and a word of the interrupt:\n%s", err, stderr.String())
	}
	if phase == "measuring" && sig == syscall.SIGINT && !strings.Contains(stdout.String(), "BenchmarkDone") {
		t.Errorf("the report lacks what was measured:\n%s", stdout.String())
	}
	poll(t, "the end of all processes", func() bool { return len(marked(t, mark)) == 0 })
	poll(t, "the end of all temporary files", func() bool {
		left, err := filepath.Glob(filepath.Join(temporary, "highwater-*"))
		other, _ := filepath.Glob(filepath.Join(temporary, "go-build*"))
		return err == nil && len(left)+len(other) == 0
	})
	if out := git(t, tree, "status", "--porcelain", "--ignored"); out != "" {
		t.Errorf("git status:\n%s", out)
	}
	if out := git(t, tree, "worktree", "list"); strings.Count(out, "\n") != 1 {
		t.Errorf("git worktree list:\n%s", out)
	}
	if phase != "measuring" || sig != syscall.SIGINT {
		return
	}
	list := exec.Command(filepath.Join(bin, "highwater"), "runs", "list")
	list.Dir, list.Env = tree, cmd.Env
	out, err := list.Output()
	if sides := 1 + len(args)/2; err != nil || strings.Count(string(out), "\n") != sides {
		t.Errorf("want %d stored runs: %v\n%s", sides, err, out)
	}
}

// repository is a module in a git repository, with everything committed.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "all")
	return dir
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}
