//go:build !linux

package guest

import (
	"os"
	"os/exec"
)

// interruptible lets the command be interrupted when its context ends, where the
// system can do that, and killed elsewhere.
func interruptible(cmd *exec.Cmd) {
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) == nil {
			return nil
		}
		return cmd.Process.Kill()
	}
}
