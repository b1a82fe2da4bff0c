//go:build unix

package attach

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// envRole makes the test binary one of the processes that are looked at.
const envRole = "HIGHWATER_ATTACH_TEST"

func TestMain(m *testing.M) {
	switch os.Getenv(envRole) {
	case "":
		os.Exit(m.Run())
	case "holder":
		hold()
	case "parent":
		parent()
	case "server":
		serve()
	case "reader":
		read()
	case "asker":
		ask()
	}
}

// What a holder holds.
const (
	heldBytes   = 64 << 20
	heldFiles   = 7
	heldPipes   = 3
	heldThreads = 9
)

// hold holds what is known, says so, and ends when its standard input does.
func hold() {
	memory, err := syscall.Mmap(-1, 0, heldBytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	var keep []*os.File
	for range heldFiles {
		f, err := os.Open("/proc/self/status")
		if err != nil {
			panic(err)
		}
		keep = append(keep, f)
	}
	for range heldPipes {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		keep = append(keep, r, w)
	}
	for range heldThreads {
		ready := make(chan bool)
		go func() {
			runtime.LockOSThread()
			ready <- true
			select {}
		}()
		<-ready
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(keep)
	runtime.KeepAlive(memory)
	os.Exit(3)
}

// parent has two holders.
func parent() {
	for range 2 {
		cmd := exec.Command("/proc/self/exe")
		cmd.Env = append(os.Environ(), envRole+"=holder")
		cmd.Stdin = os.Stdin
		out, err := cmd.StdoutPipe()
		if err != nil {
			panic(err)
		}
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		_, _ = bufio.NewReader(out).ReadString('\n')
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(4)
}

const (
	servedObjects = 10_000
	servedSize    = 1024
	servedBlocked = 25
)

var (
	served [][]byte
	never  = make(chan bool)
)

// serve holds 10 MB at one line, and goroutines that are blocked at another, and
// serves net/http/pprof.
func serve() {
	for range servedObjects {
		served = append(served, make([]byte, servedSize))
	}
	for range servedBlocked {
		go blocked()
	}
	network, at := "tcp", "127.0.0.1:0"
	if path := os.Getenv("SOCKET"); path != "" {
		network, at = "unix", path
	}
	listener, err := net.Listen(network, at)
	if err != nil {
		panic(err)
	}
	// The truth that a look is compared with.
	http.HandleFunc("/stats", func(w http.ResponseWriter, _ *http.Request) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		_ = json.NewEncoder(w).Encode(m)
	})
	fmt.Println("ready", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	_ = http.Serve(listener, nil)
}

func blocked() { <-never }

// start starts the test binary in a role, and returns what it says when it is ready.
func start(t *testing.T, role string, env ...string) (cmd *exec.Cmd, said string, end func()) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), envRole+"="+role), env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	said, ok := strings.CutPrefix(strings.TrimSpace(line), "ready")
	if err != nil || !ok {
		t.Fatalf("the %s did not get ready: %q, %v", role, line, err)
	}
	return cmd, strings.TrimSpace(said), func() { _ = in.Close() }
}

// within polls until ok, or fails.
func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never came: ", what)
		}
	}
}

// read says what can be read of a process.
func read() {
	pid, _ := strconv.Atoi(os.Getenv("PID"))
	s, err := PID(pid)
	if err != nil {
		panic(err)
	}
	r, err := s.Read(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Point.RSS, r.Point.Threads, len(r.Point.FDs), s.Lacks()[highwater.QuantityFDs])
}

// ask says what a look at an endpoint comes to.
func ask() {
	l, err := LiveURL(os.Getenv("AT"), URLOptions{})
	if err != nil {
		panic(err)
	}
	s, err := l.Look(context.Background(), true)
	fmt.Println(err, s.PID, s.Lacks[highwater.QuantityRSS])
}
