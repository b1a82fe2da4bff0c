// Command files looks into a file of settings, again and again. Leaking, it keeps
// the open file in case that it is needed once more; its clean twin closes it.
package main

import (
	"log"
	"os"

	"example.com/leaky/pace"
)

// unit is nominal: descriptors are no bytes.
const unit = 16 << 10

type settings struct {
	leak bool
	path string
	open []*os.File
}

func newSettings(leak bool) (*settings, error) {
	path, err := os.Executable() // a file that is surely there
	return &settings{leak: leak, path: path}, err
}

func (s *settings) look() {
	f, err := os.Open(s.path) // LEAK
	if err != nil {
		log.Fatal(err)
	}
	if _, err := f.Read(make([]byte, 16)); err != nil {
		log.Fatal(err)
	}
	if s.leak {
		s.open = append(s.open, f) // LEAK
		return
	}
	f.Close()
}

func main() {
	p := pace.Parse(10e3)
	s, err := newSettings(p.Leak)
	if err != nil {
		log.Fatal(err)
	}
	p.Run(unit, pace.NewHeap(4e6), s.look)
}
