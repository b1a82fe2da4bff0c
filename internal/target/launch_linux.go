package target

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// WatchesMemory says whether [Limits].MaxMemory is watched over.
const WatchesMemory = true

// envSupervise makes an executable act as the supervisor of another process.
const envSupervise = "HIGHWATER_SUPERVISE"

// order is what the supervisor is told, in envSupervise.
type order struct {
	Path   string   `json:"path"`
	Args   []string `json:"args"`
	Limits Limits   `json:"limits"`
}

// The descriptors that the supervisor inherits besides the standard three.
const (
	lifeline = 3 // read end of a pipe whose other end is highwater's
	exitPipe = 4 // where the supervisor writes the Exit
)

// askToEnd on the lifeline tells the supervisor to ask the process to end.
const askToEnd = 't'

// launch starts the supervisor, which starts the process.
func launch(ctx context.Context, path string, args, env []string, dir string, l Limits) Exit {
	self, err := os.Executable()
	if err != nil {
		return Exit{Code: -1, Err: "finding highwater's own executable: " + err.Error()}
	}
	spec, err := json.Marshal(order{Path: path, Args: args, Limits: l})
	if err != nil {
		return Exit{Code: -1, Err: err.Error()}
	}
	alive, aliveW, err := os.Pipe()
	if err != nil {
		return Exit{Code: -1, Err: "opening a pipe: " + err.Error()}
	}
	defer alive.Close()
	defer aliveW.Close()
	result, resultW, err := os.Pipe()
	if err != nil {
		return Exit{Code: -1, Err: "opening a pipe: " + err.Error()}
	}
	defer result.Close()
	defer resultW.Close()

	cmd := exec.Command(self)
	cmd.Dir = dir
	cmd.Env = append(env[:len(env):len(env)], envSupervise+"="+string(spec))
	cmd.ExtraFiles = []*os.File{alive, resultW}
	stderr := newHeadTail(stderrRead)
	cmd.Stderr = l.tee(stderr)
	// A session of its own: Ctrl-C in the terminal reaches highwater only, which
	// then ends the tree in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.WaitDelay = time.Second // a descendant that escaped may hold stderr open
	if err := cmd.Start(); err != nil {
		if _, dirErr := os.Stat(dir); dir != "" && dirErr != nil { // the start names the program instead
			return Exit{Code: -1, Err: "entering the working directory: " + dirErr.Error()}
		}
		return Exit{Code: -1, Err: "starting the supervisor: " + err.Error()}
	}
	if l.Started != nil {
		l.Started(cmd.Process.Pid)
	}
	resultW.Close()
	alive.Close()
	stop := context.AfterFunc(ctx, func() { aliveW.Close() })
	defer stop()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-l.Stop:
			_, _ = aliveW.Write([]byte{askToEnd}) // a supervisor that has ended needs no asking
		case <-ended:
		}
	}()

	text, readErr := io.ReadAll(io.LimitReader(result, 1<<20))
	waitErr := cmd.Wait()
	var e Exit
	if err := json.Unmarshal(text, &e); err != nil || readErr != nil {
		return Exit{Code: -1, Stderr: ends(stderr.String()), Err: fmt.Sprintf("the supervisor ended without a report (%v)", waitErr)}
	}
	e.Stderr = stderr.String()
	if e.TimedOut {
		e.Stderr = shorten(e.Stderr)
	}
	e.Stderr = ends(e.Stderr)
	return e
}
