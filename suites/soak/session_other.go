//go:build !linux

package soak

import "os"

// killSession does nothing where processes cannot be listed by their session: the
// kernel tells them that their terminal is gone.
func killSession(int) {}

func stopped(int) bool { return false }

func runnable(int) bool { return false }

func sizeChanged(*os.Process) {}
