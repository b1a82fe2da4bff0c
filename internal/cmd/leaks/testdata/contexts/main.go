// Command contexts gives each request a context of its own. Leaking, it never
// cancels it, so that the server's context knows it for ever; its clean twin does.
package main

import (
	"context"

	"example.com/leaky/pace"
)

// unit is a user of 512 bytes, the two contexts, the function that cancels, and a
// place in the parent's map.
const unit = 512 + 48 + 96 + 16 + 64

type user struct{ rights [512]byte }

type key struct{}

type server struct {
	leak bool
	ctx  context.Context
	stop context.CancelFunc
}

func newServer(leak bool) *server {
	// Nobody cancels this one: the server runs until it is killed.
	ctx, cancel := context.WithCancel(context.Background())
	return &server{leak, ctx, cancel}
}

func (s *server) request() {
	who := context.WithValue(s.ctx, key{}, &user{}) // LEAK
	ctx, cancel := context.WithCancel(who)          // LEAK
	if !s.leak {
		defer cancel()
	}
	answer(ctx)
}

func answer(ctx context.Context) {
	if u, ok := ctx.Value(key{}).(*user); ok {
		u.rights[0]++
	}
}

func main() {
	p := pace.Parse(10e3)
	s := newServer(p.Leak)
	p.Run(unit, pace.NewHeap(4e6), s.request)
}
