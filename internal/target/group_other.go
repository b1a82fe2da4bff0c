//go:build !unix

package target

import "os/exec"

// There are no process groups: the command itself is ended when its context ends.
func ownGroup(*exec.Cmd) {}
func endGroup(*exec.Cmd) {}
