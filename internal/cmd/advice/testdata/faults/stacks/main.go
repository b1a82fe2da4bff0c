// Command stacks waits in 400 goroutines whose stacks have grown to 32 KiB.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

var requests = make(chan int)

//go:noinline
func fill(b []byte, n int) int {
	for i := range b {
		b[i] = byte(n)
	}
	return len(b)
}

// A goroutine that waits needs 2 KiB: 400 · (32768 − 2048).
func serve() {
	var buf [16 << 10]byte // FAULT stacks 12288000 live
	fill(buf[:], 1)
	for n := range requests {
		fmt.Fprintln(os.Stderr, fill(buf[:], n))
	}
}

func main() {
	for range 400 {
		go serve()
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, os.Interrupt, syscall.SIGTERM)
	<-end
}
