package faults

import "testing"

const head = 64

var heads [200][]byte

//go:noinline
func receive(buf []byte) { buf[0] = 1 }

// 200 buffers of 16 KiB stay live for 64 B of each: 200 · (16384 − 64).
func remember(i int) {
	buf := make([]byte, 16<<10) // FAULT pinned 3264000 live
	receive(buf)
	heads[i%len(heads)] = buf[:head]
}

func BenchmarkPinned(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		remember(i)
	}
}
