package faults

import "testing"

type session struct{ words [8]int64 }

var sessions = map[int]*session{}

// 20,000 entries are in 32 tables of 18,432 B, since 16 tables take 14,336 at most. 100 of
// them remain: 589,824 · (1 − 100/20000).
func open(n int) {
	for i := range n {
		s := new(session)
		s.words[0] = int64(i)
		sessions[i] = s // FAULT map 586875 live
	}
}

func BenchmarkOutlived(b *testing.B) {
	open(20_000)
	b.Cleanup(func() {
		for i := 100; i < 20_000; i++ {
			delete(sessions, i)
		}
	})
	for i := 0; b.Loop(); i++ {
		sessions[i%100].words[1]++
	}
}
