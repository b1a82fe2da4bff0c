package main

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/driver"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// suites are those that come with highwater, each over the implementations that
// come with it.
func suites() []driver.Suite {
	return []driver.Suite{terminalSuite(), pluginSuite(), loadSuite()}
}

func terminalSuite() driver.Suite {
	s := driver.Suite{
		Name: terminal.Name,
		Doc:  "what a terminal emulator does, over real recordings",
		New: func(name string) (highwater.Suite, error) {
			e, err := engines.ByName(name)
			if err != nil {
				return highwater.Suite{}, err
			}
			return terminal.Suite(e), nil
		},
	}
	for _, e := range engines.All() {
		s.Engines = append(s.Engines, driver.Engine{Name: e.Name, Doc: e.Doc})
	}
	return s
}

func pluginSuite() driver.Suite {
	s := driver.Suite{
		Name: plugin.Name,
		Doc:  "what a plugin host does: WebAssembly, processes and scripts",
		New: func(name string) (highwater.Suite, error) {
			e, err := hosts.ByName(name)
			if err != nil {
				return highwater.Suite{}, err
			}
			return plugin.Suite(e), nil
		},
		Prepare: hosts.Prepare,
	}
	for _, e := range hosts.All() {
		s.Engines = append(s.Engines, driver.Engine{Name: e.Name, Doc: e.Doc})
	}
	return s
}

func loadSuite() driver.Suite {
	s := driver.Suite{
		Name: load.Name,
		Doc:  "what a server of terminal sessions does, with one session and with a thousand",
		New: func(name string) (highwater.Suite, error) {
			e, err := servers.ByName(name)
			if err != nil {
				return highwater.Suite{}, err
			}
			return load.Suite(e), nil
		},
		Prepare: servers.Prepare,
	}
	for _, e := range servers.All() {
		s.Engines = append(s.Engines, driver.Engine{Name: e.Name, Doc: e.Doc})
	}
	return s
}
