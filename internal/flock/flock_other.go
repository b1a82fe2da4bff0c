//go:build !unix

package flock

import "os"

// Works says that there is no telling here whether another process has a lock.
const Works = false

// Try makes the file of that name, which is all that it does here.
func Try(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
