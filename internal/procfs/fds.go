package procfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FDs counts a process's open descriptors by kind: file, socket, pipe, terminal,
// epoll, event, timer, inotify, memfd, device, other. It is an error when they may
// not be read ([fs.ErrPermission]); a process that is gone has none.
func (f FS) FDs(pid int) (map[string]int, error) {
	targets, err := f.descriptors(pid)
	if targets == nil {
		return nil, err
	}
	kinds := map[string]int{}
	for _, target := range targets {
		kinds[FDKind(target)]++
	}
	return kinds, nil
}

// descriptors are what a process's open descriptors lead to, as the links in /proc have
// it; nil for a process that is gone, and where they may not be read.
func (f FS) descriptors(pid int) ([]string, error) {
	dir := f.path(pid, "fd")
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, f.denied(pid, err)
	case err != nil:
		return nil, nil
	}
	targets := make([]string, 0, len(entries))
	for _, e := range entries {
		// One that is closed meanwhile is not there: no error.
		if target, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil {
			targets = append(targets, target)
		}
	}
	return targets, nil
}

// FDKind is the kind of a descriptor that leads to target, as the link in /proc has
// it: a path, "socket:[1234]", "anon_inode:[eventpoll]".
func FDKind(target string) string {
	scheme, rest, special := strings.Cut(target, ":")
	switch {
	case strings.HasPrefix(target, "/memfd:"):
		return "memfd"
	case strings.HasPrefix(target, "/dev/pts/"), target == "/dev/tty", target == "/dev/ptmx":
		return "terminal"
	case strings.HasPrefix(target, "/dev/shm/"):
		return "file"
	case strings.HasPrefix(target, "/dev/"):
		return "device"
	case strings.HasPrefix(target, "/"):
		return "file"
	case special && (scheme == "socket" || scheme == "pipe"):
		return scheme
	case special && scheme == "anon_inode":
		return anonymous(strings.Trim(rest, "[]"))
	}
	return "other"
}

// anonymous shortens the kernel's names of descriptors without a file.
func anonymous(name string) string {
	switch name {
	case "eventpoll":
		return "epoll"
	case "eventfd":
		return "event"
	case "timerfd":
		return "timer"
	case "inotify", "pidfd":
		return name
	}
	return "other"
}
