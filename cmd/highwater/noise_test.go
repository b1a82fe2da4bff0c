package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The processes that make the load end with highwater, however that ends; an
// interrupted one says what it was interrupted in, with status 2.
func TestLoadEnds(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			cmd := exec.Command(filepath.Join(bin, "badsuite"), "noise", "--scenario", "bad/hang", "--load", "2")
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir())
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// Two that burn, the supervisor, and the scenario that hangs.
			var all []int
			poll(t, "the load and the scenario", func() bool {
				all = descendants(t, cmd.Process.Pid)
				return len(all) >= 4 && burning(t, all) == 2
			})
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			if exit := new(exec.ExitError); sig == syscall.SIGINT && (!errors.As(err, &exit) || exit.ExitCode() != 2) {
				t.Errorf("ended with %v, want status 2", err)
			}
			if sig == syscall.SIGINT && (!strings.Contains(stderr.String(), "interrupted") || strings.Contains(stderr.String(), "load process")) {
				t.Errorf("standard error:\n%s", stderr.String())
			}
			for _, pid := range all {
				poll(t, "the end of process "+strconv.Itoa(pid), func() bool { return !alive(pid) })
			}
		})
	}
}

// burning counts the processes that make the load.
func burning(t *testing.T, pids []int) int {
	t.Helper()
	out, err := exec.Command("ps", "-e", "-o", "pid=,args=").Output()
	if err != nil {
		t.Skipf("cannot list processes: %v", err)
	}
	n := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		for _, pid := range pids {
			if len(f) > 2 && f[0] == strconv.Itoa(pid) && f[len(f)-1] == "burn" {
				n++
			}
		}
	}
	return n
}
