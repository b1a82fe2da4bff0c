package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// guests are the scenarios that start programs of their own, which are to be there
// when highwater is ended.
var guests = []string{
	"plugin_system/communication@mixed", "plugin_system/resource_management@mixed", "plugin_system/hot_reload@mixed", "load_testing/multi_session@mux",
}

// No scenario leaves processes, sockets or files, also when highwater is ended in the
// middle of it.
func TestNothingIsLeft(t *testing.T) {
	if testing.Short() {
		t.Skip("ends every scenario in its middle")
	}
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("needs /proc to find processes")
	}
	cache := t.TempDir()
	var infos []highwater.ScenarioInfo
	list, err := exec.Command(filepath.Join(bin, "highwater"), "gates", "--list", "--format", "json", "--scenario", "all").Output()
	if err == nil {
		err = json.Unmarshal(list, &infos)
	}
	if err != nil || len(infos) != 24 {
		t.Fatalf("%d scenarios, want 24: %v", len(infos), err)
	}
	// What is built once and kept is there before anything is ended: the user's, where
	// there is any.
	if user, err := os.UserCacheDir(); err == nil {
		for _, dir := range []string{"guests", "wazero"} {
			from := filepath.Join(user, "highwater", dir)
			if _, err := os.Stat(from); err == nil {
				if err := os.CopyFS(filepath.Join(cache, "highwater", dir), os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	first := begin(t, cache, "--scenario", "plugin_system/communication@mixed", "--scenario", "plugin_system/hot_reload@mixed", "--scenario", "load_testing/multi_session@mux", "--repeats", "2")
	if err := first.wait(); err != nil {
		t.Fatalf("%v\n%s", err, first.out.String())
	}
	first.gone(t, nil)
	kept := files(t, cache)
	for i, info := range infos {
		id := info.ID()
		for name, signal := range map[string]os.Signal{"SIGINT": syscall.SIGINT, "SIGKILL": syscall.SIGKILL} {
			// Both for those with programs of their own, one in turn for each of the others.
			if !slices.Contains(guests, id) && (name == "SIGINT") == (i%2 == 0) {
				continue
			}
			t.Run(id+" after "+name, func(t *testing.T) {
				r := begin(t, cache, "--scenario", id, "--repeats", "2")
				// highwater, the supervisor, the scenario, and a program of its.
				r.until(t, func() bool {
					pids := r.pids(t)
					return len(pids) >= 3 && (!slices.Contains(guests, id) || slices.ContainsFunc(pids, isGuest))
				})
				listening := sockets(r.pids(t))
				if err := r.cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				_ = r.wait()
				r.gone(t, listening)
				if now := files(t, cache); !slices.Equal(now, kept) {
					t.Errorf("the cache holds\n%s\nand held\n%s", strings.Join(now, "\n"), strings.Join(kept, "\n"))
				}
			})
		}
	}
}

// running is a highwater whose temporary folder is known, and with it all that it
// starts.
type running struct {
	cmd       *exec.Cmd
	out       *bytes.Buffer
	temporary string
	ended     chan struct{}
	err       error // when it has ended
}

func (r *running) wait() error {
	<-r.ended
	return r.err
}

// until waits for the scenario's processes to be there. A busy machine takes its
// time, and a highwater that has ended by then is a failure of its own.
func (r *running) until(t *testing.T, there func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !there(); time.Sleep(5 * time.Millisecond) {
		select {
		case <-r.ended:
			t.Fatalf("highwater ended before its scenario's processes were seen: %v\n%s", r.err, r.out.String())
		default:
		}
		if time.Now().After(deadline) {
			_ = r.cmd.Process.Kill()
			t.Fatal("waited in vain for the scenario's processes")
		}
	}
}

func begin(t *testing.T, cache string, args ...string) *running {
	t.Helper()
	temporary, err := os.MkdirTemp("", "hw") // a short name: there will be sockets in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(temporary) })
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	r := &running{cmd: exec.Command(filepath.Join(bin, "highwater"), append([]string{"gates", "--quiet"}, args...)...), out: new(bytes.Buffer), temporary: temporary, ended: make(chan struct{})}
	r.cmd.Dir = t.TempDir()
	r.cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir(), "TMPDIR="+temporary,
		"XDG_CACHE_HOME="+cache, "GOCACHE="+strings.TrimSpace(string(gocache)))
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		r.err = r.cmd.Wait()
		close(r.ended)
	}()
	return r
}

// gone waits until nothing is left of it: processes, the sockets that they listened
// on, and temporary files.
func (r *running) gone(t *testing.T, listening []string) {
	t.Helper()
	poll(t, "the end of all processes", func() bool { return len(r.pids(t)) == 0 })
	poll(t, fmt.Sprintf("the end of %d listening sockets", len(listening)), func() bool {
		return !slices.ContainsFunc(allListening(t), func(inode string) bool { return slices.Contains(listening, inode) })
	})
	poll(t, "the end of all temporary files", func() bool {
		left, err := filepath.Glob(filepath.Join(r.temporary, "*"))
		return err == nil && len(left) == 0
	})
}

// pids lists its processes: those with the temporary folder in their environment, as
// TMPDIR or in whatever they were given in the place of highwater's environment, or
// that work in it.
func (r *running) pids(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var pids []string
	for _, dir := range dirs {
		environment, _ := os.ReadFile(filepath.Join(dir, "environ"))
		working, _ := os.Readlink(filepath.Join(dir, "cwd"))
		if bytes.Contains(environment, []byte(r.temporary)) || strings.HasPrefix(working, r.temporary) {
			pids = append(pids, filepath.Base(dir))
		}
	}
	return pids
}

// isGuest reports whether the process is a program that a suite has built.
func isGuest(pid string) bool {
	program, _ := os.Readlink(filepath.Join("/proc", pid, "exe"))
	return strings.Contains(program, "/highwater/guests/")
}

// sockets are the inodes of those that the processes listen on.
func sockets(pids []string) []string {
	var inodes []string
	for _, pid := range pids {
		fds, _ := filepath.Glob(filepath.Join("/proc", pid, "fd", "*"))
		for _, fd := range fds {
			to, _ := os.Readlink(fd)
			if inode, ok := strings.CutPrefix(to, "socket:["); ok {
				inodes = append(inodes, strings.TrimSuffix(inode, "]"))
			}
		}
	}
	return inodes
}

// allListening are the inodes of the sockets that anybody listens on: in state 0A of
// TCP, and with the flag of a listener in the table of unix sockets; see proc(5).
func allListening(t *testing.T) []string {
	t.Helper()
	var inodes []string
	for file, at := range map[string]struct {
		column, inode int
		listens       string
	}{"tcp": {3, 9, "0A"}, "tcp6": {3, 9, "0A"}, "unix": {3, 6, "00010000"}} {
		text, err := os.ReadFile(filepath.Join("/proc/net", file))
		if err != nil && file != "tcp6" {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > at.inode && f[at.column] == at.listens {
				inodes = append(inodes, f[at.inode])
			}
		}
	}
	return inodes
}

// files are the paths of all files below dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
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
