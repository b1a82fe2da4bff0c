package probe

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Testing is the part of *testing.T that the probe needs.
type Testing interface {
	Cleanup(func())
	Error(...any)
}

// Test calls a test function, once. The baseline is taken before, and live memory
// read when the test is over, with its subtests and cleanups: parallel subtests
// begin only when the function has returned.
func (b *Bench) Test(t Testing, f func()) {
	defer tellPanic()
	if !b.on {
		f()
		return
	}
	if b.agent == nil {
		if err := b.begin(); err != nil {
			fmt.Fprintln(os.Stderr, "highwater:", err)
			os.Exit(exitUsage)
		}
	}
	if s, ok := b.agent.(*soak); ok {
		if b.calls == 0 {
			s.Start()
		}
		b.soakTest(s, t, f)
		return
	}
	t.Cleanup(func() {
		b.agent.LoopEnd(1)
		b.agent.Checkpoint("the end of the test", 1, true)
	})
	b.calls++
	b.agent.Start()
	f()
	if b.spec.Pass == "exact" {
		letHookRun() // before the cleanups let go of what the test holds
	}
}

// Example calls an example function and holds what it prints to what it must
// print, as package testing does. The output goes to a file meanwhile, which costs
// the process no memory.
func (b *Bench) Example(t Testing, want string, unordered bool, f func()) {
	file, err := os.CreateTemp("", "example")
	if err != nil {
		t.Error("make a file for the output of the example:", err)
		return
	}
	stdout := os.Stdout
	// Before Test's, and so called after it: the comparison is in no figure.
	t.Cleanup(func() {
		os.Stdout = stdout
		defer os.Remove(file.Name())
		defer file.Close()
		_, err := file.Seek(0, io.SeekStart)
		var got []byte
		if err == nil {
			got, err = io.ReadAll(file)
		}
		if err != nil {
			t.Error("read the output of the example:", err)
			return
		}
		if have, want := normal(string(got), unordered), normal(want, unordered); have != want {
			t.Error("got:\n" + have + "\nwant:\n" + want)
		}
	})
	os.Stdout = file
	b.Test(t, f)
}

// normal is output without what does not count in a comparison.
func normal(s string, unordered bool) string {
	s = strings.TrimSpace(s)
	if unordered {
		lines := strings.Split(s, "\n")
		slices.Sort(lines)
		s = strings.Join(lines, "\n")
	}
	return s
}
