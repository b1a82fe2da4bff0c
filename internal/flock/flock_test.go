package flock

import (
	"os"
	"path/filepath"
	"testing"
)

// A lock is had by one at a time, also where its file is removed meanwhile.
func TestTry(t *testing.T) {
	if !Works {
		t.Skip("locks tell nothing on this system")
	}
	path := filepath.Join(t.TempDir(), "lock")
	try := func(want bool) *os.File {
		t.Helper()
		f, err := Try(path)
		if err != nil || (f != nil) != want {
			t.Fatalf("taken: %t, %v; want %t", f != nil, err, want)
		}
		return f
	}
	first := try(true)
	try(false)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := try(true)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	third := try(true) // of a file of its own
	second.Close()
	try(false)
	third.Close()
	if _, err := Try(filepath.Join(path, "below", "a file")); err == nil {
		t.Error("a lock below a file was taken")
	}
}
