package guest_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/suites/internal/guest"
)

// building reports whether a go command, or a compiler that it started, writes into
// the cache.
func building(cache string) bool {
	commands, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	return slices.ContainsFunc(commands, func(file string) bool {
		text, _ := os.ReadFile(file)
		return bytes.Contains(text, []byte("\x00-o\x00"+cache))
	})
}

// A process that builds is killed: its go command ends, and the next build takes the
// folder away, unless somebody holds it.
func TestKilledBuildIsSwept(t *testing.T) {
	// As highwater does. A shell may have started the test with the signal ignored, and
	// what it starts would ignore it as well.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	defer signal.Reset(os.Interrupt)
	if os.Getenv("GUEST_TEST_BUILD") != "" {
		_, err := program(`println("never")`).Path(t.Context())
		t.Fatalf("built, %v", err)
	}
	cache := inCache(t)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledBuildIsSwept$")
	cmd.Env = append(os.Environ(), "GUEST_TEST_BUILD=1", "GOCACHE="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "a build", func() bool { return compiling(cache) })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	until(t, "the end of the go command", func() bool { return !building(cache) })

	old := time.Now().Add(-time.Hour)
	left := entries(t, cache)
	if len(left) != 1 {
		t.Fatalf("left %v, want one build folder", left)
	}
	held := filepath.Join(filepath.Dir(left[0]), "build-held")
	for _, err := range []error{os.Mkdir(held, 0o700), os.Chtimes(left[0], old, old)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(held, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_EX), os.Chtimes(held, old, old)); err != nil {
		t.Fatal(err)
	}
	if err := guest.Prepare(t.Context(), func(string) {}); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, cache); !slices.Equal(got, []string{held}) {
		t.Errorf("there are %v, want %s alone", got, held)
	}
}
