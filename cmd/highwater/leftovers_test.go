package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Scenarios that start processes of their own, listen on sockets and make
// temporary files leave none of them, however highwater ends.
func TestNothingIsLeft(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("needs /proc to find processes")
	}
	for _, scenario := range []string{"plugin_system/communication@goplugin", "plugin_system/hot_reload@mixed", "load_testing/multi_session@mux"} {
		for name, end := range map[string]os.Signal{"its own end": nil, "an interrupt": syscall.SIGINT, "a kill": syscall.SIGKILL} {
			t.Run(scenario+" after "+name, func(t *testing.T) {
				// A short name: there will be sockets in it.
				temporary, err := os.MkdirTemp("", "hw")
				if err != nil {
					t.Fatal(err)
				}
				defer os.RemoveAll(temporary)
				mark := fmt.Sprintf("HIGHWATER_TEST_MARK=%d.%d", os.Getpid(), time.Now().UnixNano())
				cmd := exec.Command(filepath.Join(bin, "highwater"), "gates", "--scenario", scenario, "--repeats", "2", "--quiet")
				cmd.Dir = t.TempDir()
				cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir(), "TMPDIR="+temporary, mark)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if end != nil {
					// highwater, the supervisor, the scenario and a process of its.
					poll(t, "a process that the scenario started", func() bool { return len(marked(t, mark)) >= 4 })
					if err := cmd.Process.Signal(end); err != nil {
						t.Fatal(err)
					}
				}
				err = cmd.Wait()
				if end == nil && err != nil {
					t.Fatalf("%v\n%s", err, out.String())
				}
				poll(t, "the end of all processes", func() bool { return len(marked(t, mark)) == 0 })
				var left []string
				poll(t, "the end of all temporary files", func() bool {
					left, err = filepath.Glob(filepath.Join(temporary, "*"))
					return err == nil && len(left) == 0
				})
			})
		}
	}
}

// marked lists the processes that have the setting in their environment.
func marked(t *testing.T, setting string) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
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
