package plugin

import (
	"context"
	"fmt"

	"github.com/highwater-dev/highwater"
)

// scenario describes one of the suite's scenarios.
type scenario struct {
	name, doc string
	sessions  int
	ops       int
	noLeak    bool
	texts     []int // the lengths of all its texts but the common ones
	rehearse  bool  // see rehearse
	limits    []highwater.Limit
	omit      map[highwater.Pass]string
	needs     []Ability
	build     func(b *bench) error         // loads the plugins
	step      func(b *bench, op int) error // one operation
}

// replaces lifts the limit of the collector's work: the metric is at most 1.
var replaces = highwater.Limit{
	Metric: highwater.GCPressure, Bound: 1,
	Reason: "every operation throws a plugin away, and does little else",
}

var scenarios = []scenario{
	{
		name: "single_load", sessions: 1, ops: 240, texts: []int{100, 200, 300, 400, 500},
		doc:   "one plugin, loaded and called",
		build: buildSingle,
		step:  func(b *bench, op int) error { return b.transform(b.sessions[0], 100+op%5*100) },
	},
	{
		name: "multiple_load", sessions: 20, ops: 240,
		doc:   "twenty plugins, loaded one by one and called in turns: what does one more cost?",
		build: buildMultiple,
		step:  stepMultiple,
		omit: map[highwater.Pass]string{
			highwater.PassCollector: "plugins that are loaded once make for too few collections to judge",
		},
	},
	{
		name: "lifecycle", sessions: 1, ops: 24, noLeak: true, rehearse: true,
		doc:    "a plugin loaded, initialised, called and unloaded, over and over",
		build:  func(b *bench) error { return b.fill(Plugin{}) },
		step:   stepLifecycle,
		limits: []highwater.Limit{replaces},
	},
	{
		name: "event_dispatch", sessions: 24, ops: 48, texts: []int{40, 60, 80, 100},
		doc:   "events on a bus to 24 plugins, half of which listen to one of the two topics only",
		build: buildEvents,
		step:  stepEvents,
	},
	{
		name: "communication", sessions: 4, ops: 48, needs: []Ability{Callback}, texts: append([]int{20, 120, 220}, requests...),
		doc:   "requests and responses of 16 B to 64 KB, and plugins that ask the host",
		build: buildCommunication,
		step:  stepCommunication,
	},
	{
		name: "resource_management", sessions: 4, ops: 12, needs: []Ability{MemoryLimit, TimeLimit},
		doc:    "plugins that take too much memory, never return, or crash, beside others that must not notice",
		build:  buildResources,
		step:   stepResources,
		limits: []highwater.Limit{replaces},
	},
	{
		name: "hot_reload", sessions: 4, ops: 32, noLeak: true, rehearse: true,
		doc:   "plugins replaced by another version, in turns, while the others keep working",
		build: func(b *bench) error { return b.fill(Plugin{Topics: []string{"all"}}) },
		step:  stepReload,
		limits: []highwater.Limit{replaces, {
			Metric: highwater.Retained, Bound: 40e3,
			Reason: "eight reloads a plugin leave next to nothing: 40 KB is 5 KB a reload, half of the smallest leak that we know",
		}},
	},
	{
		name: "memory_intensive", sessions: 4, ops: 16,
		doc:   "plugins that hold 4 MB each, unloaded and loaded again in turns",
		build: buildMemory,
		step:  stepMemory,
		limits: []highwater.Limit{
			replaces,
			{Metric: highwater.Peak, Bound: held + 3e6, Reason: "the standard limit, on top of the 4 MB that each plugin holds"},
			{Metric: highwater.Sustained, Bound: held + 2.5e6, Reason: "the standard limit, on top of the 4 MB that each plugin holds"},
		},
	},
}

// Scenarios returns the names of the suite's scenarios.
func Scenarios() []string {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	return names
}

