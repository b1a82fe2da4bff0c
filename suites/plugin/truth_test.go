package plugin_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// liveRecorder reads live memory after forced collections, as the exact pass does.
type liveRecorder struct {
	recorder
	base, retained int64 // bytes
	now            int   // sessions at the next checkpoint
	at             map[int]int64
}

func live() int64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

func (r *liveRecorder) Start()         { r.base = live() }
func (r *liveRecorder) TornDown()      { r.retained = live() - r.base }
func (r *liveRecorder) Sessions(n int) { r.now = n }

func (r *liveRecorder) Checkpoint(string, int, bool) {
	if r.now > 0 {
		r.at[r.now], r.now = live()-r.base, 0
	}
}

// kept is a host that keeps so many bytes with every plugin, and so many for good
// with every reload.
type kept struct {
	nativeHost
	each, leak int
	bytes      map[string][]byte
}

var leaked [][]byte

func (k *kept) Load(ctx context.Context, p plugin.Plugin) error {
	k.bytes[p.ID] = make([]byte, k.each)
	return k.nativeHost.Load(ctx, p)
}

func (k *kept) Reload(ctx context.Context, p plugin.Plugin) error {
	leaked = append(leaked, make([]byte, k.leak))
	return k.nativeHost.Load(ctx, p)
}

func (k *kept) Close() error {
	clear(k.bytes)
	return k.nativeHost.Close()
}

func measured(t *testing.T, name string, each, leak int) *liveRecorder {
	t.Helper()
	t.Cleanup(func() { leaked = nil })
	e := plugin.Engine{Name: "kept", New: func(context.Context, string) (plugin.Host, error) {
		return &kept{nativeHost: nativeHost{plugins: map[string]*nativePlugin{}}, each: each, leak: leak, bytes: map[string][]byte{}}, nil
	}}
	r := &liveRecorder{at: map[int]int64{}}
	if err := scenario(t, e, name).Execute(t.Context(), highwater.PassExact, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// What one more plugin costs is what the host keeps with it.
func TestSessionCostIsTrue(t *testing.T) {
	const each = 98304 // bytes, a size class of its own
	r := measured(t, "multiple_load", each, 0)
	for _, step := range []struct{ from, to int }{{1, 5}, {5, 10}, {10, 20}} {
		cost := (r.at[step.to] - r.at[step.from]) / int64(step.to-step.from)
		if cost < each || cost > each+2000 {
			t.Errorf("one more plugin costs %d bytes between %d and %d, want %d and little more", cost, step.from, step.to, each)
		}
	}
}

// What reloads leave behind is what is retained: 32 of them, less the one before
// the baseline.
func TestRetainedIsTrue(t *testing.T) {
	const leak = 65536
	const reloads = 32
	if r := measured(t, "hot_reload", 0, leak); r.retained < reloads*leak || r.retained > reloads*leak+20_000 {
		t.Errorf("%d bytes retained, want %d", r.retained, reloads*leak)
	}
	if r := measured(t, "hot_reload", 0, 0); r.retained > 20_000 {
		t.Errorf("%d bytes retained by a host that leaks none", r.retained)
	}
}
