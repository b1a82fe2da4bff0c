package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// The smallest host of all: a plugin is a goroutine that gets its calls over a
// channel. It has no limits and no second version of its plugins, and so passes only
// what needs none of them.
type goroutines map[string]running

type running struct {
	calls  chan call
	topics []string
}

type call struct {
	function, argument string
	result             chan string
}

func (g goroutines) Load(_ context.Context, p plugin.Plugin) error {
	calls := make(chan call)
	g[p.ID] = running{calls, p.Topics}
	go func() {
		events, bytes := 0, 0
		for c := range calls {
			switch c.function {
			case "init":
				c.result <- strconv.Itoa(p.Version)
			case "transform":
				c.result <- strings.ToUpper(c.argument)
			case "status":
				c.result <- fmt.Sprint(p.ID, " 1 ", events, " ", bytes, " 0")
			case "event":
				events, bytes = events+1, bytes+len(c.argument)
				c.result <- ""
			}
		}
	}()
	return nil
}

func (g goroutines) Unload(_ context.Context, id string) error {
	close(g[id].calls)
	delete(g, id)
	return nil
}

func (g goroutines) Call(ctx context.Context, id, function, argument string) (string, error) {
	if g[id].calls == nil {
		return "", errors.New("no such plugin")
	}
	result := make(chan string, 1)
	g[id].calls <- call{function, argument, result}
	select {
	case text := <-result:
		return text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (g goroutines) Publish(ctx context.Context, topic, event string) (handled int, err error) {
	for id, r := range g {
		if slices.Contains(r.topics, topic) {
			if _, err := g.Call(ctx, id, "event", event); err != nil {
				return handled, err
			}
			handled++
		}
	}
	return handled, nil
}

func (g goroutines) Close() error {
	for _, r := range g {
		close(r.calls)
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
	// plugin_system/event_dispatch@mine <nil>
}
