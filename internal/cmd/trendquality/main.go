package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	n := flag.Int("series", 1000, "series of each kind")
	seed := flag.Uint64("seed", 1, "of the first series")
	flag.Parse()
	if err := run(os.Stdout, *n, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
