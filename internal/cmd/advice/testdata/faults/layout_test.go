package faults

import "testing"

// 56 B, in a size class of 64 B. With the words first it has 28 B and takes 32.
type record struct {
	valid bool
	id    int64
	sent  bool
	next  *record
	read  bool
	size  int64
	last  bool
}

var records [20_000]*record

// 20,000 · (64 − 32).
func load() {
	for i := range records {
		records[i] = &record{id: int64(i)} // FAULT layout 640000 live
	}
}

func BenchmarkLayout(b *testing.B) {
	load()
	for i := 0; b.Loop(); i++ {
		records[i%len(records)].size++
	}
}
