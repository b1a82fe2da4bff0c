package hosts

import (
	"context"
	"sync"
)

// shared is made once for each version of the plugin and kept for as long as the
// process lives, like a compiled script. It is what engines make in their set-up,
// and what must not go when a host is closed: its going would hide what the host
// fails to give back.
type shared[T any] struct {
	make func(ctx context.Context, version int) (T, error)

	mu        sync.Mutex
	byVersion map[int]T
}

func newShared[T any](f func(ctx context.Context, version int) (T, error)) *shared[T] {
	return &shared[T]{make: f, byVersion: map[int]T{}}
}

func (s *shared[T]) get(ctx context.Context, version int) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.byVersion[version]; ok {
		return v, nil
	}
	v, err := s.make(ctx, version)
	if err == nil {
		s.byVersion[version] = v
	}
	return v, err
}
