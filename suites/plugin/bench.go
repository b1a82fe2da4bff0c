package plugin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// patience is how long a host may take for something that it should do at once.
// Only a host that hangs takes so long, however busy the machine.
const patience = 30 * time.Second

// bench is a host at work, and what its plugins must have been through by now.
type bench struct {
	ctx      context.Context
	engine   Engine
	host     Host
	scenario scenario
	sessions []*session
	ops      int                // operations done
	live     func(sessions int) // takes a checkpoint with so many sessions
}

// session is a plugin as the suite expects it to be.
type session struct {
	status
	plugin Plugin
}

func open(ctx context.Context, e Engine, s scenario) (*bench, error) {
	host, err := e.New(ctx, s.name)
	if err != nil {
		return nil, fmt.Errorf("%s: making the host: %w", e.Name, err)
	}
	return &bench{ctx: ctx, engine: e, host: host, scenario: s, live: func(int) {}}, nil
}

// add loads one more plugin.
func (b *bench) add(p Plugin) error {
	if p.ID == "" {
		p.ID = "p" + strconv.Itoa(len(b.sessions))
	}
	if p.Version == 0 {
		p.Version = 1
	}
	s := &session{plugin: p}
	b.sessions = append(b.sessions, s)
	return b.load(s)
}

// fill loads plugins until all of the scenario's sessions are there.
func (b *bench) fill(p Plugin) error {
	for len(b.sessions) < b.scenario.sessions {
		if err := b.add(p); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) load(s *session) error {
	if err := b.host.Load(b.ctx, s.plugin); err != nil {
		return b.failed(s, "load", err)
	}
	return b.init(s)
}

// init begins a plugin's life: nothing has happened to it yet.
func (b *bench) init(s *session) error {
	s.status = status{name: s.plugin.ID, version: s.plugin.Version}
	return b.call(b.ctx, s, fnInit, s.name, strconv.Itoa(s.version))
}

func (b *bench) unload(s *session) error {
	if err := b.host.Unload(b.ctx, s.plugin.ID); err != nil {
		return b.failed(s, "unload", err)
	}
	return nil
}

// reload replaces the plugin by its other version.
func (b *bench) reload(s *session) error {
	s.plugin.Version = 3 - s.plugin.Version
	if r, ok := b.host.(Reloader); ok {
		if err := r.Reload(b.ctx, s.plugin); err != nil {
			return b.failed(s, "reload", err)
		}
		return b.init(s)
	}
	if err := b.unload(s); err != nil {
		return err
	}
	return b.load(s)
}

// call wants the result.
func (b *bench) call(ctx context.Context, s *session, function, argument, want string) error {
	got, err := b.host.Call(ctx, s.plugin.ID, function, argument)
	if err != nil {
		return b.failed(s, function, err)
	}
	if got != want {
		return b.failed(s, function, fmt.Errorf("the plugin returned %s, want %s", quoted(got), quoted(want)))
	}
	return nil
}

// transform has the plugin transform n characters.
func (b *bench) transform(s *session, n int) error {
	p := text(n)
	return b.call(b.ctx, s, fnTransform, p.text, p.want[s.version])
}

// hold makes the plugin hold n bytes and looks at the first, the last and one
// between.
func (b *bench) hold(s *session, n int) error {
	if err := b.call(b.ctx, s, fnHold, strconv.Itoa(n), strconv.Itoa(n)); err != nil {
		return err
	}
	s.held = n
	for _, at := range []int{0, n / 3, n - 1} {
		if err := b.call(b.ctx, s, fnPeek, strconv.Itoa(at), heldAt(at)); err != nil {
			return err
		}
	}
	return nil
}

// publish sends an event of n characters that the given sessions must handle.
func (b *bench) publish(topic string, n int, to []*session) error {
	event := text(n).text
	handled, err := b.host.Publish(b.ctx, topic, event)
	if err != nil {
		return fmt.Errorf("%s: publish to %s: %w", b.engine.Name, topic, err)
	}
	if handled != len(to) {
		return fmt.Errorf("%s: publish to %s: %d plugins handled the event, want %d", b.engine.Name, topic, handled, len(to))
	}
	for _, s := range to {
		s.events++
		s.bytes += len(event)
	}
	return nil
}

// intact checks that the plugin is what it should be by now.
func (b *bench) intact(s *session) error {
	return b.call(b.ctx, s, fnStatus, "", s.String())
}

// check checks all plugins, and that there are none but those.
func (b *bench) check() error {
	for _, s := range b.sessions {
		if err := errors.Join(b.intact(s), b.transform(s, 50)); err != nil {
			return err
		}
	}
	if _, err := b.host.Call(b.ctx, "nobody", fnStatus, ""); err == nil {
		return fmt.Errorf("%s: a plugin that was never loaded answers", b.engine.Name)
	}
	return nil
}

func (b *bench) failed(s *session, what string, err error) error {
	return fmt.Errorf("%s: plugin %s: %s: %w", b.engine.Name, s.plugin.ID, what, err)
}

// quoted is the text, or its beginning and length where it is long.
func quoted(s string) string {
	const most = 60
	if len(s) <= most {
		return strconv.Quote(s)
	}
	return fmt.Sprintf("%q... (%d bytes)", s[:most], len(s))
}
