package guest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/highwater-dev/highwater/suites/internal/guest"
)

func program(text string) guest.Program {
	return guest.Program{Name: "hello", Files: fstest.MapFS{
		"go.mod.txt": {Data: []byte("module hello\n\ngo 1.26\n")},
		"main.go":    {Data: []byte("package main\n\nfunc main() { " + text + " }\n")},
	}}
}

// inCache gives the test a cache directory of its own.
func inCache(t *testing.T) string {
	t.Helper()
	// The go command keeps its caches, and its counters, which it writes behind our back.
	cache, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("HOME", dir)
	lines := strings.Fields(string(cache))
	t.Setenv("GOCACHE", lines[0])
	t.Setenv("GOMODCACHE", lines[1])
	return dir
}

func TestBuiltOnceAndAnewWhenTheSourceChanges(t *testing.T) {
	inCache(t)
	p := program(`println("one")`)
	if !p.Missing() {
		t.Fatal("not built yet, and not missing")
	}
	var said []string
	say := func(s string) { said = append(said, s) }
	for range 2 {
		if err := guest.Prepare(t.Context(), say, p); err != nil {
			t.Fatal(err)
		}
	}
	if len(said) != 1 || p.Missing() {
		t.Errorf("built %d times, want once", len(said))
	}
	first, err := p.Path(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(first).CombinedOutput()
	if err != nil || string(out) != "one\n" {
		t.Errorf("ran with %q, %v", out, err)
	}
	second, err := program(`println("two")`).Path(t.Context())
	if err != nil || second == first {
		t.Errorf("another source is built to %s as well (%v)", second, err)
	}
}

func TestErrorsKeepTheCompilersWords(t *testing.T) {
	dir := inCache(t)
	_, err := program(`undefinedThing()`).Path(t.Context())
	if err == nil || !strings.Contains(err.Error(), "undefined: undefinedThing") || !strings.Contains(err.Error(), "guest program hello") {
		t.Errorf("got %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "highwater", "guests", "*"))
	if len(left) != 0 {
		t.Errorf("a failed build left %v", left)
	}
}

func TestWithoutGo(t *testing.T) {
	inCache(t)
	t.Setenv("PATH", t.TempDir())
	_, err := program(``).Path(t.Context())
	if err == nil || !strings.Contains(err.Error(), "go.dev/dl") {
		t.Errorf("got %v", err)
	}
}

func TestTwoAtOnce(t *testing.T) {
	inCache(t)
	p := program(`println("both")`)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			path, err := p.Path(context.Background())
			if err != nil {
				t.Error(err)
			} else if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// entries are what stands in the cache's folder of guests.
func entries(t *testing.T, cache string) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(cache, "highwater", "guests", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// until polls for what must come true.
func until(t *testing.T, what string, true func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !true(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come", what)
		}
	}
}

// compiling reports whether the go command has begun to make its temporary files.
func compiling(cache string) bool {
	found, _ := filepath.Glob(filepath.Join(cache, "highwater", "guests", "build-*", "tmp", "go-build*"))
	return len(found) > 0
}

func TestInterruptedBuildLeavesNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the go command is killed elsewhere")
	}
	cache := inCache(t)
	t.Setenv("GOCACHE", t.TempDir()) // so that the runtime is compiled, which takes a while
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- guest.Prepare(ctx, func(string) {}, program(`println("never")`)) }()
	until(t, "a build", func() bool { return compiling(cache) })
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if left := entries(t, cache); len(left) != 0 {
		t.Errorf("an interrupted build left %v", left)
	}
}
