package hosts_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
)

func TestByName(t *testing.T) {
	for _, name := range hosts.Names() {
		if e, err := hosts.ByName(name); err != nil || e.Name != name {
			t.Errorf("ByName(%q) = %q, %v", name, e.Name, err)
		}
	}
	if hosts.All()[0].Name != hosts.Default {
		t.Errorf("the first engine is %s, not the default", hosts.All()[0].Name)
	}
	_, err := hosts.ByName("goplugins")
	const want = `unknown plugin engine "goplugins"; did you mean "goplugin"? (engines: mixed, wazero, goplugin, goja, starlark, goplugin-netrpc, wazero-open)`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// opened is a host of the engine that is closed, and held to have left nothing,
// when the test is over.
func opened(t *testing.T, e plugin.Engine) plugin.Host {
	t.Helper()
	temp := shortTemp(t)
	if e.Setup != nil {
		if err := e.Setup(t.Context(), "hot_reload"); err != nil {
			t.Fatal(err)
		}
	}
	before := goleak.IgnoreCurrent()
	h, err := e.New(t.Context(), "hot_reload")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if left := children(t); len(left) > 0 {
			t.Errorf("processes left behind: %v", left)
		}
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left in the temporary directory: %v", left)
		}
		goleak.VerifyNone(t, before)
	})
	return h
}

// children lists the processes that this one has started.
func children(t *testing.T) []string {
	t.Helper()
	files, _ := filepath.Glob("/proc/self/task/*/children")
	if len(files) == 0 {
		t.Skip("no /proc")
	}
	var pids []string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil && !errors.Is(err, os.ErrNotExist) { // the thread is gone
			t.Fatal(err)
		}
		pids = append(pids, strings.Fields(string(text))...)
	}
	return pids
}

func singles() []plugin.Engine {
	return []plugin.Engine{hosts.Wazero(), hosts.GoPlugin(), hosts.Goja(), hosts.Starlark(), hosts.GoPluginNetRPC()}
}

// What goes wrong in a plugin is an error of its own call and the end of it, and
// of nothing else.
func TestFailuresStayWithTheirPlugin(t *testing.T) {
	for _, e := range singles() {
		for name, c := range map[string]struct{ function, argument string }{
			"no such function":  {"fly", ""},
			"an error":          {"hold", "many"},
			"a crash":           {"crash", ""},
			"nobody to ask":     {"ask", "why?"},
			"memory not to get": {"hold", strconv.Itoa(1 << 62)},
		} {
			t.Run(e.Name+"/"+name, func(t *testing.T) {
				ctx := t.Context()
				h := opened(t, e)
				for _, id := range []string{"bad", "good"} {
					if err := h.Load(ctx, plugin.Plugin{ID: id, Version: 1}); err != nil {
						t.Fatal(err)
					}
				}
				if got, err := h.Call(ctx, "bad", c.function, c.argument); err == nil {
					t.Errorf("%s(%q) = %q, %v", c.function, c.argument, got, err)
				}
				if _, err := h.Call(ctx, "bad", "transform", "a"); err == nil || !strings.Contains(err.Error(), "the plugin has ended: ") {
					t.Errorf("after it: %v", err)
				}
				if got, err := h.Call(ctx, "good", "transform", "a"); got != "A" || err != nil {
					t.Errorf("the other plugin: %q, %v", got, err)
				}
			})
		}
	}
}

// A call that waits for its turn gives up with its context, and the plugin that
// spins ends with its own.
func TestContexts(t *testing.T) {
	for _, e := range singles() {
		t.Run(e.Name, func(t *testing.T) {
			h := opened(t, e)
			if err := h.Load(t.Context(), plugin.Plugin{ID: "p", Version: 1}); err != nil {
				t.Fatal(err)
			}
			spinning, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := h.Call(spinning, "p", "spin", "")
				ended <- err
			}()
			// Either call may come first: the one that has a deadline ends.
			waiting, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if _, err := h.Call(waiting, "p", "spin", ""); err == nil {
				t.Error("a call that can never return has returned")
			}
			stop()
			if err := <-ended; err == nil {
				t.Error("a function that never returns has returned")
			}
		})
	}
}

// Nothing is loaded for a context that has ended.
func TestLoadAfterTheEnd(t *testing.T) {
	for _, e := range singles() {
		t.Run(e.Name, func(t *testing.T) {
			h := opened(t, e)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := h.Load(ctx, plugin.Plugin{ID: "p", Version: 1}); err == nil {
				t.Error("the plugin was loaded")
			}
		})
	}
}

// A plugin that cannot listen ends without a word, so the host says why.
func TestLongTemporaryDirectory(t *testing.T) {
	e := hosts.GoPlugin()
	dir := filepath.Join(shortTemp(t), strings.Repeat("long", 25))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	h, err := e.New(t.Context(), "single_load")
	if err != nil {
		t.Fatal(err)
	}
	err = h.Load(t.Context(), plugin.Plugin{ID: "p", Version: 1})
	if err == nil || !strings.Contains(err.Error(), "set TMPDIR to a shorter one") {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRegistry(t *testing.T) {
	ctx := t.Context()
	h := opened(t, hosts.Goja())
	p := plugin.Plugin{ID: "p", Version: 1, Topics: []string{"a", "b"}}
	if err := h.Load(ctx, p); err != nil {
		t.Fatal(err)
	}
	if err := h.Load(ctx, p); err == nil || !strings.Contains(err.Error(), "loaded already") {
		t.Errorf("loaded twice: %v", err)
	}
	if err := h.Unload(ctx, "q"); err == nil {
		t.Error("unloaded what was never loaded")
	}
	if err := h.Load(ctx, plugin.Plugin{ID: "q", Version: 1, MemoryLimit: 1}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a limit that cannot be kept: %v", err)
	}
	reload := h.(plugin.Reloader).Reload
	if err := reload(ctx, plugin.Plugin{ID: "q", Version: 2}); err == nil {
		t.Error("replaced what was never loaded")
	}
	p.Version, p.Topics = 2, []string{"b"}
	if err := reload(ctx, p); err != nil {
		t.Fatal(err)
	}
	for topic, want := range map[string]int{"a": 0, "b": 1, "c": 0} {
		if n, err := h.Publish(ctx, topic, "e"); n != want || err != nil {
			t.Errorf("topic %s: %d plugins, %v; want %d", topic, n, err, want)
		}
	}
	if _, err := h.Call(ctx, "p", "crash", ""); err == nil {
		t.Error("a crash is no error")
	}
	if n, err := h.Publish(ctx, "b", "e"); n != 0 || err == nil {
		t.Errorf("an event for a crashed plugin: %d plugins, %v", n, err)
	}
	if err := reload(ctx, p); err != nil {
		t.Error(err)
	}
	if got, err := h.Call(ctx, "p", "transform", "ab"); got != "ba" || err != nil {
		t.Errorf("after the reload: %q, %v", got, err)
	}
}
