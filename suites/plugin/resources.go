package plugin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// What the greedy plugin of resource_management may hold and tries to, in bytes.
// A subprocess needs some 20 MB before it holds anything.
const (
	memoryLimit = 48 << 20
	modest      = 1 << 20
	greedy      = 160 << 20
)

// The last of the plugins is the one that misbehaves.
func buildResources(b *bench) error {
	for range b.scenario.sessions - 1 {
		if err := b.add(Plugin{}); err != nil {
			return err
		}
	}
	var p Plugin
	if !b.engine.lacks(MemoryLimit) {
		p.MemoryLimit = memoryLimit
	}
	return b.add(p)
}

// stepResources lets the plugin misbehave in one of three ways, and then looks
// whether the others are what they were and whether it can be loaded again.
func stepResources(b *bench, op int) error {
	bad := b.sessions[len(b.sessions)-1]
	others := b.sessions[:len(b.sessions)-1]
	var err error
	switch {
	case op%3 == 0 && !b.engine.lacks(MemoryLimit):
		err = b.overdraw(bad)
	case op%3 == 1 && !b.engine.lacks(TimeLimit):
		err = b.hang(bad, others)
	default:
		err = b.crash(bad)
	}
	if err != nil {
		return err
	}
	for _, s := range others {
		if err := errors.Join(b.intact(s), b.transform(s, 50)); err != nil {
			return fmt.Errorf("after another plugin misbehaved: %w", err)
		}
	}
	if err := b.unload(bad); err != nil {
		return err
	}
	return b.load(bad)
}

// overdraw holds what the limit allows, and then more.
func (b *bench) overdraw(s *session) error {
	if err := b.hold(s, modest); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := b.host.Call(ctx, s.plugin.ID, fnHold, strconv.Itoa(greedy)); err == nil {
		return b.failed(s, "hold", fmt.Errorf("the plugin holds %d MB, and was limited to %d MB; enforce Plugin.MemoryLimit or declare that the host lacks it (Engine.Lacks)", greedy>>20, memoryLimit>>20))
	}
	return b.gone(ctx, s, "went over its memory limit")
}

// hang calls a function that never returns, and meanwhile the other plugins.
func (b *bench) hang(s *session, others []*session) error {
	spinning, stop := context.WithCancel(b.ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		_, err := b.host.Call(spinning, s.plugin.ID, fnSpin, "")
		ended <- err
	}()
	if err := b.whileHanging(others); err != nil {
		return err
	}
	stop()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	select {
	case err := <-ended:
		if err == nil {
			return b.failed(s, "spin", errors.New("the call of a function that never returns was reported to have succeeded"))
		}
	case <-ctx.Done():
		return b.failed(s, "spin", fmt.Errorf("the plugin goes on %v after the call's context has ended; stop it, or declare that the host lacks the ability (Engine.Lacks)", patience))
	}
	return nil
}

// whileHanging calls the other plugins, several times each, so that the one that
// hangs surely does by then.
func (b *bench) whileHanging(others []*session) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	p := text(50)
	for range 4 {
		for _, s := range others {
			if err := b.call(ctx, s, fnTransform, p.text, p.want[s.version]); err != nil {
				return fmt.Errorf("while another plugin hangs: %w", err)
			}
		}
	}
	return nil
}

func (b *bench) crash(s *session) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := b.host.Call(ctx, s.plugin.ID, fnCrash, ""); err == nil {
		return b.failed(s, "crash", errors.New("the call that crashed the plugin was reported to have succeeded"))
	}
	return b.gone(ctx, s, "crashed")
}

// gone wants an error of a plugin that cannot answer any more.
func (b *bench) gone(ctx context.Context, s *session, why string) error {
	if _, err := b.host.Call(ctx, s.plugin.ID, fnStatus, ""); err == nil {
		return b.failed(s, "status", fmt.Errorf("the plugin answers after it %s", why))
	}
	return nil
}
