// Command mapped takes scratch memory from the system itself, four pages at a time.
// Leaking, it does not give it back; its clean twin does.
package main

import (
	"log"
	"os"
	"syscall"

	"example.com/leaky/pace"
)

// unit is all resident, since each page is touched.
const unit = 16 << 10

type scratch struct{ leak bool }

func (s scratch) sort() {
	memory, err := syscall.Mmap(-1, 0, unit, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE) // LEAK
	if err != nil {
		log.Fatal(err)
	}
	for i := 0; i < len(memory); i += os.Getpagesize() {
		memory[i] = 1
	}
	if s.leak {
		return
	}
	if err := syscall.Munmap(memory); err != nil {
		log.Fatal(err)
	}
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), scratch{p.Leak}.sort)
}
