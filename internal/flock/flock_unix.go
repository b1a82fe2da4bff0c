//go:build unix

package flock

import (
	"errors"
	"os"
	"syscall"
)

// Works says that a lock tells whether another process has it.
const Works = true

// Try takes the lock of that name, a file that is made if need be. It returns nil where
// another has it. Closing the file gives it up.
func Try(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			f.Close()
			switch {
			case errors.Is(err, syscall.EWOULDBLOCK):
				return nil, nil
			case errors.Is(err, syscall.EINTR):
				continue
			}
			return nil, &os.PathError{Op: "lock", Path: path, Err: err}
		}
		// Somebody may have removed the file between the opening and the locking.
		here, err := f.Stat()
		if there, err2 := os.Stat(path); err == nil && err2 == nil && os.SameFile(here, there) {
			return f, nil
		}
		f.Close()
	}
}
