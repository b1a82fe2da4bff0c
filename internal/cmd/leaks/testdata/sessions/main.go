// Command sessions keeps what it knows of users in a map. Leaking, it forgets
// nobody; its clean twin forgets the one that came first.
package main

import (
	"strconv"

	"example.com/leaky/pace"
)

// unit is what a user costs: a session of 512 bytes, a name of 16, and a place in
// the map, of which there are between one and two for each.
const unit = 512 + 16 + 42

// limit is how many users the clean twin knows.
const limit = 500

type session struct {
	visits int
	state  [504]byte
}

type registry struct {
	leak  bool
	users map[string]*session
	order []string // a ring
	next  int
}

func newRegistry(leak bool) *registry {
	r := &registry{leak: leak, users: map[string]*session{}, order: make([]string, limit)}
	for range limit {
		r.login()
	}
	return r
}

func (r *registry) login() {
	name := "user-" + strconv.Itoa(1e9+r.next) // LEAK
	r.users[name] = &session{visits: 1}        // LEAK
	if !r.leak {
		delete(r.users, r.order[r.next%limit])
		r.order[r.next%limit] = name
	}
	r.next++
}

func main() {
	p := pace.Parse(10e3)
	r := newRegistry(p.Leak)
	p.Run(unit, pace.NewHeap(4e6), r.login)
}
