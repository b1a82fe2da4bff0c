package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/highwater-dev/highwater"
)

func main() {
	n := flag.Int("series", 1000, "series of each kind")
	seed := flag.Uint64("seed", 1, "of the first series")
	flag.Parse()
	if *n < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "trendquality: want one series or more, and no argument")
		os.Exit(highwater.ExitUsage)
	}
	if err := run(os.Stdout, *n, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(highwater.ExitFail)
	}
}
