//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	_ "net/http/pprof" // what --url looks at
	"os"
	"os/exec"
	"runtime"
	"sync"
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
func target() int {
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
	out := json.NewEncoder(os.Stdout)
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

// targetProcess is that process, as its parent has it.
type targetProcess struct {
	cmd    *exec.Cmd
	pid    int
	url    string
	blocks chan block
}

func startTarget(ctx context.Context) (*targetProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	t := &targetProcess{cmd: exec.CommandContext(ctx, self), blocks: make(chan block, 1<<16)}
	t.cmd.Env = append(os.Environ(), envTarget+"=1", "GOMAXPROCS=1", "GOGC=off")
	t.cmd.Stderr = os.Stderr
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	t.pid = t.cmd.Process.Pid
	d := json.NewDecoder(bufio.NewReader(out))
	var address string
	if err := d.Decode(&address); err != nil {
		t.end()
		return nil, fmt.Errorf("the process to be looked at has not begun: %w", err)
	}
	t.url = "http://" + address
	go t.read(d, out)
	return t, nil
}

func (t *targetProcess) read(d *json.Decoder, out io.Reader) {
	defer close(t.blocks)
	var b block
	for d.Decode(&b) == nil {
		select {
		case t.blocks <- b:
		default: // nobody wants them at the moment
		}
	}
	_, _ = io.Copy(io.Discard, out)
}

func (t *targetProcess) end() {
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
}

// drain returns the blocks that were told so far.
func (t *targetProcess) drain() (all []block) {
	for {
		select {
		case b, ok := <-t.blocks:
			if !ok {
				return all
			}
			all = append(all, b)
		default:
			return all
		}
	}
}
