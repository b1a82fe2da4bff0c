package attach

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/procfs"
)

const plainProgram = `package main

import ("bufio"; "fmt"; "os")

func main() { fmt.Println("ready"); bufio.NewReader(os.Stdin).ReadByte() }
`

const pprofProgram = `package main

import ("bufio"; "fmt"; "net"; "net/http"; _ "net/http/pprof"; "os")

func main() {
	network, at := "tcp", ":0"
	if len(os.Args) > 1 { network, at = "unix", os.Args[1] }
	l, err := net.Listen(network, at)
	if err != nil { panic(err) }
	go http.Serve(l, nil)
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadByte()
}
`

// built builds a program outside of any module.
func built(t *testing.T, dir, name, source string, flags ...string) string {
	t.Helper()
	file := filepath.Join(dir, name+".go")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	cmd := exec.Command("go", append(append([]string{"build", "-o", path}, flags...), file)...)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GO111MODULE=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// running starts a program, which ends with the test.
func running(t *testing.T, path string, arguments ...string) int {
	t.Helper()
	cmd := exec.Command(path, arguments...)
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
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	return cmd.Process.Pid
}

func TestList(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	whole := running(t, built(t, dir, "plain", plainProgram), "a\x1bb")
	served := built(t, dir, "served", pprofProgram, "-ldflags=-s -w")
	stripped := running(t, served)
	socket := filepath.Join(dir, "a socket")
	byPath := running(t, served, socket)
	other := running(t, "/bin/sh", "-c", "echo ready; read line")

	all, err := List(t.Context(), procfs.Root)
	if err != nil {
		t.Fatal(err)
	}
	of := map[int]GoProcess{}
	for i, g := range all {
		if of[g.PID] = g; i > 0 && all[i-1].PID >= g.PID {
			t.Error("not by their ids")
		}
		if g.Readable == (g.Why != "") || g.Go == "" || g.Command == "" {
			t.Errorf("%+v", g)
		}
	}
	for _, pid := range []int{os.Getpid(), os.Getppid(), other} {
		if g, ok := of[pid]; ok {
			t.Errorf("%+v is in the list", g)
		}
	}
	g := of[whole]
	if g.Path != "command-line-arguments" || !strings.HasPrefix(g.Go, "go1.") || g.Linked || g.Endpoint != "" || !g.Readable ||
		!strings.HasSuffix(g.Command, "/plain a b") || g.RSS <= 0 || g.User == "" {
		t.Errorf("unstripped, without pprof: %+v", g)
	}
	// The kernel's clock for the start is that of the machine's, to some hundredths.
	if age := time.Since(g.Started); age < -2*time.Second || age > 10*time.Minute {
		t.Errorf("it began at %v", g.Started)
	}
	g = of[stripped]
	if g.Readable || !strings.Contains(g.Why, "stripped") || !g.Linked || !strings.HasPrefix(g.Endpoint, "http://localhost:") {
		t.Errorf("stripped, with pprof: %+v", g)
	} else if l, err := LiveURL(g.Endpoint, URLOptions{}); err != nil {
		t.Error(err)
	} else if s := look(t, l, false); s.PID != stripped {
		t.Errorf("its endpoint is that of process %d, want %d: %v", s.PID, stripped, s.Lacks)
	}
	if g = of[byPath]; g.Endpoint != "unix:"+socket {
		t.Errorf("at a socket: %+v", g)
	}
}
