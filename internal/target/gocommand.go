package target

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// goEnds is how long an interrupted go command is given to end.
const goEnds = 10 * time.Second

// run runs a go command in the folder Root and returns what it printed. When ctx
// ends, or highwater is killed, it is interrupted: then it starts no further
// compiler, and removes its own temporary files.
func (o PackageOptions) run(ctx context.Context, args ...string) (stdout, stderr []byte, err error) {
	// The kernel takes the end of the thread that started a process for its
	// parent's.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = o.Root
	cmd.Env = cmd.Environ()
	if tmp := o.goTemporary(); tmp != "" {
		cmd.Env = append(cmd.Env, "GOTMPDIR="+tmp)
	}
	cmd.Env = append(cmd.Env, o.Env...)
	var out, diagnosis bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnosis
	interruptible(cmd)
	cmd.WaitDelay = goEnds
	err = cmd.Run()
	return out.Bytes(), diagnosis.Bytes(), err
}

// goTemporary is where the go command builds: among the files that highwater
// removes, unless the user has chosen a place.
func (o PackageOptions) goTemporary() string {
	if o.Dir == "" || os.Getenv("GOTMPDIR") != "" {
		return ""
	}
	dir := filepath.Join(o.Dir, "go")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	return dir
}
