package soak

import (
	"fmt"
	"os"
	"os/exec"
)

// program is what runs in the pseudo-terminal.
type program struct {
	name, pkg string // of the executable, and of the package that has it
	args      []string
	env       []string // beside the common one
}

// find looks for the executable, and says how to get it where there is none.
func (p program) find() (string, error) {
	path, err := exec.LookPath(p.name)
	if err != nil {
		return "", fmt.Errorf("%s is not on the PATH: install it, on Debian and Ubuntu with `apt-get install %s`", p.name, p.pkg)
	}
	return path, nil
}

// command is the program in its home. It gets nothing of this process's
// environment but the PATH: no settings of the user's, none of highwater's.
func (p program) command(path, home string) *exec.Cmd {
	cmd := exec.Command(path, p.args...)
	cmd.Dir = home
	cmd.Env = append([]string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8", "TMPDIR=" + home,
	}, p.env...)
	return cmd
}
