// Command zombies starts a helper and does not care how it ends. Leaking, it does not
// wait for it, so that the system keeps its place; its clean twin does.
package main

import (
	"log"
	"os/exec"

	"example.com/leaky/pace"
)

// unit is nominal: children are counted.
const unit = 256 << 10

type starter struct{ leak bool }

func (s starter) start() {
	helper := exec.Command("true")
	if err := helper.Start(); err != nil { // LEAK
		log.Fatal(err)
	}
	if s.leak {
		return
	}
	if err := helper.Wait(); err != nil {
		log.Fatal(err)
	}
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), starter{p.Leak}.start)
}