// early is how many calls are made before those that are counted. A mechanism may
// start a goroutine for each, and it takes so many until the runtime has made as
// many as it needs and begins to use them again.
const early = 600

func buildSingle(b *bench) error {
	if err := b.fill(Plugin{}); err != nil {
		return err
	}
	return b.early()
}

func buildMultiple(b *bench) error {
	for _, n := range []int{1, 5, 10, b.scenario.sessions} {
		for len(b.sessions) < n {
			if err := b.add(Plugin{}); err != nil {
				return err
			}
		}
		b.live(n)
	}
	return b.early()
}

// early calls all plugins in turns.
func (b *bench) early() error {
	for i := range early {
		if err := b.transform(b.sessions[i%len(b.sessions)], 50); err != nil {
			return err
		}
	}
	return nil
}

func stepMultiple(b *bench, op int) error {
	return b.transform(b.sessions[op%len(b.sessions)], 200)
}

// stepLifecycle ends with a loaded plugin, so that there is one to measure.
func stepLifecycle(b *bench, _ int) error {
	s := b.sessions[0]
	if err := b.transform(s, 200); err != nil {
		return err
	}
	if err := b.unload(s); err != nil {
		return err
	}
	if _, err := b.host.Call(b.ctx, s.plugin.ID, fnStatus, ""); err == nil {
		return b.failed(s, "unload", fmt.Errorf("the plugin still answers"))
	}
	if err := b.load(s); err != nil {
		return err
	}
	return b.intact(s)
}

func buildEvents(b *bench) error {
	for i := range b.scenario.sessions {
		p := Plugin{Topics: []string{"all"}}
		if i%2 == 0 {
			p.Topics = append(p.Topics, "even")
		}
		if err := b.add(p); err != nil {
			return err
		}
	}
	return nil
}

func stepEvents(b *bench, op int) error {
	event := 40 + op%4*20
	if op%2 == 0 {
		return b.publish("all", event, b.sessions)
	}
	var even []*session
	for i, s := range b.sessions {
		if i%2 == 0 {
			even = append(even, s)
		}
	}
	return b.publish("even", event, even)
}

func buildCommunication(b *bench) error {
	var p Plugin
	if !b.engine.lacks(Callback) {
		p.Answer = func(_ context.Context, question string) (string, error) { return answer(question), nil }
	}
	return b.fill(p)
}

// requests are the sizes of a plugin's requests, in bytes, in turns.
var requests = []int{16, 1 << 10, 16 << 10, 64 << 10}

func stepCommunication(b *bench, op int) error {
	s := b.sessions[op%len(b.sessions)]
	if err := b.transform(s, requests[op/len(b.sessions)%len(requests)]); err != nil {
		return err
	}
	if b.engine.lacks(Callback) {
		return nil
	}
	question := text(20 + op%3*100).text
	return b.call(b.ctx, s, fnAsk, question, answer(question))
}

// stepReload replaces one plugin and holds all to what they have been through:
// the new one has seen nothing yet, the others all events so far.
func stepReload(b *bench, op int) error {
	s := b.sessions[op%len(b.sessions)]
	if err := b.reload(s); err != nil {
		return err
	}
	if err := b.transform(s, 50); err != nil {
		return err
	}
	if err := b.publish("all", 40, b.sessions); err != nil {
		return err
	}
	for _, s := range b.sessions {
		if err := b.intact(s); err != nil {
			return err
		}
	}
	return nil
}

// held is what a plugin of memory_intensive holds, in bytes.
const held = 4_000_000

func buildMemory(b *bench) error {
	if err := b.fill(Plugin{}); err != nil {
		return err
	}
	for _, s := range b.sessions {
		if err := b.hold(s, held); err != nil {
			return err
		}
	}
	return nil
}

func stepMemory(b *bench, op int) error {
	s := b.sessions[op%len(b.sessions)]
	if err := b.unload(s); err != nil {
		return err
	}
	if err := b.load(s); err != nil {
		return err
	}
	return b.hold(s, held)
}
