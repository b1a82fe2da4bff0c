//go:build unix

package attach

import (
	"os"
	"path/filepath"
	"syscall"
)

// ownerOf names the owner of a file, or of the folder that does not let us see it.
func ownerOf(path string) string {
	for ; ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		if err != nil && path != filepath.Dir(path) {
			continue
		}
		if err == nil {
			if s, ok := info.Sys().(*syscall.Stat_t); ok {
				return owner(int(s.Uid))
			}
		}
		return "another user"
	}
}

// fileID names a file for as long as it is in use.
type fileID struct{ device, inode uint64 }

func identify(info os.FileInfo) fileID {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fileID{}
	}
	return fileID{uint64(s.Dev), uint64(s.Ino)}
}
