//go:build !unix

package revision

import "os"

// locks says that no tree is kept from one invocation to the next: there is no
// telling whether another process uses it.
const locks = false

// lock makes the file that marks a tree as somebody's.
func lock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
