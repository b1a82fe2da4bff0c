package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/notify/forge"
	"github.com/rogpeppe/go-internal/testscript"
)

// bin holds the real programs: highwater and badsuite, which misbehaves.
var bin string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "highwater-bin-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		bin = dir
		build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), ".", "../../internal/cmd/badsuite")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "build the programs under test:", err)
			return 1
		}
		return m.Run()
	}())
}

func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		Setup:               sandbox,
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "nightly": nightly, "remember": remember, "plain": plain, "await": await, "pair": pair, "modzip": modzip, "github": (&hubs{all: map[string]*forge.Forge{}}).github,
		},
	})
}

// sandbox gives a script a module, a state directory and nothing of the user's
// own settings.
func sandbox(env *testscript.Env) error {
	for _, kv := range os.Environ() {
		name, _, _ := bytes.Cut([]byte(kv), []byte("="))
		if bytes.HasPrefix(name, []byte("HIGHWATER_")) {
			env.Setenv(string(name), "")
		}
	}
	env.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("GOTRACEBACK", "") // testscript sets it, users do not
	env.Setenv("HIGHWATER_STATE_DIR", filepath.Join(env.WorkDir, "state"))
	// The go command works as it does for the user, and finds highwater's own
	// module by a workspace: the sandbox needs nothing from the network.
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, string(bytes.TrimSpace(out)))
	}
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		"go.mod":  "module example.com/sandbox\n\ngo 1.26.0\n",
		"go.work": "go 1.26.0\n\nuse (\n\t.\n\t" + strconv.Quote(repo) + "\n)\n",
	} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// exits runs a program and asserts its exit status: exits 3 highwater …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit := new(exec.ExitError)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// plain asserts that files (or stdout, stderr) have no control bytes: nothing
// may escape into a pipe.
func plain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: plain FILE...")
	}
	for _, name := range args {
		for i, c := range []byte(ts.ReadFile(name)) {
			if (c < ' ' && c != '\n' && c != '\t') || c == 0x7f {
				ts.Fatalf("%s: byte %#x at offset %d", name, c, i)
			}
		}
	}
}

// await polls until a file that matches a glob holds what matches a pattern.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await GLOB PATTERN")
	}
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		files, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		for _, f := range files {
			if data, err := os.ReadFile(f); err == nil && re.Match(data) {
				return
			}
		}
	}
	ts.Fatalf("no file %s came to match %q", args[0], args[1])
}
