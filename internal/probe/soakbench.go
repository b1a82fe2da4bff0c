package probe

import (
	"fmt"
	"os"
	"time"
)

// soakCall makes one of the many calls that a soak of a benchmark is made of: testing
// is told to call it again and again. What a call holds is given back before the next
// one, and so checkpoints come before calls.
func (b *Bench) soakCall(s *soak, t Timer, n *int, f func()) {
	b.betweenCalls(s)
	b.calls++
	begun := time.Now()
	t.ResetTimer()
	t.StartTimer()
	f()
	t.StopTimer()
	b.took, b.made = time.Since(begun), *n
}

// betweenCalls counts the call before, and ends the process when it was the last.
func (b *Bench) betweenCalls(s *soak) {
	s.mu.Lock()
	if b.calls == 0 {
		s.looped = true
		s.counts.Store(true)
		s.checkpoint()
	} else {
		s.called(max(b.made, 1), b.took)
	}
	enough := s.enough()
	if enough {
		s.final()
		s.finish()
	}
	s.mu.Unlock()
	if !enough {
		return
	}
	b.over.Store(true)
	if err := b.link.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "highwater:", err)
	}
	os.Exit(0)
}

// called counts a call of n operations. Testing makes one of a single operation before
// each of many, which would say little of how long they take.
func (s *soak) called(n int, took time.Duration) {
	s.most = max(s.most, n)
	if n == 1 && s.most > 1 {
		s.op++
		return
	}
	s.made(int64(n), took)
}

// soakTest is soakCall for a test.
func (b *Bench) soakTest(s *soak, t Testing, f func()) {
	b.betweenCalls(s)
	b.calls++
	begun := time.Now()
	t.Cleanup(func() { b.took, b.made = time.Since(begun), 1 })
	f()
}
