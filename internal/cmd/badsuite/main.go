// Command badsuite is a highwater whose scenarios misbehave, each in another
// way. The command-line tests run it: what a scenario does to itself must be
// reported as exactly that, and must not touch the results of the others.
//
// It is also the smallest example of a highwater with suites of its own.
package main

import (
	"os"

	"github.com/highwater-dev/highwater/driver"
)

func main() {
	os.Exit(driver.Main(driver.Config{
		Name:    "badsuite",
		Version: "v0.0.0-test",
		Suites:  []driver.Suite{driver.Fixed(suite())},
	}))
}
