//go:build !linux

package driver

import "io"

// pressed is for Linux: elsewhere no key is read, and SIGUSR1 asks for a snapshot.
func pressed(io.Reader, byte) (keys <-chan struct{}, restore func()) { return nil, func() {} }
