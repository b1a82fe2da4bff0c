//go:build linux

package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// sizes are those of the suite's sessions.
var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

func main() {
	out := flag.String("out", "suites/terminal/testdata/casts", "directory to write to")
	only := flag.String("only", "", "make the recordings whose name begins with this")
	flag.Parse()
	if err := recordAll(*out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func recordAll(out, only string) error {
	home, err := newHome()
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	for _, p := range programs() {
		for _, size := range sizes {
			name := fmt.Sprintf("%s-%dx%d", p.name, size[0], size[1])
			if !strings.HasPrefix(name, only) {
				continue
			}
			path := filepath.Join(out, name+".cast.gz")
			n, err := p.record(home, path, size[0], size[1])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			fmt.Printf("%-20s %7d bytes printed\n", name, n)
		}
	}
	return nil
}
