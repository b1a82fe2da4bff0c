package inspect

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/highwater-dev/highwater/internal/procfs"
)

// What can be in the way. Errors that wrap these say what to do.
var (
	// ErrNotGo is a process that runs no Go program.
	ErrNotGo = errors.New("it is no Go program")
	// ErrStripped is a program without symbols or debug information.
	ErrStripped = errors.New("the program is stripped: it was built with -ldflags=-s or -w, and where its figures are cannot be told. " +
		"Build it without these flags, or look at it through net/http/pprof with --url, or let highwater build it")
	// ErrDenied is a process whose memory we may not read.
	ErrDenied = errors.New("its memory may not be read")
	// ErrGone is a process that has ended, or has become another program.
	ErrGone = errors.New("the process has ended")
	// ErrUnknown is a Go release whose runtime is not understood. What wraps it names
	// the variable or the field.
	ErrUnknown = errors.New("this release of Go is not understood")
	// ErrBusy is a process that was let go on because its time was over.
	ErrBusy = errors.New("the time for which the process may be stopped was over")
	// ErrLarge is a heap that is not read, because it is larger than the bound.
	ErrLarge = errors.New("the heap is larger than what may be read")
	// ErrNoObjects is an allocation site of which nothing is known that is there.
	ErrNoObjects = errors.New("there are no objects to look for")
	// ErrNoProfile is a program in which no memory profile is kept.
	ErrNoProfile = errors.New("the program keeps no memory profile")
)

// errTorn is memory that does not fit together: it was changed while it was read.
var errTorn = errors.New("what was read of the process does not fit together: try again")

// denied says whose process it is, or what else keeps us from reading it.
func denied(proc procfs.FS, pid int, err error) error {
	name := fmt.Sprintf("process %d", pid)
	status, failed := proc.Status(pid)
	if failed == nil {
		name = fmt.Sprintf("process %d (%s)", pid, status.Name)
	}
	if failed == nil && status.UID >= 0 && status.UID != os.Geteuid() {
		owner := strconv.Itoa(status.UID)
		if u, err := user.LookupId(owner); err == nil {
			owner = u.Username
		}
		remedy := "run highwater as root"
		if owner != "root" {
			remedy = "run highwater as " + owner + " or as root"
		}
		return fmt.Errorf("%s: %w: it belongs to %s: %s (%w)", name, ErrDenied, owner, remedy, cause(err))
	}
	if scope := yama(proc); scope != "" && scope != "0" {
		return fmt.Errorf("%s: %w: this system lets only a parent read its children (kernel.yama.ptrace_scope is %s): "+
			"run highwater as root, or allow it with sysctl kernel.yama.ptrace_scope=0 (%w)", name, ErrDenied, scope, cause(err))
	}
	return fmt.Errorf("%s: %w: it is protected, or this is a container without the right to trace: "+
		"run highwater as root, or start the container with --cap-add SYS_PTRACE (%w)", name, ErrDenied, cause(err))
}

// yama is the kernel's setting of who may trace whom; "" where it has none.
func yama(proc procfs.FS) string {
	text, err := os.ReadFile(filepath.Join(string(proc), "sys/kernel/yama/ptrace_scope"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// cause is the kernel's own word, without the name of a file in /proc, which says
// nothing to the user.
func cause(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return err
}
