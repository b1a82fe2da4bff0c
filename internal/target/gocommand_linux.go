package target

import (
	"os/exec"
	"syscall"
)

// interruptible lets the command, with all that it has started, be interrupted
// when its context ends, and the command when highwater is killed.
func interruptible(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
