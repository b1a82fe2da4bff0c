package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater/suites/plugin"
)

// nativeHost is a host whose plugins are Go values: all that the interface wants,
// and a switch for each way to get it wrong.
type nativeHost struct {
	plugins map[string]*nativePlugin
	order   []string
	calls   int

	garble, deaf, broadcast, shareState, keepVersion, keepState bool
	noMemoryLimit, noSpin, crashAll, hideCrash, undead          bool
	mute, keepLoaded, holdNothing, anybody                      bool
	dropEvery                                                   int
	stuck                                                       error
}

// native is the engine over hosts that change has been at.
func native(change func(*nativeHost)) plugin.Engine {
	return plugin.Engine{Name: "native", Doc: "Go values", New: func(context.Context, string) (plugin.Host, error) {
		h := &nativeHost{plugins: map[string]*nativePlugin{}}
		if change != nil {
			change(h)
		}
		return h, nil
	}}
}

type nativePlugin struct {
	plugin.Plugin
	name          string
	events, bytes int
	held          []byte
	dead          bool
}

var errCrashed = errors.New("the plugin has crashed")

func (h *nativeHost) Load(_ context.Context, p plugin.Plugin) error {
	n := &nativePlugin{Plugin: p}
	if h.shareState && len(h.order) > 0 {
		n = h.plugins[h.order[0]]
	}
	h.plugins[p.ID] = n
	if !slices.Contains(h.order, p.ID) {
		h.order = append(h.order, p.ID)
	}
	return nil
}

func (h *nativeHost) Unload(_ context.Context, id string) error {
	if !h.keepLoaded {
		delete(h.plugins, id)
	}
	return nil
}

func (h *nativeHost) Reload(ctx context.Context, p plugin.Plugin) error {
	switch {
	case h.keepVersion:
		return nil
	case h.keepState:
		h.plugins[p.ID].Version = p.Version
		return nil
	}
	return h.Load(ctx, p)
}

func (h *nativeHost) Call(ctx context.Context, id, function, argument string) (string, error) {
	p := h.plugins[id]
	switch {
	case p == nil && h.anybody:
		return "", nil
	case p == nil:
		return "", fmt.Errorf("no plugin %s", id)
	case p.dead && !h.undead:
		return "", errCrashed
	}
	result, err := h.run(ctx, p, function, argument)
	if h.garble && function == "transform" {
		result = strings.ToLower(result)
	}
	return result, err
}

func (h *nativeHost) run(ctx context.Context, p *nativePlugin, function, argument string) (string, error) {
	switch function {
	case "init":
		p.name = argument
		return strconv.Itoa(p.Version), nil
	case "transform":
		if p.Version == 1 {
			return strings.ToUpper(argument), nil
		}
		b := []byte(argument)
		slices.Reverse(b)
		return string(b), nil
	case "event":
		p.events++
		p.bytes += len(argument)
		return "", nil
	case "status":
		return fmt.Sprint(p.name, " ", p.Version, " ", p.events, " ", p.bytes, " ", len(p.held)), nil
	case "hold":
		return h.hold(p, argument)
	case "peek":
		at, err := strconv.Atoi(argument)
		if err != nil || at >= len(p.held) {
			return "", fmt.Errorf("nothing is held at %s", argument)
		}
		return string(p.held[at]), nil
	case "ask":
		if h.mute || p.Answer == nil {
			return "", nil
		}
		return p.Answer(ctx, argument)
	case "spin":
		if h.noSpin {
			return "", nil
		}
		<-ctx.Done()
		return "", ctx.Err()
	case "crash":
		return "", h.crash(p)
	}
	return "", fmt.Errorf("no function %s", function)
}

func (h *nativeHost) hold(p *nativePlugin, argument string) (string, error) {
	n, err := strconv.Atoi(argument)
	if err != nil {
		return "", err
	}
	if p.MemoryLimit > 0 && int64(n) > p.MemoryLimit && !h.noMemoryLimit {
		p.dead = true
		return "", errors.New("over its memory limit")
	}
	if h.holdNothing || int64(n) > p.MemoryLimit && p.MemoryLimit > 0 {
		return argument, nil
	}
	const pattern = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	p.held = []byte(strings.Repeat(pattern, n/len(pattern)+1)[:n])
	return argument, nil
}

func (h *nativeHost) crash(p *nativePlugin) error {
	p.dead = true
	if h.crashAll {
		for _, other := range h.plugins {
			other.dead = true
		}
	}
	if h.hideCrash {
		return nil
	}
	return errCrashed
}

func (h *nativeHost) Publish(ctx context.Context, topic, event string) (handled int, err error) {
	for i, id := range h.order {
		p := h.plugins[id]
		if p == nil || !slices.Contains(p.Topics, topic) && !h.broadcast {
			continue
		}
		handled++
		if h.calls++; h.dropEvery > 0 && i%h.dropEvery == h.dropEvery-1 {
			continue
		}
		if _, err := h.run(ctx, p, "event", event); err != nil {
			return handled, err
		}
	}
	if h.deaf {
		return 0, nil
	}
	return handled, nil
}

func (h *nativeHost) Close() error {
	clear(h.plugins)
	return h.stuck
}
