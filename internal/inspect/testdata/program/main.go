// Program is read by the tests of package inspect, and says itself what they should
// find. It does nothing but what a line on its standard input asks for.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

var (
	in      = bufio.NewReader(os.Stdin)
	samples []metrics.Sample
	figures = make([]byte, 0, 64<<10)
	kept    [][]byte
	never   = make(chan int)
	open    []*os.File
	mutex   sync.Mutex
)

func main() {
	for _, d := range metrics.All() {
		if d.Kind == metrics.KindUint64 || d.Kind == metrics.KindFloat64 {
			samples = append(samples, metrics.Sample{Name: d.Name})
		}
	}
	metrics.Read(samples) // the first time it allocates
	os.Stdout.WriteString("ready\n")
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if string(line) == "figures\n" {
			write()
			continue
		}
		name, arg, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		n, _ := strconv.Atoi(arg)
		answer := any("done")
		switch name {
		case "gc":
			runtime.GC()
			runtime.GC()
		case "gogc":
			debug.SetGCPercent(n)
		case "limit":
			debug.SetMemoryLimit(int64(n))
		case "hold":
			for range n {
				hold(0)
			}
			churn(n)
		case "memstats":
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			answer = m
		case "profile":
			runtime.GC()
			runtime.GC()
			answer = profile()
		case "goroutines":
			start()
			answer = runtime.NumGoroutine()
		case "many":
			for range n {
				go waits(3)
			}
		case "busy":
			for range n {
				go busy()
			}
		case "stacks":
			buf := make([]byte, 64<<20)
			answer = string(buf[:runtime.Stack(buf, true)])
		}
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			panic(err)
		}
		if name == "exec" {
			panic(syscall.Exec("/bin/sleep", []string{"sleep", "600"}, nil))
		}
	}
}

// write writes all metrics, allocating nothing.
func write() {
	metrics.Read(samples)
	b := append(figures[:0], '{')
	for i, s := range samples {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), s.Name...), `":`...)
		switch s.Value.Kind() {
		case metrics.KindUint64:
			b = strconv.AppendUint(b, s.Value.Uint64(), 10)
		case metrics.KindFloat64:
			b = strconv.AppendFloat(b, s.Value.Float64(), 'g', -1, 64)
		default:
			b = append(b, '0')
		}
	}
	os.Stdout.Write(append(b, "}\n"...))
}

// hold keeps some memory of different sizes, reached in different ways.
//
//go:noinline
func hold(depth int) {
	if depth < 3 {
		hold(depth + 1)
		return
	}
	kept = append(kept, inlined(100), make([]byte, 5000), generic[int](7)) // hold
	func() { kept = append(kept, make([]byte, 40<<10)) }()
	var s shape = &square{side: 9}
	kept = append(kept, s.grow())
}

// churn allocates what is garbage at once.
//
//go:noinline
func churn(n int) {
	for i := range n {
		sink = make([]byte, 64+64*(i%4)) // sizes that are not rounded up
	}
	sink = nil
}

var sink []byte

func inlined(n int) []byte { return further(n) }
func further(n int) []byte { return make([]byte, n) }

//go:noinline
func generic[T any](n int) []byte {
	var t T
	return fmt.Append(make([]byte, 0, 300*n), t)
}

type shape interface{ grow() []byte }
type base struct{ side int }
type square struct {
	side int
	base
}

//go:noinline
func (b base) grow() []byte { return make([]byte, 1000+b.side) } // through a wrapper

type record struct {
	Stack                                            []frame
	AllocObjects, AllocBytes, FreeObjects, FreeBytes int64
}
type frame struct {
	Func, File string
	Line       int
}

func profile() (all []record) {
	records := make([]runtime.MemProfileRecord, 100_000)
	n, ok := runtime.MemProfile(records, true)
	if !ok {
		panic("too many records")
	}
	for _, r := range records[:n] {
		v := record{nil, r.AllocObjects, r.AllocBytes, r.FreeObjects, r.FreeBytes}
		frames := runtime.CallersFrames(r.Stack())
		for more := len(r.Stack()) > 0; more; {
			var f runtime.Frame
			f, more = frames.Next()
			if f.Function != "" {
				v.Stack = append(v.Stack, frame{f.Function, f.File, f.Line})
			}
		}
		all = append(all, v)
	}
	return all
}

// start starts goroutines of which the tests know what they do.
func start() {
	var ready sync.WaitGroup
	for range 1000 {
		go receive() // created: receive
	}
	for range 200 {
		go func() { // created: select
			var a, b chan int
			select { // blocked: select
			case <-a:
			case <-b:
			}
		}()
	}
	for range 50 {
		go time.Sleep(time.Hour) // created: sleep
	}
	for range 3 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		go listener.Accept() // created: accept
	}
	for range 2 {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		open = append(open, w)
		r.Fd()                     // now reading it blocks a thread
		go r.Read(make([]byte, 1)) // created: read
	}
	mutex.Lock()
	for range 7 {
		ready.Add(1)
		go func() { // created: lock
			ready.Done()
			deep(40)
		}()
	}
	ready.Wait()
}

func receive() { nested() }
func nested()  { <-never } // blocked: receive

//go:noinline
func deep(n int) int {
	if n == 0 {
		mutex.Lock() // blocked: lock
		return 0
	}
	return deep(n-1) + n
}

//go:noinline
func waits(n int) int {
	if n == 0 {
		return <-never
	}
	return waits(n-1) + n
}

// busy allocates, frees, and starts goroutines that end.
func busy() {
	for i := 0; ; i++ {
		mine := make([][]byte, 0, 100)
		for j := range 100 {
			mine = append(mine, make([]byte, 16<<(j%10)))
		}
		mine[0] = make([]byte, 1<<20)
		done := make(chan bool)
		for range 10 {
			go func() { done <- waitless(i % 50) }()
		}
		for range 10 {
			<-done
		}
		if i%100 == 0 {
			runtime.Gosched()
		}
	}
}

//go:noinline
func waitless(n int) bool {
	if n > 0 {
		return !waitless(n - 1)
	}
	return true
}
