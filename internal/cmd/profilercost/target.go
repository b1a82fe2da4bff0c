//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof" // what --url looks at
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

const (
	envTarget  = "PROFILERCOST_TARGET"
	goroutines = 10_000
	blockTurns = 3000 // of the worker, and a collection: some tens of milliseconds
)

// block is what the process says of some work, the same each time.
type block struct {
	Begun, Ended time.Time
	CPU          time.Duration // of the whole process
}

// target is the process that is looked at: many goroutines that wait, and one that works,
// keeps 4 MB and makes garbage. It serves net/http/pprof, and says where.
func target(pipe string) int {
	file, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return highwater.ExitError
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return highwater.ExitError
	}
	go func() { _ = http.Serve(l, nil) }()
	never := make(chan int)
	var mu sync.Mutex
	mu.Lock()
	for i := range goroutines {
		switch i % 4 {
		case 0:
			go func() { <-never }()
		case 1:
			go func() {
				select {
				case <-never:
				case <-time.After(24 * time.Hour):
				}
			}()
		case 2:
			go mu.Lock()
		default:
			go time.Sleep(24 * time.Hour)
		}
	}
	out := json.NewEncoder(file)
	if out.Encode(l.Addr().String()) != nil {
		return highwater.ExitError
	}
	var kept [1024][]byte
	for n := 0; ; {
		b := block{Begun: time.Now()}
		before := probe.CPUTime()
		for range blockTurns {
			kept[n%len(kept)] = work(n)
			n++
		}
		runtime.GC() // each block has its own, as there is no other
		b.CPU, b.Ended = probe.CPUTime()-before, time.Now()
		if out.Encode(b) != nil { // nobody listens any more
			return highwater.ExitOK
		}
	}
}

// work makes 4 KB, and some garbage on the way.
func work(n int) []byte {
	text, _ := json.Marshal(map[string]int{"turn": n, "of": blockTurns, "kept": 4096})
	var back map[string]int
	_ = json.Unmarshal(text, &back)
	return make([]byte, 4096)
}

// stream is what a target says through a pipe.
type stream struct {
	file   *os.File
	first  chan error // whether it has begun
	url    string     // where it serves net/http/pprof, once it has
	blocks chan block
}

// listen makes a pipe, and reads what a target that is then started writes into it.
func listen(ctx context.Context, pipe string) (*stream, error) {
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		return nil, &os.PathError{Op: "mkfifo", Path: pipe, Err: err}
	}
	// For reading and writing, a pipe opens without anybody at its other end.
	f, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { f.Close() })
	s := &stream{file: f, first: make(chan error, 1), blocks: make(chan block, 1<<16)}
	go s.read()
	return s, nil
}

func (s *stream) read() {
	d := json.NewDecoder(bufio.NewReader(s.file))
	var address string
	err := d.Decode(&address)
	s.url = "http://" + address
	s.first <- err
	var b block
	for err == nil {
		if err = d.Decode(&b); err == nil {
			select {
			case s.blocks <- b:
			default: // nobody wants them at the moment
			}
		}
	}
}

// begun waits until the target works, or what was to start it has ended.
func (s *stream) begun(ctx context.Context, ended <-chan struct{}) error {
	select {
	case err := <-s.first:
		return err
	case <-ended:
		return errors.New("it has ended, and what is to be looked at has not begun")
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(begins):
		return errors.New("the process to be looked at has not begun")
	}
}

// drain returns the blocks that were told so far.
func (s *stream) drain() (all []block) {
	for {
		select {
		case b := <-s.blocks:
			all = append(all, b)
		default:
			return all
		}
	}
}

// begins is how long building and starting it may take.
const begins = 5 * time.Minute

// environment is that of a target which writes into the pipe: on one processor, without
// collections but its own.
func environment(pipe string) []string {
	return []string{envTarget + "=" + pipe, "GOMAXPROCS=1", "GOGC=off"}
}

// targetProcess is a target that this process has started.
type targetProcess struct {
	*stream
	cmd   *exec.Cmd
	pid   int
	ended chan struct{} // closed when it has
}

func startTarget(ctx context.Context, pipe string) (*targetProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s, err := listen(ctx, pipe)
	if err != nil {
		return nil, err
	}
	t := &targetProcess{stream: s, cmd: exec.CommandContext(ctx, self)}
	t.cmd.Env = append(os.Environ(), environment(pipe)...)
	t.cmd.Stderr = os.Stderr
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	t.pid = t.cmd.Process.Pid
	t.ended = make(chan struct{})
	go func() {
		_ = t.cmd.Wait()
		close(t.ended)
	}()
	if err := t.begun(ctx, t.ended); err != nil {
		t.end()
		return nil, err
	}
	return t, nil
}

// pause stops the target, or lets it go on.
func (t *targetProcess) pause(stop bool) {
	how := syscall.SIGCONT
	if stop {
		how = syscall.SIGSTOP
	}
	_ = t.cmd.Process.Signal(how)
}

func (t *targetProcess) end() {
	_ = t.cmd.Process.Kill()
	<-t.ended
}
