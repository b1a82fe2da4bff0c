// Command highwater tests, gates and explains the memory of Go programs. Run
// "highwater help" for its verbs.
package main

import (
	"os"

	"github.com/highwater-dev/highwater/driver"
)

func main() {
	os.Exit(driver.Main(driver.Config{Suites: suites()}))
}
