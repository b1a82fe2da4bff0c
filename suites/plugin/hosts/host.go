package hosts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/highwater-dev/highwater/suites/plugin"
)

// Host does what a program with plugins does, over one or several mechanisms: it
// keeps a registry, delivers events to those who listen, calls a plugin from one
// goroutine at a time, and ends a plugin that fails without harm to the others.
type Host struct {
	mechanisms []Mechanism

	// leaveOpen makes it forget to close what it replaces, for the engine that
	// is there to be caught.
	leaveOpen bool

	mu      sync.Mutex
	plugins map[string]*slot
	topics  map[string][]*slot // the slices are replaced, never changed
	placed  map[string]Mechanism
}

// New returns a host without plugins. Those that are loaded are spread over the
// mechanisms in turns; one that is loaded again under its ID stays where it was.
func New(mechanisms ...Mechanism) *Host {
	return &Host{
		mechanisms: mechanisms,
		plugins:    map[string]*slot{},
		topics:     map[string][]*slot{},
		placed:     map[string]Mechanism{},
	}
}

// Load implements [plugin.Host].
func (h *Host) Load(ctx context.Context, p plugin.Plugin) error {
	m, err := h.place(p)
	if err != nil {
		return err
	}
	in, err := m.Load(ctx, p)
	if err != nil {
		return err
	}
	s := newSlot(in)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.plugins[p.ID] != nil {
		return errors.Join(fmt.Errorf("a plugin with the ID %s is loaded already", p.ID), in.Close())
	}
	h.plugins[p.ID] = s
	h.subscribe(s, p.Topics)
	return nil
}

// place chooses the mechanism of a plugin.
func (h *Host) place(p plugin.Plugin) (Mechanism, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := h.placed[p.ID]; m != nil {
		return m, nil
	}
	m := h.mechanisms[len(h.placed)%len(h.mechanisms)]
	if p.MemoryLimit > 0 {
		i := slices.IndexFunc(h.mechanisms, Mechanism.LimitsMemory)
		if i < 0 {
			return nil, fmt.Errorf("limiting the memory of plugin %s: %w by this mechanism", p.ID, errors.ErrUnsupported)
		}
		m = h.mechanisms[i]
	}
	h.placed[p.ID] = m
	return m, nil
}

// subscribe makes the topics those that the plugin gets, and no others.
func (h *Host) subscribe(s *slot, topics []string) {
	for topic, slots := range h.topics {
		if i := slices.Index(slots, s); i >= 0 {
			h.topics[topic] = slices.Concat(slots[:i], slots[i+1:])
		}
	}
	for _, topic := range topics {
		h.topics[topic] = append(slices.Clip(h.topics[topic]), s)
	}
}

func (h *Host) find(id string) (*slot, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.plugins[id]
	if s == nil {
		return nil, fmt.Errorf("no plugin %s is loaded", id)
	}
	return s, nil
}

// Unload implements [plugin.Host].
func (h *Host) Unload(ctx context.Context, id string) error {
	s, err := h.find(id)
	if err != nil {
		return err
	}
	h.mu.Lock()
	delete(h.plugins, id)
	h.subscribe(s, nil)
	h.mu.Unlock()
	return s.replace(ctx, nil, false)
}

// Reload implements [plugin.Reloader]: the old version answers until the new one
// is there, and also when that cannot be loaded.
func (h *Host) Reload(ctx context.Context, p plugin.Plugin) error {
	s, err := h.find(p.ID)
	if err != nil {
		return err
	}
	m, err := h.place(p)
	if err != nil {
		return err
	}
	in, err := m.Load(ctx, p)
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.subscribe(s, p.Topics)
	h.mu.Unlock()
	return s.replace(ctx, in, h.leaveOpen)
}

// Call implements [plugin.Host].
func (h *Host) Call(ctx context.Context, id, function, argument string) (string, error) {
	s, err := h.find(id)
	if err != nil {
		return "", err
	}
	return s.call(ctx, function, argument)
}

// Publish implements [plugin.Host]. The plugins get the event one after the other;
// one that fails over it does not keep it from the others.
func (h *Host) Publish(ctx context.Context, topic, event string) (handled int, err error) {
	h.mu.Lock()
	slots := h.topics[topic]
	h.mu.Unlock()
	var errs []error
	for _, s := range slots {
		if _, err := s.call(ctx, "event", event); err != nil {
			errs = append(errs, err)
			continue
		}
		handled++
	}
	return handled, errors.Join(errs...)
}

// Close implements [plugin.Host].
func (h *Host) Close() error {
	h.mu.Lock()
	ids := slices.Sorted(maps.Keys(h.plugins))
	h.mu.Unlock()
	var errs []error
	for _, id := range ids {
		if err := h.Unload(context.Background(), id); err != nil {
			errs = append(errs, fmt.Errorf("unloading %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}
