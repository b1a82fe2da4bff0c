package driver

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pressed is sent a value for each press of the key on the terminal that in is; nil where
// it is none. Signals by key, such as Ctrl-C, stay what they are. The terminal is as it was
// after restore.
func pressed(in io.Reader, key byte) (keys <-chan struct{}, restore func()) {
	none := func() {}
	f, ok := in.(*os.File)
	if !ok || !isTerminalFile(f) {
		return nil, none
	}
	fd := int(f.Fd())
	was, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return nil, none
	}
	now := *was
	now.Lflag &^= unix.ICANON | unix.ECHO // each key at once, and not shown
	now.Cc[unix.VMIN], now.Cc[unix.VTIME] = 1, 0
	if unix.IoctlSetTermios(fd, unix.TCSETS, &now) != nil {
		return nil, none
	}
	all := make(chan struct{}, 1)
	// It ends with the process: a read of a terminal cannot be called off.
	go func() {
		var b [1]byte
		for {
			if n, err := f.Read(b[:]); err != nil || n == 0 {
				return
			}
			if b[0] != key {
				continue
			}
			select {
			case all <- struct{}{}:
			default: // one is on its way
			}
		}
	}()
	return all, func() { _ = unix.IoctlSetTermios(fd, unix.TCSETS, was) }
}
