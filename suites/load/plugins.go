package load

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// callsPerOp is how many events each plugin gets in an operation; as many texts
// are given to it to transform.
const callsPerOp = 2

func concurrentPlugins() scenario {
	return scenario{
		name: "concurrent_plugins", sessions: 300, ops: 8, has: hasPlugins,
		doc: "1, 10, 100 and 300 plugins, then all of them called at once",
		run: func(m *highwater.M, e Engine) {
			c := newCrew(e.patience())
			m.Cleanup(c.dismiss)
			p := host(m, e, c)
			for _, n := range steps(m.Sessions()) {
				p.check(p.inTurn(p.hire("plugin", n), p.load))
				m.CheckpointSessions(n)
			}
			for m.Loop() {
				p.check(p.together(p.members, p.call))
			}
			p.check(p.inTurn(p.members, p.verify))
		},
	}
}

// plugins is a plugin host with the crew that calls its plugins.
type plugins struct {
	*crew
	m      *highwater.M
	engine Engine
	host   PluginHost
}

// host starts the engine's plugin host, which ends with the scenario and before
// the crew does.
func host(m *highwater.M, e Engine, c *crew) *plugins {
	p := &plugins{m: m, engine: e, crew: c}
	p.check(sparing(e.patience(), "starting the plugin host", func() (err error) {
		p.host, err = e.Plugins(m.Context())
		return err
	}))
	m.KeepAlive(p)
	m.Cleanup(p.close)
	return p
}

func (p *plugins) check(err error) {
	if err != nil {
		p.m.Fatalf("%s: %w", p.engine.Name, err)
	}
}

// load loads the member's plugin, and calls it.
func (p *plugins) load(m *member) error {
	m.plugin = fmt.Sprintf("plugin-%d", m.id)
	if err := p.host.Load(p.m.Context(), m.plugin); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	m.loaded = true
	if err := p.ask(m, "init", m.plugin, "1"); err != nil {
		return err
	}
	return p.call(m)
}

// call gives the member's plugin events and texts.
func (p *plugins) call(m *member) error {
	for range callsPerOp {
		m.page.out = m.page.out[:0]
		m.page.text(m.plugin)
		m.page.text(" event ")
		m.page.number(m.updates, 6)
		text := string(m.page.out)
		if err := p.ask(m, "event", text, ""); err != nil {
			return err
		}
		m.updates++
		m.bytes += len(text)
		if err := p.ask(m, "transform", text, strings.ToUpper(text)); err != nil {
			return err
		}
	}
	return nil
}

// verify asks the plugin what it has been given: its own events and no other's.
func (p *plugins) verify(m *member) error {
	return p.ask(m, "status", "", fmt.Sprintf("%s 1 %d %d 0", m.plugin, m.updates, m.bytes))
}

func (p *plugins) ask(m *member, function, argument, want string) error {
	got, err := p.host.Call(p.m.Context(), m.plugin, function, argument)
	if err != nil {
		return fmt.Errorf("%s(%q): %w", function, argument, err)
	}
	if got != want {
		return fmt.Errorf("%s(%q) returned %q, want %q", function, argument, got, want)
	}
	return nil
}

// close unloads the plugins and ends the host. The context may have ended.
func (p *plugins) close() {
	err := p.together(p.loaded(), func(m *member) error {
		m.loaded = false
		if err := p.host.Unload(context.WithoutCancel(p.m.Context()), m.plugin); err != nil {
			return fmt.Errorf("unload: %w", err)
		}
		return nil
	})
	p.check(errors.Join(err, sparing(p.engine.patience(), "closing the plugin host", p.host.Close)))
}

// loaded are the members with a plugin that can be unloaded.
func (p *plugins) loaded() []*member {
	var loaded []*member
	for _, m := range p.idle() {
		if m.loaded {
			loaded = append(loaded, m)
		}
	}
	return loaded
}
