// Package session is an example for package memtest: what a chat server keeps of
// a connected user, and a budget for it. Read it with memory_test.go.
package session

import (
	"strings"
	"sync"
	"time"
)

// Message is one line of chat.
type Message struct {
	From, Text string
}

// Session keeps the last messages for a client that connects again, and how
// often each author has spoken. Its methods may be called at the same time.
type Session struct {
	mu      sync.Mutex
	history []Message // a ring
	next    int       // where the next message goes, once the ring is full
	keep    int
	spoken  map[string]int

	stop chan struct{}
	gone chan struct{}
}

// authorsKept bounds the table of authors, which strangers can fill.
const authorsKept = 256

// New opens a session that keeps the last keep messages. It has to be closed.
func New(keep int) *Session {
	s := &Session{keep: keep, spoken: map[string]int{}, stop: make(chan struct{}), gone: make(chan struct{})}
	go s.forgetAuthors(time.Minute)
	return s
}

// Deliver takes a packet as it came from the network: "author: text".
func (s *Session) Deliver(packet []byte) {
	from, text, _ := strings.Cut(string(packet), ": ")
	// Both are parts of one string, and either would keep all of it. The clone of
	// the author is what lets old packets go while their authors are remembered.
	from = strings.Clone(from)

	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.spoken[from]; known || len(s.spoken) < authorsKept {
		s.spoken[from]++
	}
	m := Message{from, text}
	if len(s.history) < s.keep {
		s.history = append(s.history, m)
		return
	}
	s.history[s.next] = m
	s.next = (s.next + 1) % s.keep
}

// History returns the messages that are kept, oldest first.
func (s *Session) History() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(append([]Message(nil), s.history[s.next:]...), s.history[:s.next]...)
}

// Clear forgets all messages.
func (s *Session) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history, s.next = nil, 0
}

// Close ends the session and waits for its goroutine.
func (s *Session) Close() {
	close(s.stop)
	<-s.gone
}

// forgetAuthors empties the table of authors from time to time.
func (s *Session) forgetAuthors(every time.Duration) {
	defer close(s.gone)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			s.mu.Lock()
			clear(s.spoken)
			s.mu.Unlock()
		}
	}
}
