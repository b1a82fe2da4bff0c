package target

import (
	"strings"
	"testing"
)

// The text is what SIGQUIT makes a Go 1.26 program print, with some of each kind
// of goroutine.
func TestShorten(t *testing.T) {
	const dump = `some output of the program
SIGQUIT: quit
PC=0x4956a1 m=0 sigcode=0

goroutine 0 gp=0xbb5960 m=0 mp=0xbb6b40 [idle]:
runtime.futex(0xbb6c98, 0x80, 0x0, 0x0, 0x0, 0x0)
	/usr/local/go/src/runtime/sys_linux_amd64.s:569 +0x21 fp=0x7ffc61a32d08 sp=0x7ffc61a32d00 pc=0x4956a1

goroutine 1 gp=0x2ac4991e1e0 m=nil [chan receive]:
runtime.chanrecv1(0x28?, 0x0?)
	/usr/local/go/src/runtime/chan.go:509 +0x12 fp=0x2ac499d7710 sp=0x2ac499d76e8 pc=0x41a852
github.com/highwater-dev/highwater.inGoroutine(0x2ac49a2a4b0)
	/src/m.go:100 +0x85 fp=0x2ac499d7738 sp=0x2ac499d7710 pc=0x599bc5
main.main()
	/src/main.go:72 +0xa5 fp=0x2ac499d7f48 sp=0x2ac499d7eb8 pc=0x732d85

goroutine 22 gp=0x2ac4991ed20 m=nil [chan receive]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
	/usr/local/go/src/runtime/proc.go:462 +0xce fp=0x2ac49960fa8 sp=0x2ac49960f88 pc=0x48beee
github.com/highwater-dev/highwater/internal/probe.worker.deep(0x2ac49960fa8, 0x1)
	/src/internal/probe/stacks.go:83 +0x1b fp=0x2ac499ddfe0 sp=0x2ac499ddfc0 pc=0x5dba5b
created by github.com/highwater-dev/highwater/internal/probe.newWorker in goroutine 1
	/src/internal/probe/stacks.go:70 +0x1b

goroutine 40 gp=0x2ac4991ed20 m=nil [sleep]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
	/usr/local/go/src/runtime/proc.go:462 +0xce fp=0x2ac49960fa8 sp=0x2ac49960f88 pc=0x48beee
time.Sleep(0x8bb2c97000)
	/usr/local/go/src/runtime/time.go:338 +0x165 fp=0x2ac49960fa8 sp=0x2ac49960f88 pc=0x48beee
main.stuck(...)
	/src/main.go:30
github.com/highwater-dev/highwater.Scenario.Execute.func1()
	/src/m.go:63 +0x51 fp=0x2ac49960fa8 sp=0x2ac49960f88 pc=0x48beee
created by github.com/highwater-dev/highwater.inGoroutine in goroutine 1
	/src/m.go:96 +0x65

rax    0xfffffffffffffffc
rip    0x40b4ee
rflags 0x246
`
	const want = `some output of the program
SIGQUIT: quit
PC=0x4956a1 m=0 sigcode=0

goroutine 40 [sleep]:
time.Sleep(0x8bb2c97000)
	/usr/local/go/src/runtime/time.go:338 +0x165
main.stuck(...)
	/src/main.go:30
github.com/highwater-dev/highwater.Scenario.Execute.func1()
	/src/m.go:63 +0x51
created by github.com/highwater-dev/highwater.inGoroutine in goroutine 1
	/src/m.go:96 +0x65`
	if got := shorten(dump); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, other := range []string{"", "no Go program\n\nat all", dump[:strings.Index(dump, "goroutine 40")]} {
		if got := shorten(other); got != other {
			t.Errorf("without a goroutine of the program got:\n%s\nwant:\n%s", got, other)
		}
	}
}
