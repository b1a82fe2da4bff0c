// Command callocator hands images to a C library, which copies them into memory of
// its own. Leaking, it does not free that; its clean twin does.
package main

/*
#include <stdlib.h>
#include <string.h>

static void *image(size_t n) {
	void *p = malloc(n);
	if (p != NULL)
		memset(p, 1, n);
	return p;
}
*/
import "C"

import (
	"log"

	"example.com/leaky/pace"
)

// size and what malloc adds to it.
const (
	size = 4000
	unit = 4016
)

type library struct{ leak bool }

func (l library) decode() {
	image := C.image(size) // LEAK
	if image == nil {
		log.Fatal("no memory")
	}
	if !l.leak {
		C.free(image)
	}
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), library{p.Leak}.decode)
}
