package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Count(t, 1, 20, children, starter{true}.start, starter{false}.start)
}

// children are all processes whose parent is this one.
func children() int {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		panic(err)
	}
	n := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// After the name in brackets: the state, and the parent.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if fields[1] == strconv.Itoa(os.Getpid()) {
			n++
		}
	}
	return n
}
