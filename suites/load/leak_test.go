package load_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/memtest"
	"github.com/highwater-dev/highwater/suites/load"
)

// quiet is a T that keeps what would fail the test.
type quiet struct {
	*testing.T
	failures []string
}

func (q *quiet) Errorf(format string, args ...any) {
	q.failures = append(q.failures, fmt.Sprintf(format, args...))
}

func (q *quiet) Fatalf(format string, args ...any) {
	q.Errorf(format, args...)
	runtime.Goexit()
}

// hoarder leaves a goroutine behind for each session, which holds on to memory.
type hoarder struct {
	load.Server
	never chan struct{}
}

func (h hoarder) Live() int { return h.Server.(load.Counter).Live() }

func (h hoarder) Open(cols, rows int, client io.Writer) (load.Session, error) {
	go keep(48<<10, h.never)
	return h.Server.Open(cols, rows, client)
}

//go:noinline
func keep(n int, never chan struct{}) {
	history := make([]byte, n)
	<-never
	runtime.KeepAlive(history)
}

// Leaks are not the suite's to find, but the gate's over it.
func TestLeakyServerFailsTheGate(t *testing.T) {
	q := &quiet{T: t}
	done := make(chan *memtest.Result)
	go func() {
		defer close(done)
		s := scenario(t, served(func(s load.Server) load.Server { return hoarder{s, make(chan struct{})} }), "session_churn")
		done <- memtest.RunScenario(q, s)
	}()
	result := <-done
	if t.Skipped() {
		t.SkipNow() // a measured process, whose part is done
	}
	if result != nil && result.Report == nil {
		t.Skip("not judged here")
	}
	all := strings.Join(q.failures, "\n")
	for _, want := range []string{"goroutines 350", "hoarder.Open (leak_test.go", "retained", "load_test.keep", "leak in"} {
		if !strings.Contains(all, want) {
			t.Errorf("the failures do not name %q:\n%s", want, all)
		}
	}
}
