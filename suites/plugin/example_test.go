package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// The smallest host of all: a plugin is a goroutine that gets its calls over a
// channel. It has no events, no limits and no second version of its plugins, and
// so passes only what needs none of them.
type goroutines map[string]chan call

type call struct {
	function, argument string
	result             chan string
}

func (g goroutines) Load(_ context.Context, p plugin.Plugin) error {
	calls := make(chan call)
	g[p.ID] = calls
	go func() {
		for c := range calls {
			switch c.function {
			case "init":
				c.result <- strconv.Itoa(p.Version)
			case "transform":
				c.result <- strings.ToUpper(c.argument)
			case "status":
				c.result <- p.ID + " 1 0 0 0"
			}
		}
	}()
	return nil
}

func (g goroutines) Unload(_ context.Context, id string) error {
	close(g[id])
	delete(g, id)
	return nil
}

func (g goroutines) Call(ctx context.Context, id, function, argument string) (string, error) {
	if g[id] == nil {
		return "", errors.New("no such plugin")
	}
	result := make(chan string, 1)
	g[id] <- call{function, argument, result}
	select {
	case text := <-result:
		return text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (g goroutines) Publish(context.Context, string, string) (int, error) { return 0, nil }

func (g goroutines) Close() error {
	for _, calls := range g {
		close(calls)
	}
	return nil
}

// The suite run once over a host of one's own, without measuring: does it do the
// work? Package memtest runs the same scenarios measured, inside go test:
// memtest.RunSuite(t, plugin.Suite(mine)).
func ExampleSuite() {
	mine := plugin.Engine{
		Name: "mine",
		New:  func(context.Context, string) (plugin.Host, error) { return goroutines{}, nil },
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, s := range plugin.Suite(mine).Scenarios {
		switch s.Name {
		case "single_load", "multiple_load", "lifecycle", "event_dispatch":
			err := s.Execute(ctx, highwater.PassNatural, &recorder{})
			fmt.Println(s.ID(), err)
		}
	}
	// Output:
	// plugin_system/single_load@mine <nil>
	// plugin_system/multiple_load@mine <nil>
	// plugin_system/lifecycle@mine <nil>
	// plugin_system/event_dispatch@mine mine: publish to all: 0 plugins handled the event, want 24
}
