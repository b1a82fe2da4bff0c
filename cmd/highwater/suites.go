package main

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/driver"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
	"github.com/highwater-dev/highwater/suites/soak"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// suites are those that come with highwater, each over the implementations that
// come with it.
func suites() []driver.Suite {
	return []driver.Suite{
		over(driver.Suite{
			Name: terminal.Name, Doc: "what a terminal emulator does, over real recordings",
		}, terminal.Suite, engines.ByName, engines.All(), func(e terminal.Engine) driver.Engine { return driver.Engine{Name: e.Name, Doc: e.Doc} }),
		over(driver.Suite{
			Name: plugin.Name, Doc: "what a plugin host does: WebAssembly, processes and scripts", Prepare: hosts.Prepare,
		}, plugin.Suite, hosts.ByName, hosts.All(), func(e plugin.Engine) driver.Engine { return driver.Engine{Name: e.Name, Doc: e.Doc} }),
		over(driver.Suite{
			Name: load.Name, Doc: "what a server of terminal sessions does, with one session and with a thousand", Prepare: servers.Prepare,
		}, load.Suite, servers.ByName, servers.All(), func(e load.Engine) driver.Engine { return driver.Engine{Name: e.Name, Doc: e.Doc} }),
		over(driver.Suite{
			Name: soak.Name, Doc: "a terminal emulator under a real vim, a real bash and a log, for hours", OnRequest: true,
		}, soaked, engines.ByName, engines.All(), func(e terminal.Engine) driver.Engine { return driver.Engine{Name: e.Name, Doc: e.Doc} }),
	}
}

// soaked is the soak suite over an engine of the terminal suite.
func soaked(e terminal.Engine) highwater.Suite { return soak.Suite(soak.Over(e)) }

// over offers the suite that made makes of each of the engines.
func over[E any](s driver.Suite, made func(E) highwater.Suite, byName func(string) (E, error), all []E, about func(E) driver.Engine) driver.Suite {
	s.New = func(name string) (highwater.Suite, error) {
		e, err := byName(name)
		if err != nil {
			return highwater.Suite{}, err
		}
		return made(e), nil
	}
	for _, e := range all {
		s.Engines = append(s.Engines, about(e))
	}
	return s
}
