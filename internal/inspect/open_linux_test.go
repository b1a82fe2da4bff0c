package inspect

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/highwater-dev/highwater/internal/procfs"
)

func TestOpen(t *testing.T) {
	path := build(t)
	prog := start(t, path)
	p := prog.open()
	if !strings.HasPrefix(p.GoVersion(), "go1.") {
		t.Errorf("it says %q", p.GoVersion())
	}
	// Another file is at its path by now.
	moved := filepath.Join(t.TempDir(), "program")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(moved, text, 0o755); err != nil {
		t.Fatal(err)
	}
	removed := start(t, moved)
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(moved, []byte("#!/bin/false\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := removed.open().Read(); err != nil {
		t.Errorf("a program that was replaced: %v", err)
	}

	if err := prog.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = prog.cmd.Wait()
	if _, err := p.Read(); !errors.Is(err, ErrGone) {
		t.Errorf("after its end: %v", err)
	}
	if _, _, _, err := p.Goroutines(); !errors.Is(err, ErrGone) {
		t.Errorf("after its end: %v", err)
	}
	if _, _, err := p.Sites(); !errors.Is(err, ErrGone) {
		t.Errorf("after its end: %v", err)
	}
	if _, err := Open(procfs.Root, prog.cmd.Process.Pid); !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), "pgrep") {
		t.Errorf("nobody: %v", err)
	}
}

// A process that has become another program has gone, whatever its id says.
func TestBecomesAnother(t *testing.T) {
	prog := start(t, build(t))
	p := prog.open()
	prog.do("exec")
	within(t, "the other program", func() bool { _, err := p.Read(); return errors.Is(err, ErrGone) })
	if procfs.Root.State(prog.cmd.Process.Pid) == 0 {
		t.Error("it has ended")
	}
}

func TestRefused(t *testing.T) {
	sleep := exec.Command("sleep", "600")
	if err := sleep.Start(); err != nil {
		t.Skip("no sleep: ", err)
	}
	defer func() { _ = sleep.Process.Kill(); _ = sleep.Wait() }()
	within(t, "the program sleep", func() bool {
		_, err := Open(procfs.Root, sleep.Process.Pid)
		return errors.Is(err, ErrNotGo)
	})
	for _, flags := range []string{"-s -w", "-w"} {
		prog := start(t, build(t, "-ldflags="+flags))
		_, err := Open(procfs.Root, prog.cmd.Process.Pid)
		if !errors.Is(err, ErrStripped) || !strings.Contains(err.Error(), "--url") {
			t.Errorf("built with -ldflags=%q: %v", flags, err)
		}
	}
}

// envPID makes the test binary look at a process, as somebody else.
const envPID = "HIGHWATER_INSPECT_PID"

func look(pid string) {
	n, _ := strconv.Atoi(pid)
	_, err := Open(procfs.Root, n)
	fmt.Println(errors.Is(err, ErrDenied), err)
}

func TestDenied(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	prog := start(t, build(t))
	const nobody = 65534
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), envPID+"="+strconv.Itoa(prog.cmd.Process.Pid))
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "true ") || !strings.Contains(string(out), "it belongs to root: run highwater as root") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The words for what else may be in the way.
func TestRemedies(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("5/status", fmt.Sprintf("Name:\tserver\nUid:\t%[1]d\t%[1]d\t%[1]d\t%[1]d\n", os.Geteuid()))
	err := denied(procfs.FS(root), 5, &os.PathError{Op: "open", Path: "/proc/5/mem", Err: syscall.EACCES})
	if !strings.Contains(err.Error(), "process 5 (server)") || !strings.Contains(err.Error(), "SYS_PTRACE") ||
		strings.Contains(err.Error(), "/proc/5") || !errors.Is(err, os.ErrPermission) {
		t.Errorf("%v", err)
	}
	write("sys/kernel/yama/ptrace_scope", "1\n")
	if err := denied(procfs.FS(root), 5, syscall.EPERM); !strings.Contains(err.Error(), "kernel.yama.ptrace_scope=0") || !errors.Is(err, ErrDenied) {
		t.Errorf("%v", err)
	}
}
