package tui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// watcher looks at the target and keeps the history, away from the loop that reads keys.
type watcher struct {
	target Target

	asking sync.Mutex // held while the target is looked at, however long it takes

	mu      sync.Mutex // held for no longer than adding a look takes
	history live.History
}

// The messages that come back from what is done away from the loop.
type (
	lookedMsg struct {
		view live.View
		err  error
	}
	collectedMsg struct{ err error }
	keptMsg      struct {
		path     string
		snapshot highwater.Snapshot
		view     live.View
		err      error
	}
	tickMsg struct{}
)

func (w *watcher) look(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		w.asking.Lock()
		defer w.asking.Unlock()
		s, err := w.target.Look(ctx)
		return lookedMsg{w.add(s, err), err}
	}
}

func (w *watcher) keep(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		w.asking.Lock()
		defer w.asking.Unlock()
		path, s, err := w.target.Snapshot(ctx)
		// It is a look like others: the collections that it met are told once only.
		return keptMsg{path, s, w.add(s, err), err}
	}
}

func (w *watcher) collect(ctx context.Context) tea.Cmd {
	return func() tea.Msg { return collectedMsg{w.target.Collect(ctx)} }
}

// add takes a look. One that failed is taken only where it says how the process ended.
func (w *watcher) add(s highwater.Snapshot, err error) live.View {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil || s.Ended != "" {
		w.history.Add(s)
	}
	return w.history.View()
}

func (w *watcher) reset() live.View {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.history.Reset()
	return w.history.View()
}

// wait waits until nobody looks any more, but not for ever.
func (w *watcher) wait(most time.Duration) {
	done := make(chan struct{})
	go func() {
		w.asking.Lock()
		defer w.asking.Unlock()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(most):
	}
}

// tick comes again after each interval, and at least every second, for what changes with
// the time alone.
func tick(interval time.Duration) tea.Cmd {
	return tea.Tick(min(interval, time.Second), func(time.Time) tea.Msg { return tickMsg{} })
}
