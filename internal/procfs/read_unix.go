//go:build unix

package procfs

import (
	"errors"
	"io/fs"
	"syscall"
)

// readFile reads a file of /proc. A dashboard does so a hundred times a second; [os.ReadFile]
// makes ten system calls of each, most of them in order to wait for files that cannot be
// waited for.
func readFile(path string) ([]byte, error) {
	fail := func(op string, err error) ([]byte, error) { return nil, &fs.PathError{Op: op, Path: path, Err: err} }
	fd, err := again(func() (int, error) { return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0) })
	if err != nil {
		return fail("open", err)
	}
	defer syscall.Close(fd)
	b := make([]byte, 0, 2<<10)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := again(func() (int, error) { return syscall.Read(fd, b[len(b):cap(b)]) })
		if err != nil {
			return fail("read", err)
		}
		if n <= 0 {
			return b, nil
		}
		b = b[:len(b)+n]
	}
}

// again does what a signal has interrupted once more.
func again(do func() (int, error)) (n int, err error) {
	for {
		if n, err = do(); !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}
