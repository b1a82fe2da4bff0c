package inspect

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/procfs"
)

// program is testdata/program, built once with each set of flags.
var built struct {
	sync.Mutex
	dir string
	ok  map[string]string
}

func TestMain(m *testing.M) {
	if pid := os.Getenv(envPID); pid != "" {
		look(pid)
		return
	}
	if pid := os.Getenv(envStop); pid != "" {
		stopIt(pid)
	}
	code := m.Run()
	_ = os.RemoveAll(built.dir)
	os.Exit(code)
}

func build(t testing.TB, flags ...string) string {
	t.Helper()
	return buildProgram(t, "program", flags...)
}

// buildProgram builds one of testdata.
func buildProgram(t testing.TB, name string, flags ...string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	key := name + " " + strings.Join(flags, " ")
	if path, ok := built.ok[key]; ok {
		return path
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "highwater-inspect")
		if err != nil {
			t.Fatal(err)
		}
		built.dir, built.ok = dir, map[string]string{}
	}
	path := filepath.Join(built.dir, fmt.Sprint("program", len(built.ok)))
	// For trying other releases by hand: the go command of one.
	goTool := cmp.Or(os.Getenv("HIGHWATER_INSPECT_GO"), "go")
	cmd := exec.Command(goTool, append(append([]string{"build", "-o", path}, flags...), "main.go")...)
	cmd.Dir = filepath.Join("testdata", name)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if goTool != "go" {
		cmd.Env = append(cmd.Env, "GOTOOLCHAIN=local", "GO111MODULE=off", "GOROOT=")
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built.ok[key] = path
	return path
}

// target is the program while it runs.
type target struct {
	testing.TB
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(t testing.TB, path string, env ...string) *target {
	t.Helper()
	cmd := exec.Command(path)
	cmd.Env = append(append(os.Environ(), "GOMAXPROCS=2"), env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	p := &target{t, cmd, in, bufio.NewReader(out)}
	if line := p.line(); line != "ready\n" {
		t.Fatalf("it says %q", line)
	}
	return p
}

func (p *target) line() string {
	p.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.Fatalf("the program: %v", err)
	}
	return line
}

// ask sends a line and reads the answer.
func (p *target) ask(what string, to any) {
	p.Helper()
	if _, err := io.WriteString(p.in, what+"\n"); err != nil {
		p.Fatal(err)
	}
	if err := json.Unmarshal([]byte(p.line()), to); err != nil {
		p.Fatalf("%s: %v", what, err)
	}
}

func (p *target) do(what string) {
	p.Helper()
	var said string
	p.ask(what, &said)
}

// figures are the metrics of the program by name.
func (p *target) figures() map[string]json.Number {
	p.Helper()
	var m map[string]json.Number
	p.ask("figures", &m)
	return m
}

func (p *target) open() *Process {
	p.Helper()
	q, err := Open(procfs.Root, p.cmd.Process.Pid)
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = q.Close() })
	return q
}

// within polls until ok, or fails.
func within(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never came: ", what)
		}
	}
}

// source is the line of the program's source that has a mark at its end.
func source(t testing.TB, mark string) int {
	t.Helper()
	return sourceOf(t, "program", mark)
}

func sourceOf(t testing.TB, name, mark string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasSuffix(line, "// "+mark) {
			return i + 1
		}
	}
	t.Fatalf("there is no line marked %q", mark)
	return 0
}
