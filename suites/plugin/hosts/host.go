package hosts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

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
	placed  map[string]int     // which of the mechanisms has a plugin that is loaded
	limited int                // plugins with a limit that were placed so far

	eventLimit time.Duration // of one plugin, for one event
}

// eventLimit is how long a plugin may take over an event when whoever publishes it
// sets no limit: one that hangs must not keep the event from the others for ever.
const eventLimit = 10 * time.Second

// New returns a host without plugins. Those that are loaded are spread over the
// mechanisms evenly, so that one that is unloaded and loaded again comes to where it
// was. Those with a limit of their memory go to the mechanisms that can limit it, in
// turns.
func New(mechanisms ...Mechanism) *Host {
	return &Host{
		mechanisms: mechanisms,
		plugins:    map[string]*slot{},
		topics:     map[string][]*slot{},
		placed:     map[string]int{},
		eventLimit: eventLimit,
	}
}

// Load implements [plugin.Host].
func (h *Host) Load(ctx context.Context, p plugin.Plugin) error {
	m, err := h.place(p)
	if err != nil {
		return err
	}
	in, err := m.Load(ctx, p)
	s := newSlot(in)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		if h.plugins[p.ID] == nil {
			delete(h.placed, p.ID)
		}
		return err
	}
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
	if i, there := h.placed[p.ID]; there {
		return h.mechanisms[i], nil
	}
	var able []int
	for i, m := range h.mechanisms {
		if p.MemoryLimit == 0 || m.LimitsMemory() {
			able = append(able, i)
		}
	}
	if len(able) == 0 {
		return nil, fmt.Errorf("limiting the memory of plugin %s: %w by this mechanism", p.ID, errors.ErrUnsupported)
	}
	var at int
	if p.MemoryLimit > 0 {
		at = able[h.limited%len(able)]
		h.limited++
	} else {
		with := make([]int, len(h.mechanisms))
		for _, i := range h.placed {
			with[i]++
		}
		at = slices.MinFunc(able, func(a, b int) int { return with[a] - with[b] })
	}
	h.placed[p.ID] = at
	return h.mechanisms[at], nil
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
	delete(h.placed, id)
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
// one that fails over it, or takes longer than eventLimit and is ended, does not keep
// it from the others.
func (h *Host) Publish(ctx context.Context, topic, event string) (handled int, err error) {
	h.mu.Lock()
	slots := h.topics[topic]
	h.mu.Unlock()
	var errs []error
	for _, s := range slots {
		if err := h.deliver(ctx, s, event); err != nil {
			errs = append(errs, err)
			continue
		}
		handled++
	}
	return handled, errors.Join(errs...)
}

func (h *Host) deliver(ctx context.Context, s *slot, event string) error {
	ctx, cancel := context.WithTimeout(ctx, h.eventLimit)
	defer cancel()
	_, err := s.call(ctx, "event", event)
	return err
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
