package load_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

// host is the built-in host of plugins with something wrong about it.
type host struct {
	load.PluginHost
	call   func(ctx context.Context, h load.PluginHost, id, function, argument string) (string, error)
	unload error
}

func (h host) Call(ctx context.Context, id, function, argument string) (string, error) {
	if h.call == nil {
		return h.PluginHost.Call(ctx, id, function, argument)
	}
	return h.call(ctx, h.PluginHost, id, function, argument)
}

func (h host) Unload(ctx context.Context, id string) error {
	return errors.Join(h.unload, h.PluginHost.Unload(ctx, id))
}

func TestDishonestPluginHostsFail(t *testing.T) {
	defer goleak.VerifyNone(t)
	release := make(chan struct{})
	defer close(release)
	for name, c := range map[string]struct {
		host host
		want string
	}{
		"answers without asking the plugin": {
			host{call: func(ctx context.Context, h load.PluginHost, id, function, argument string) (string, error) {
				if function == "transform" {
					return argument, nil
				}
				return h.Call(ctx, id, function, argument)
			}},
			`plugin 0: transform("plugin-0 event 000000") returned "plugin-0 event 000000", want "PLUGIN-0 EVENT 000000"`,
		},
		"mixes plugins up": {
			host{call: func(ctx context.Context, h load.PluginHost, id, function, argument string) (string, error) {
				if function == "event" && id == "plugin-7" {
					id = "plugin-3"
				}
				return h.Call(ctx, id, function, argument)
			}},
			`plugin 3: status("") returned "plugin-3 1 `,
		},
		"gets stuck": {
			host{call: func(ctx context.Context, h load.PluginHost, id, function, argument string) (string, error) {
				if id == "plugin-5" && strings.HasSuffix(argument, "3") {
					<-release
				}
				return h.Call(ctx, id, function, argument)
			}},
			"plugin 5: no progress for 500ms",
		},
		"does not unload": {host{unload: errors.New("in use")}, "plugin 0: unload: in use"},
	} {
		t.Run(name, func(t *testing.T) {
			e := servers.Mux()
			e.Patience = 500 * time.Millisecond
			inner := e.Plugins
			e.Plugins = func(ctx context.Context) (load.PluginHost, error) {
				h, err := inner(ctx)
				c.host.PluginHost = h
				return c.host, err
			}
			s := scenario(t, e, "concurrent_plugins")
			s.Sessions = 20
			err := s.Execute(t.Context(), highwater.PassNatural, &recorder{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
