package probe

import (
	"strings"
	"time"
)

// fdKinds counts descriptors, each "number target", by what they are.
func fdKinds(fds map[string]bool) map[string]int {
	kinds := map[string]int{}
	for fd := range fds {
		_, target, _ := strings.Cut(fd, " ")
		kinds[fdKind(target)]++
	}
	return kinds
}

// fdKind reads the target of a link in /proc/self/fd: "socket:[123]",
// "anon_inode:[eventpoll]", a path, …
func fdKind(target string) string {
	switch before, after, _ := strings.Cut(target, ":"); {
	case before == "socket" || before == "pipe":
		return before
	case before == "anon_inode":
		return strings.Trim(after, "[]")
	case strings.HasPrefix(target, "/dev/pts/") || target == "/dev/ptmx":
		return "terminal"
	case strings.HasPrefix(target, "/dev/"):
		return "device"
	case strings.HasPrefix(target, "/memfd:"):
		return "memfd"
	case strings.HasPrefix(target, "/"):
		return "file"
	}
	return "other"
}

// survey looks at the memory mappings now and then, which costs the kernel a walk
// over all pages.
type survey struct{ next time.Time }

func (s *survey) kinds() map[string]int64 {
	begun := time.Now()
	if begun.Before(s.next) {
		return nil
	}
	kinds, err := mappings()
	s.next = begun.Add(thrift * time.Since(begun))
	if err != nil {
		return nil // what grows off the heap has no name then
	}
	return kinds
}
