package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// What is generated builds, and has as many benchmarks as were asked for.
func TestGenerate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "m")
	if err := generate(dir, 12, 30); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	grep := exec.Command("git", "grep", "-h", "^func Benchmark")
	grep.Dir = dir
	out, err := grep.Output()
	if n := len(regexp.MustCompile(`(?m)^func`).FindAll(out, -1)); err != nil || n != 30 {
		t.Errorf("%d benchmarks, want 30 (%v)", n, err)
	}
	if generate(dir, 1, 1) == nil {
		t.Error("wrote into a folder with something in it")
	}
}
