// Command stacks waits in 400 goroutines with small stacks.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

var (
	requests = make(chan int)
	buffers  = sync.Pool{New: func() any { return new([16 << 10]byte) }}
)

//go:noinline
func fill(b []byte, n int) int {
	for i := range b {
		b[i] = byte(n)
	}
	return len(b)
}

func handle(n int) int {
	buf := buffers.Get().(*[16 << 10]byte)
	defer buffers.Put(buf)
	return fill(buf[:], n)
}

func serve() {
	for n := range requests {
		fmt.Fprintln(os.Stderr, handle(n))
	}
}

func main() {
	handle(1)
	for range 400 {
		go serve()
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, os.Interrupt, syscall.SIGTERM)
	<-end
}
