package servers

import (
	"context"

	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// pluginHost is a host of the plugin suite.
type pluginHost struct{ plugin.Host }

var _ load.PluginHost = pluginHost{}

// Load loads the plugin that both suites use, in its first version.
func (h pluginHost) Load(ctx context.Context, id string) error {
	return h.Host.Load(ctx, plugin.Plugin{ID: id, Version: 1})
}
