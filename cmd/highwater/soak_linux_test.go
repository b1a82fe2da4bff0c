package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// soaking is a highwater that soaks a shell for a long time.
type soaking struct {
	*exec.Cmd
	state string
	mark  string
	out   bytes.Buffer
}

func soak(t *testing.T, state string, args ...string) *soaking {
	t.Helper()
	s := &soaking{state: state, mark: fmt.Sprintf("HIGHWATER_TEST_MARK=%d.%d", os.Getpid(), time.Now().UnixNano())}
	s.Cmd = exec.Command(filepath.Join(bin, "highwater"), append([]string{"stability", "--duration", "10m", "--interval", "50ms"}, args...)...)
	s.Dir = t.TempDir()
	s.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+state, s.mark)
	s.Stdout, s.Stderr = &s.out, &s.out
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Process.Kill()
		_ = s.Wait()
		poll(t, "the end of all processes", func() bool { return len(marked(t, s.mark)) == 0 })
	})
	return s
}

// points is how many checkpoints the Run file has so far.
func (s *soaking) points(t *testing.T) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.state, "runs", "*", "run.json"))
	if err != nil || len(files) != 1 {
		return 0
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var run highwater.Run
	if err := json.Unmarshal(text, &run); err != nil {
		t.Fatalf("the Run file cannot be read at some moment: %v", err)
	}
	if len(run.Measurements) == 0 || run.Measurements[0].Soak == nil {
		return 0
	}
	return len(run.Measurements[0].Soak.Points)
}

// status waits for the end.
func (s *soaking) status(t *testing.T) int {
	t.Helper()
	err := s.Wait()
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

// What a soak has gathered is judged when the user ends it.
func TestSoakInterrupted(t *testing.T) {
	s := soak(t, t.TempDir(), "--scenario", "plugin_system/event_dispatch@goja")
	poll(t, "25 checkpoints", func() bool { return s.points(t) >= 25 })
	if err := s.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := s.status(t); code != 0 || !strings.Contains(s.out.String(), "interrupted") {
		t.Errorf("status %d\n%s", code, s.out.String())
	}
	poll(t, "the end of all processes", func() bool { return len(marked(t, s.mark)) == 0 })
}

// One that is killed leaves a Run file with all up to the last checkpoint, and no
// process.
func TestSoakKilled(t *testing.T) {
	s := soak(t, t.TempDir(), "--scenario", "interactive_shell")
	poll(t, "25 checkpoints", func() bool { return s.points(t) >= 25 })
	if err := s.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.Wait()
	poll(t, "the end of all processes", func() bool { return len(marked(t, s.mark)) == 0 })
	report := exec.Command(filepath.Join(bin, "highwater"), "stability", "--resume", "latest")
	report.Env, report.Dir = s.Env, s.Dir
	out, err := report.CombinedOutput()
	exit, _ := err.(*exec.ExitError)
	if exit == nil || exit.ExitCode() != 2 || !bytes.Contains(out, []byte("highwater itself ended before the soak did")) || !bytes.Contains(out, []byte("live memory")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// When the child dies, or hangs, the soak ends with an error, and what it gathered is
// kept.
func TestSoakChildDies(t *testing.T) {
	s := soak(t, t.TempDir(), "--scenario", "interactive_shell")
	poll(t, "5 checkpoints", func() bool { return s.points(t) >= 5 })
	poll(t, "the shell", func() bool { return kill(t, s.mark, "bash", syscall.SIGKILL) })
	if code := s.status(t); code != 2 || !strings.Contains(s.out.String(), "has ended") || s.points(t) < 5 {
		t.Errorf("status %d, %d points\n%s", code, s.points(t), s.out.String())
	}
}

func TestSoakChildStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for as long as a user would")
	}
	s := soak(t, t.TempDir(), "--scenario", "interactive_shell")
	poll(t, "5 checkpoints", func() bool { return s.points(t) >= 5 })
	poll(t, "the shell", func() bool { return kill(t, s.mark, "bash", syscall.SIGSTOP) })
	if code := s.status(t); code != 2 || !strings.Contains(s.out.String(), "is stopped") || s.points(t) < 5 {
		t.Errorf("status %d, %d points\n%s", code, s.points(t), s.out.String())
	}
}

// kill signals the descendant of the soak that is called name; it reports whether
// there is one.
func kill(t *testing.T, mark, name string, sig syscall.Signal) bool {
	t.Helper()
	for _, parent := range marked(t, mark) {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
		for _, file := range tasks {
			text, _ := os.ReadFile(file)
			for pid := range strings.FieldsSeq(string(text)) {
				comm, _ := os.ReadFile("/proc/" + pid + "/comm")
				var n int
				if _, err := fmt.Sscan(pid, &n); err == nil && strings.TrimSpace(string(comm)) == name {
					return syscall.Kill(n, sig) == nil
				}
			}
		}
	}
	return false
}

// A full disk ends nothing: the report is on all that was gathered, and the status
// says that it could not be kept.
func TestSoakFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := soak(t, disk, "--duration", "4s", "--scenario", "plugin_system/event_dispatch@goja")
	if code := s.status(t); code != 2 || !strings.Contains(s.out.String(), "no space left") || !strings.Contains(s.out.String(), "checkpoints") {
		t.Errorf("status %d\n%s", code, s.out.String())
	}
}
