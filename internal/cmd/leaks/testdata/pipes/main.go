// Command pipes wakes a worker through a pipe of its own for each job. Leaking, it
// does not close the pipe; its clean twin does.
package main

import (
	"log"
	"syscall"

	"example.com/leaky/pace"
)

// unit is nominal: descriptors are no bytes. It makes 100 KB a second twelve
// descriptors a second.
const unit = 16 << 10

type worker struct{ leak bool }

func (w worker) job() {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil { // LEAK
		log.Fatal(err)
	}
	if _, err := syscall.Write(ends[1], []byte("go")); err != nil {
		log.Fatal(err)
	}
	if w.leak {
		return
	}
	for _, fd := range ends {
		if err := syscall.Close(fd); err != nil {
			log.Fatal(err)
		}
	}
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), worker{p.Leak}.job)
}
