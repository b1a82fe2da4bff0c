package faults

import (
	"bytes"
	"io"
	"testing"
)

var body = bytes.Repeat([]byte("0123456789abcdef"), 4096) // 64 KiB

// Each call has a buffer of 64 KiB of its own.
func checksum(r io.Reader) (sum byte) {
	buf := make([]byte, 64<<10) // FAULT reuse 65536 op
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			sum ^= c
		}
		if err != nil {
			return sum
		}
	}
}

func BenchmarkReuse(b *testing.B) {
	r := bytes.NewReader(body)
	for b.Loop() {
		r.Reset(body)
		checksum(r)
	}
}
