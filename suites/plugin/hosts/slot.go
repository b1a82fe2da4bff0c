package hosts

import (
	"context"
	"errors"
	"fmt"
)

// slot is the place of a plugin in the registry; what stands in it changes when
// the plugin is replaced, or fails.
type slot struct {
	turn     chan struct{} // holds one token while somebody is in the plugin
	instance Instance      // nil once the plugin has ended
	ended    error         // why
}

func newSlot(in Instance) *slot { return &slot{turn: make(chan struct{}, 1), instance: in} }

// enter waits until nobody else is in the plugin, for as long as ctx lasts.
func (s *slot) enter(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the plugin is busy: %w", ctx.Err())
	}
}

func (s *slot) leave() { <-s.turn }

// call calls the plugin. A call that fails ends it.
func (s *slot) call(ctx context.Context, function, argument string) (string, error) {
	if err := s.enter(ctx); err != nil {
		return "", err
	}
	defer s.leave()
	if s.instance == nil {
		return "", fmt.Errorf("the plugin has ended: %w", s.ended)
	}
	result, err := guarded(ctx, s.instance, function, argument)
	if err == nil {
		return result, nil
	}
	s.ended = err
	err = errors.Join(err, s.instance.Close())
	s.instance = nil
	return "", err
}

// guarded is the call, with a panic of the mechanism or of what the plugin made it
// do turned into an error.
func guarded(ctx context.Context, in Instance, function, argument string) (result string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the plugin panicked: %v", r)
		}
	}()
	return in.Call(ctx, function, argument)
}

// replace puts another instance in the place of the present one, which is closed.
func (s *slot) replace(ctx context.Context, with Instance, leaveOpen bool) error {
	if err := s.enter(ctx); err != nil {
		if with != nil {
			err = errors.Join(err, with.Close())
		}
		return err
	}
	defer s.leave()
	old := s.instance
	s.instance, s.ended = with, errUnloaded
	if old == nil || leaveOpen {
		return nil
	}
	return old.Close()
}

var errUnloaded = errors.New("it was unloaded")
