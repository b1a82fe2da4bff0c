//go:build unix

package revision

import (
	"errors"
	"os"
	"syscall"
)

// locks says that a tree can be kept from one invocation to the next: a lock tells
// whether another process uses it. The system gives a lock up with its process.
const locks = true

// lock takes the lock of a tree, and returns nil where another has it.
func lock(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, nil
			}
			return nil, err
		}
		// Somebody may have removed the file between the opening and the locking.
		here, err := f.Stat()
		if there, err2 := os.Stat(path); err == nil && err2 == nil && os.SameFile(here, there) {
			return f, nil
		}
		f.Close()
	}
}
