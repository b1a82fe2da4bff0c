package target

import (
	"os"
	"syscall"
	"unsafe"
)

// What ptrace(2) calls these; package syscall has some of them only.
const (
	ptraceCont      = 7
	ptraceSeize     = 0x4206
	ptraceListen    = 0x4208
	optionTraceExit = 0x40
	eventExit       = 6
	eventStop       = 128
)

// holdAtExit lets the kernel hold a process at its exit, when its memory is still
// there to be read; nothing else of it is traced, and nothing that it starts. The
// process has been started with SysProcAttr.Ptrace by this thread, from which all
// calls must come, and stands before its first instruction. Traced in that way it
// could not be stopped by job control, so that it is let go, stopped, and taken
// hold of anew.
func holdAtExit(pid int) {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || !status.Stopped() {
			return
		}
		break
	}
	_, _, _ = syscall.RawSyscall6(syscall.SYS_PTRACE, syscall.PTRACE_DETACH, uintptr(pid), 0, uintptr(syscall.SIGSTOP), 0, 0)
	// Where this is refused the looks have to do.
	_, _, _ = syscall.RawSyscall6(syscall.SYS_PTRACE, ptraceSeize, uintptr(pid), 0, optionTraceExit, 0, 0)
	_ = syscall.Kill(pid, syscall.SIGCONT)
}

// privileged reports whether a program has rights beyond those of its user, which
// the kernel does not give it while it is traced.
func privileged(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	size, err := syscall.Getxattr(path, "security.capability", nil)
	return info.Mode()&(os.ModeSetuid|os.ModeSetgid) != 0 || err == nil && size > 0
}

// resume lets a process that is held at its exit, or has stopped before that, go
// on. At its exit atExit is called first.
func resume(pid int, status syscall.WaitStatus, atExit func()) {
	request, signal := uintptr(ptraceCont), uintptr(0)
	switch event := uint32(status) >> 16; {
	case event == eventExit:
		atExit()
	case event == eventStop:
		switch status.StopSignal() {
		case syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU:
			request = ptraceListen // it is to stay stopped, until SIGCONT
		}
	default: // a signal on its way to the process
		signal = uintptr(status.StopSignal())
	}
	_, _, _ = syscall.RawSyscall6(syscall.SYS_PTRACE, request, uintptr(pid), 0, signal, 0, 0)
}

// rusageThread is RUSAGE_THREAD.
const rusageThread = 1

// threadTime is the CPU time of the calling thread in nanoseconds.
func threadTime() int64 {
	var u syscall.Rusage
	if _, _, errno := syscall.RawSyscall(syscall.SYS_GETRUSAGE, rusageThread, uintptr(unsafe.Pointer(&u)), 0); errno != 0 {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
