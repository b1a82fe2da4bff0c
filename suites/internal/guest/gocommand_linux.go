package guest

import (
	"os/exec"
	"syscall"
)

// interruptible lets the command, with all that it has started, be interrupted
// when its context ends, and the command when this process is killed. Interrupted
// once, the go command removes its own temporary files. The kernel may signal the
// end of every thread of a killed process, and the second interrupt ends the go command
// at once: what it leaves then is in the build folder, and swept with that.
func interruptible(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
