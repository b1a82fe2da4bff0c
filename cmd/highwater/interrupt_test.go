package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An interrupted run stops its children, reports what was measured until then
// and exits with status 2.
func TestInterrupt(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			state := t.TempDir()
			cmd := exec.Command(filepath.Join(bin, "badsuite"), "gates", "--scenario", "bad/good", "--scenario", "bad/hang", "--timeout", "120")
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+state)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// The good scenario has been measured once, and the other hangs.
			poll(t, "a measurement of bad/good in the Run file", func() bool {
				files, _ := filepath.Glob(filepath.Join(state, "runs", "*", "run.j*"))
				for _, f := range files {
					if data, err := os.ReadFile(f); err == nil && regexp.MustCompile(`"pass": ?"natural"`).Match(data) {
						return true
					}
				}
				return false
			})
			var hanging []int
			poll(t, "a child that hangs", func() bool { hanging = descendants(t, cmd.Process.Pid); return len(hanging) >= 2 })
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			exit := new(exec.ExitError)
			if !errors.As(err, &exit) || exit.ExitCode() != 2 {
				t.Errorf("ended with %v, want status 2", err)
			}
			if !strings.Contains(stdout.String(), "bad/good") {
				t.Errorf("the report lacks the scenario that was measured:\n%s", stdout.String())
			}
			if !regexp.MustCompile(`(?m)^badsuite: interrupted: `).MatchString(stderr.String()) {
				t.Errorf("standard error does not say that it was interrupted:\n%s", stderr.String())
			}
			for _, pid := range hanging {
				poll(t, "the end of process "+strconv.Itoa(pid), func() bool { return !alive(pid) })
			}
		})
	}
}

// poll waits until ok, and fails the test when that takes too long.
func poll(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// descendants lists the processes below pid.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	out, err := exec.Command("ps", "-e", "-o", "pid=,ppid=").Output()
	if err != nil {
		t.Skipf("cannot list processes: %v", err)
	}
	children := map[int][]int{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 2 {
			continue
		}
		p, _ := strconv.Atoi(f[0])
		parent, _ := strconv.Atoi(f[1])
		children[parent] = append(children[parent], p)
	}
	var all []int
	for queue := children[pid]; len(queue) > 0; queue = queue[1:] {
		all = append(all, queue[0])
		queue = append(queue, children[queue[0]]...)
	}
	return all
}

func alive(pid int) bool {
	return syscall.Kill(pid, 0) == nil
}
