package measure

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

const aPanic = `loading the fixtures
panic: the buffer is upside down

goroutine 18 [running]:
example.com/app.(*Buffer).turn(0xc000012345, {0x1, 0x2})
	/home/u/app/buffer.go:41 +0x1d
created by example.com/app.main in goroutine 1
	/home/u/app/main.go:7 +0x25
exit status 2
`

func TestOutcome(t *testing.T) {
	limits := target.Limits{Timeout: 90 * time.Second, MaxMemory: 512 << 20}
	third := []probe.Checkpoint{{Op: 1}, {Op: 3}}
	for name, c := range map[string]struct {
		heard  heard
		exit   target.Exit
		status highwater.Status
		detail string
	}{
		"complete": {heard{done: true, checkpoints: third}, target.Exit{}, highwater.StatusOK, ""},
		// A test binary, whose other tests then failed.
		"complete, then another status": {heard{done: true}, target.Exit{Code: 1}, highwater.StatusOK, ""},
		"not started":                   {heard{}, target.Exit{Code: -1, Err: "no such file"}, highwater.StatusNoStart, "could not be run: no such file"},
		"over its ceiling": {
			heard{checkpoints: third},
			target.Exit{Code: -1, Signal: "killed", OverLimit: 600e6},
			highwater.StatusMemory,
			"reached 600 MB of resident memory, over its ceiling of 537 MB, and was ended, after operation 3",
		},
		"over its deadline": {
			heard{checkpoints: third},
			target.Exit{Code: 2, TimedOut: true, Stderr: aPanic},
			highwater.StatusTimeout,
			"was still running after 1m30s and was ended, after operation 3",
		},
		"over its deadline, complete": {heard{done: true}, target.Exit{TimedOut: true}, highwater.StatusTimeout, "was still running after 1m30s and was ended"},
		"said so itself":              {heard{failure: "no fixture", done: true}, target.Exit{Code: 2}, highwater.StatusFailed, "no fixture"},
		"by the kernel": {
			heard{},
			target.Exit{Code: -1, Signal: "killed", OOM: true},
			highwater.StatusKilled,
			"was killed (killed) while the kernel's out-of-memory killer was at work",
		},
		"by a signal":           {heard{checkpoints: third}, target.Exit{Code: -1, Signal: "segmentation fault"}, highwater.StatusKilled, "was killed by a signal: segmentation fault, after operation 3"},
		"by a signal, complete": {heard{done: true}, target.Exit{Code: -1, Signal: "killed"}, highwater.StatusKilled, "was killed by a signal: killed"},
		"panicked":              {heard{checkpoints: third}, target.Exit{Code: 2, Stderr: aPanic}, highwater.StatusPanicked, "panic: the buffer is upside down (buffer.go:41), after operation 3"},
		"panicked, complete":    {heard{done: true}, target.Exit{Code: 2, Stderr: aPanic}, highwater.StatusPanicked, "panic: the buffer is upside down (buffer.go:41)"},
		// A panic that was recovered from and printed is no crash.
		"exited":           {heard{checkpoints: third}, target.Exit{Stderr: aPanic}, highwater.StatusExited, "exited with status 0 before the measurement was complete, after operation 3"},
		"exited, log":      {heard{}, target.Exit{Code: 1, Stderr: "no more disk"}, highwater.StatusExited, "exited with status 1 before the measurement was complete"},
		"told nonsense":    {heard{err: errors.New("reading from the measured process: x")}, target.Exit{}, highwater.StatusFailed, "reading from the measured process: x"},
		"nonsense, status": {heard{err: errors.New("x"), done: true}, target.Exit{Code: 1}, highwater.StatusFailed, "x"},
	} {
		o := outcome(c.heard, c.exit, limits)
		if o.Status != c.status || o.Detail != c.detail {
			t.Errorf("%s: got %s, %q; want %s, %q", name, o.Status, o.Detail, c.status, c.detail)
		}
		if want := c.exit.Stderr; c.status != highwater.StatusOK && o.Stderr != want {
			t.Errorf("%s: the output is %q, want %q", name, o.Stderr, want)
		}
	}
}

func TestCrash(t *testing.T) {
	for name, c := range map[string]struct{ stderr, want string }{
		"nothing":      {"", ""},
		"no crash":     {"a panic: in the middle\nof the output\n", ""},
		"no stack":     {"panic: x", "panic: x"},
		"a panic":      {aPanic, "panic: the buffer is upside down (buffer.go:41)"},
		"no goroutine": {"fatal error: out of memory\n\nruntime stack:\nruntime.throw()\n\t/go/src/runtime/panic.go:1 +0x1\n", "fatal error: out of memory"},
		"inside the runtime and the standard library": {
			"fatal error: sync: unlock of unlocked mutex\n[recovered]\n\ngoroutine 7 [running]:\ninternal/sync.fatal({0x1, 0x2})\n\t/usr/local/go/src/runtime/panic.go:1181 +0x18\n" +
				"internal/sync.(*Mutex).unlockSlow(0x1)\n\t/usr/local/go/src/internal/sync/mutex.go:204 +0x5\nsync.(*Mutex).Unlock(...)\n\t/usr/local/go/src/sync/mutex.go:65\n" +
				"app.release()\n\t/home/u/app/lock.go:9 +0x2\n",
			"fatal error: sync: unlock of unlocked mutex (lock.go:9)",
		},
		"built with -trimpath": {
			"panic: x\n\ngoroutine 1 [running]:\npanic({0x1, 0x2})\n\truntime/panic.go:783 +0x132\nexample.com/app.f(...)\n\texample.com/app/f.go:3\n",
			"panic: x (f.go:3)",
		},
		"the scenario, not the harness": {
			"panic: x\n\ngoroutine 1 [running]:\ngithub.com/highwater-dev/highwater.(*M).Loop(0x1)\n\t/m.go:160 +0x1\nmain.main()\n\tC:/app/main.go:4 +0x1\n",
			"panic: x (main.go:4)",
		},
		"only the first goroutine": {
			"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\nruntime.gopark()\n\t/go/src/runtime/proc.go:1 +0x1\n\ngoroutine 2 [running]:\nmain.f()\n\t/f.go:1 +0x1\n",
			"fatal error: all goroutines are asleep - deadlock! (proc.go:1)",
		},
	} {
		if got := crash(c.stderr); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func FuzzCrash(f *testing.F) {
	f.Add(aPanic)
	f.Add("panic: \ngoroutine \n(\n\t:\n\t:x +0x")
	f.Fuzz(func(t *testing.T, stderr string) {
		if got := crash(stderr); got != "" && !strings.HasPrefix(got, "panic: ") && !strings.HasPrefix(got, "fatal error: ") {
			t.Errorf("got %q", got)
		}
	})
}
