package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Load runs a command line, through sh -c, that makes a program work, and waits
// for its end. Env is the command's whole environment, nil for highwater's own;
// dir its working directory, "" for highwater's. All that it prints goes to
// output, nil for nowhere.
//
// When ctx ends, the command and all that it started are ended and the error is
// the cause of ctx's end. Of a command that fails the error has its last lines.
func Load(ctx context.Context, command string, env []string, dir string, output io.Writer) error {
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env, cmd.Dir = env, dir
	if env == nil {
		cmd.Env = os.Environ()
	}
	printed := newHeadTail(stderrKept)
	cmd.Stdout = printed
	if output != nil {
		cmd.Stdout = io.MultiWriter(printed, output)
	}
	cmd.Stderr = cmd.Stdout
	ownGroup(cmd)
	cmd.WaitDelay = time.Second // what it left in the background may hold its output open
	err := cmd.Run()
	endGroup(cmd)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
		return nil
	}
	if said := strings.TrimSpace(printed.String()); said != "" {
		return fmt.Errorf("%w: %s", err, said)
	}
	return err
}
