package servers

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
)

// scripting are the engines of the plugin suite whose plugins are scripts: the
// kind of which a process has many.
func scripting() []plugin.Engine { return []plugin.Engine{hosts.Goja(), hosts.Starlark()} }

// forPlugins is the scenario of the plugin suite whose hosts are taken.
const forPlugins = "multiple_load"

// setup compiles the scripts, which all plugins share.
func setup(ctx context.Context, scenario string) error {
	if scenario != "concurrent_plugins" && scenario != "mixed_stress" {
		return nil
	}
	for _, e := range scripting() {
		if e.Setup == nil {
			continue
		}
		if err := e.Setup(ctx, forPlugins); err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return nil
}

// scripts is a host of plugins in JavaScript and Starlark, in turns.
type scripts struct {
	hosts []plugin.Host

	mu     sync.Mutex
	placed map[string]plugin.Host
	loaded int
}

func newScripts(ctx context.Context) (load.PluginHost, error) {
	s := &scripts{placed: map[string]plugin.Host{}}
	for _, e := range scripting() {
		h, err := e.New(ctx, forPlugins)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", e.Name, err), s.Close())
		}
		s.hosts = append(s.hosts, h)
	}
	return s, nil
}

// Load loads the plugin that both suites use, in its first version.
func (s *scripts) Load(ctx context.Context, id string) error {
	s.mu.Lock()
	h := s.hosts[s.loaded%len(s.hosts)]
	s.loaded++
	s.placed[id] = h
	s.mu.Unlock()
	return h.Load(ctx, plugin.Plugin{ID: id, Version: 1})
}

func (s *scripts) find(id string) (plugin.Host, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.placed[id]
	if h == nil {
		return nil, fmt.Errorf("no plugin %s is loaded", id)
	}
	return h, nil
}

// Call calls a function of a plugin.
func (s *scripts) Call(ctx context.Context, id, function, argument string) (string, error) {
	h, err := s.find(id)
	if err != nil {
		return "", err
	}
	return h.Call(ctx, id, function, argument)
}

// Unload ends a plugin.
func (s *scripts) Unload(ctx context.Context, id string) error {
	h, err := s.find(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	delete(s.placed, id)
	s.mu.Unlock()
	return h.Unload(ctx, id)
}

// Close ends both hosts.
func (s *scripts) Close() error {
	var errs []error
	for _, h := range s.hosts {
		errs = append(errs, h.Close())
	}
	return errors.Join(errs...)
}
