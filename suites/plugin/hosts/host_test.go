package hosts

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/suites/plugin"
)

// place is a mechanism that says who came to it. A plugin with the version "hangs"
// never answers.
type place struct {
	limits bool
	came   []string
	fail   error
}

func (p *place) Load(_ context.Context, pl plugin.Plugin) (Instance, error) {
	p.came = append(p.came, pl.ID)
	return guestOf(pl.ID), p.fail
}

func (p *place) LimitsMemory() bool { return p.limits }

type guestOf string

func (g guestOf) Call(ctx context.Context, _, _ string) (string, error) {
	if g == "hangs" {
		<-ctx.Done()
		return "", ctx.Err()
	}
	return string(g), nil
}

func (guestOf) Close() error { return nil }

func load(t *testing.T, h *Host, p plugin.Plugin) {
	t.Helper()
	if err := h.Load(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func unload(t *testing.T, h *Host, id string) {
	t.Helper()
	if err := h.Unload(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func TestPlaces(t *testing.T) {
	a, b, c := &place{limits: true}, &place{}, &place{limits: true}
	h := New(a, b, c)
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		load(t, h, plugin.Plugin{ID: id})
	}
	for _, again := range []string{"2", "4", "3"} { // each comes to where it was
		unload(t, h, again)
		load(t, h, plugin.Plugin{ID: again})
	}
	for range 4 { // one that is limited goes round
		load(t, h, plugin.Plugin{ID: "bad", MemoryLimit: 1})
		unload(t, h, "bad")
	}
	for i, want := range [][]string{{"1", "4", "4", "bad", "bad"}, {"2", "5", "2"}, {"3", "3", "bad", "bad"}} {
		if got := []*place{a, b, c}[i].came; !slices.Equal(got, want) {
			t.Errorf("mechanism %d got %v, want %v", i, got, want)
		}
	}
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		unload(t, h, id)
	}
	a.fail = errors.New("no")
	if err := h.Load(t.Context(), plugin.Plugin{ID: "6"}); err == nil {
		t.Error("loaded what cannot be")
	}
	if len(h.placed) != 0 {
		t.Errorf("the host remembers %v, and has no plugins", h.placed)
	}
}

// A plugin that hangs over an event is ended, and the one after it gets the event.
func TestEventLimit(t *testing.T) {
	h := New(&place{})
	h.eventLimit = 10 * time.Millisecond
	for _, id := range []string{"before", "hangs", "after"} {
		load(t, h, plugin.Plugin{ID: id, Topics: []string{"news"}})
	}
	handled, err := h.Publish(t.Context(), "news", "")
	if handled != 2 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("handled by %d, %v; want by 2, and a limit that was passed", handled, err)
	}
	if _, err := h.Call(t.Context(), "hangs", "status", ""); err == nil {
		t.Error("the plugin that hung answers")
	}
}
