// Program goroutines prints what runtime.Stack says of goroutines that wait in
// many ways. The golden texts beside it are its output, built with -trimpath by
// the Go releases that they are named after:
//
//	GOTOOLCHAIN=go1.26.8 go run -trimpath main.go >go1.26.txt
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type pool[T any] struct{ jobs chan T }

//go:noinline
func (p *pool[T]) work(n int, name string) { <-p.jobs }

func (p *pool[T]) start() { go p.work(1, "x") }

type server struct{ mu sync.Mutex }

//go:noinline
func (s *server) serve(a [3]int, f func()) { s.mu.Lock() }

func (s *server) open() { go s.serve([3]int{1, 2, 3}, nil) }

func deep(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	return deep(n-1, c) + 1
}

func each[K comparable, V any](m map[K]V, f func(K, V)) {
	for k, v := range m {
		go func() { f(k, v) }()
	}
}

func main() {
	block := make(chan int)
	(&pool[map[string]int]{jobs: make(chan map[string]int)}).start()
	s := &server{}
	s.mu.Lock()
	s.open()
	go deep(150, block)
	each(map[string][]byte{"a": nil}, func(string, []byte) { select {} })
	go func() {
		runtime.LockOSThread()
		<-block
	}()
	time.AfterFunc(time.Millisecond, func() { <-block })
	time.Sleep(50 * time.Millisecond)
	b := make([]byte, 1<<20)
	fmt.Print(string(b[:runtime.Stack(b, true)]))
}
