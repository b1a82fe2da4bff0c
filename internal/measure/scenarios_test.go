package measure_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// TestMain lets this test binary be the supervisor and the measured process.
func TestMain(m *testing.M) {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if code, done := measure.ChildMain(find); done {
		os.Exit(code)
	}
	if text, ok := os.LookupEnv(envClient); ok {
		os.Exit(client(text))
	}
	code := m.Run()
	if programs.dir != "" {
		_ = os.RemoveAll(programs.dir)
	}
	os.Exit(code)
}

// workloads are what is measured, by the scenario's name. More of them are
// Linux's own; see scenarios_linux_test.go.
var workloads = map[string]func(*highwater.M){
	"good":      func(m *highwater.M) { holds(m, goodBytes) },
	"exit":      midway(func(*highwater.M) { os.Exit(0) }),
	"log.Fatal": midway(func(*highwater.M) { log.Fatal("no more disk") }),
	"panic":     midway(func(*highwater.M) { panic("the buffer is upside down") }),
	"nil":       midway(func(m *highwater.M) { dereference(nil) }),
	"unlock":    midway(unlock),
	"Fatalf":    midway(func(m *highwater.M) { m.Fatalf("the screen shows %q, want %q", "a", "b") }),
	"Goexit":    midway(func(*highwater.M) { runtime.Goexit() }),
	"hang":      midway(func(m *highwater.M) { time.Sleep(10 * time.Minute) }),
	"hoard":     hoard,
	"clean":     clean,
	"goroutine": func(m *highwater.M) { forget(make(chan int)) },
}

func find(id string) (highwater.Scenario, bool) {
	for name, run := range workloads {
		if s := scenario(name, run); s.ID() == id {
			return s, true
		}
	}
	return highwater.Scenario{}, false
}

func scenario(name string, run func(*highwater.M)) highwater.Scenario {
	return highwater.Scenario{Suite: "test", Name: name, Doc: name, Ops: 12, Run: run}
}

// of makes a target of the named workload, that is measured in the given passes
// only.
func of(t *testing.T, name string, passes []highwater.Pass, env ...string) target.Target {
	t.Helper()
	run, ok := workloads[name]
	if !ok {
		t.Fatalf("no workload %q", name)
	}
	s := scenario(name, run)
	s.Omit = map[highwater.Pass]string{}
	for _, p := range highwater.Passes() {
		s.Omit[p] = "not for this test"
	}
	for _, p := range passes {
		delete(s.Omit, p)
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return target.Target{Info: s.Info(), Path: path, Env: env}
}

var (
	exactly   = []highwater.Pass{highwater.PassExact}
	naturally = []highwater.Pass{highwater.PassNatural}
)

// measureAll runs the targets and returns what was recorded, by scenario.
func measureAll(t *testing.T, o measure.Options, targets ...target.Target) map[string][]highwater.Measurement {
	t.Helper()
	if o.Repeats == 0 {
		o.Repeats = 1
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	all := map[string][]highwater.Measurement{}
	err := measure.Run(t.Context(), targets, o, func(m highwater.Measurement) { all[m.Scenario] = append(all[m.Scenario], m) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// only is the one measurement that was made of the target.
func only(t *testing.T, o measure.Options, tg target.Target) highwater.Measurement {
	t.Helper()
	ms := measureAll(t, o, tg)[tg.Info.ID()]
	if len(ms) != 1 {
		t.Fatalf("%s: %d measurements, want 1: %+v", tg.Info.ID(), len(ms), ms)
	}
	return ms[0]
}

// midway is a workload that does something in its third operation.
func midway(something func(*highwater.M)) func(*highwater.M) {
	return func(m *highwater.M) {
		for m.Loop() {
			if m.Op() == 3 {
				something(m)
			}
		}
	}
}

const goodBytes = 3 << 20

func holds(m *highwater.M, n int) {
	block := make([]byte, n)
	m.KeepAlive(block)
	for m.Loop() {
		block[m.Op()%n]++
	}
}

//go:noinline
func dereference(p *int) { *p++ }

// unlock is a fatal error of the runtime, which cannot be recovered from.
//
//go:noinline
func unlock(*highwater.M) { new(sync.Mutex).Unlock() }

// hoard allocates until it is stopped, or has taken 2 GiB.
func hoard(m *highwater.M) {
	var all [][]byte
	for len(all) < 2<<10 {
		all = append(all, devour())
	}
	m.Fatalf("nobody stopped it")
}

//go:noinline
func devour() []byte {
	b := make([]byte, 1<<20)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	return b
}

// forget leaves a goroutine behind.
//
//go:noinline
func forget(c chan int) { go func() { <-c }() }

// clean uses much of what makes the runtime open descriptors and start goroutines
// of its own, and gives everything back.
func clean(m *highwater.M) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	m.Cleanup(func() { signal.Stop(signals) })

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	m.Check(err)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello") })}
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(listener) })
	transport := &http.Transport{}
	m.Cleanup(func() {
		transport.CloseIdleConnections()
		m.Check(server.Close())
		served.Wait()
	})
	// What was told to end needs a moment to do so.
	release := make(chan struct{})
	go func() {
		<-release
		time.Sleep(50 * time.Millisecond)
	}()
	m.Cleanup(func() { close(release) })
	file, err := os.Open(os.DevNull)
	m.Check(err)
	m.Cleanup(func() { time.AfterFunc(150*time.Millisecond, func() { file.Close() }) })

	client := &http.Client{Transport: transport}
	for m.Loop() {
		response, err := client.Get("http://" + listener.Addr().String())
		m.Check(err)
		body, err := io.ReadAll(response.Body)
		m.Check(err)
		m.Check(response.Body.Close())
		if string(body) != "hello" {
			m.Fatalf("got %q", body)
		}
		runtime.SetFinalizer(&struct{ b [64]byte }{}, func(any) {})
		runtime.AddCleanup(&struct{ b [64]byte }{}, func(int) {}, 1)
		runtime.GC()
		time.AfterFunc(time.Hour, func() {}).Stop()
	}
}
