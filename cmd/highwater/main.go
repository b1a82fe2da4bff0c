// Command highwater tests, gates and explains the memory of Go programs. Run
// "highwater help" for its verbs.
package main

import (
	"os"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/driver"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

func main() {
	os.Exit(driver.Main(driver.Config{Suites: []driver.Suite{terminalSuite()}}))
}

// terminalSuite offers the terminal suite over the engines that come with
// highwater.
func terminalSuite() driver.Suite {
	s := driver.Suite{
		Name: "terminal_operations",
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
