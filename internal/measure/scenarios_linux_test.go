package measure_test

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/highwater-dev/highwater"
)

// The environment variables through which a test speaks with its scenarios.
const (
	envFile = "HIGHWATER_MEASURE_TEST_FILE" // where a scenario writes what it has to tell
	envMark = "HIGHWATER_MEASURE_TEST_MARK" // finds its processes
)

func init() {
	for name, run := range map[string]func(*highwater.M){
		"kill": midway(func(m *highwater.M) {
			m.Check(syscall.Kill(os.Getpid(), syscall.SIGKILL))
			time.Sleep(time.Minute)
		}),
		"fork":   func(m *highwater.M) { m.Check(exec.Command("sleep", "600").Start()) },
		"daemon": func(m *highwater.M) { m.Check(exec.Command("sh", "-c", "sleep 600 &").Run()) },
		"fd": func(m *highwater.M) {
			f, err := os.Open("/dev/null")
			m.Check(err)
			opened = f
		},
		"environment": environment,
		"churning":    churning,
		"apart-one":   apart("one", "two"),
		"apart-two":   apart("two", "one"),
	} {
		workloads[name] = run
	}
	clean := workloads["clean"]
	workloads["clean"] = func(m *highwater.M) {
		m.Check(exec.Command("true").Run())
		clean(m)
	}
}

// opened keeps the finalizer from closing what scenario fd left open.
var opened *os.File

// environment writes what the workload's children find in their environment.
func environment(m *highwater.M) {
	out, err := exec.Command("env").Output()
	m.Check(err)
	m.Check(os.WriteFile(os.Getenv(envFile), out, 0o600))
}

// churning writes how many bytes of garbage collections took for live, because
// they were allocated while it ran. A collector that stops the world takes none.
func churning(m *highwater.M) {
	type node struct {
		next *node
		_    [56]byte
	}
	var list *node
	for range 200_000 { // something to mark, for some milliseconds
		list = &node{next: list}
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	live := func() int64 {
		runtime.GC()
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	live()
	quiet := live()

	var stop atomic.Bool
	var churn sync.WaitGroup
	for range 2 {
		churn.Go(func() {
			for i := 0; !stop.Load(); i++ {
				garbage = make([]byte, 1024)
				if i%64 == 0 { // runtime.GC gives way for each span that it sweeps
					runtime.Gosched()
				}
			}
		})
	}
	var worst int64
	for range 5 {
		worst = max(worst, live()-quiet)
	}
	stop.Store(true)
	churn.Wait()
	runtime.KeepAlive(list)
	m.Check(os.WriteFile(os.Getenv(envFile), []byte(strconv.FormatInt(worst, 10)), 0o600))
}

var garbage []byte

// apart fails where a natural process meets any other. All take a lock on one
// file: natural ones for themselves alone. The others wait for each other, since
// the lock would prove nothing of processes that run one by one anyway.
func apart(me, other string) func(*highwater.M) {
	return func(m *highwater.M) {
		file := os.Getenv(envFile)
		f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
		m.Check(err)
		m.Cleanup(func() { f.Close() })
		how := syscall.LOCK_SH
		if m.Pass() == highwater.PassNatural {
			how = syscall.LOCK_EX
		}
		if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
			m.Fatalf("not alone: %v", err)
		}
		for m.Loop() {
			time.Sleep(5 * time.Millisecond) // long enough to be met
		}
		if m.Pass() == highwater.PassNatural {
			return
		}
		m.Check(os.WriteFile(file+"."+me, nil, 0o600))
		for begun := time.Now(); time.Since(begun) < 20*time.Second; time.Sleep(time.Millisecond) {
			if _, err := os.Stat(file + "." + other); err == nil {
				return
			}
		}
		m.Fatalf("the other did not come")
	}
}
