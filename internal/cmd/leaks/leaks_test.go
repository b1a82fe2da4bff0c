package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The programs keep what they say that they keep, and their twins nothing, by the
// runtime's own figures and the kernel's: each has a test of that.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs twenty programs")
	}
	if _, err := os.Stat("/proc/self/statm"); err != nil {
		t.Skip("descriptors and resident memory are read in /proc")
	}
	args := []string{"test"}
	built, err := buildable(t.Context(), names())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range built {
		args = append(args, "./"+name)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = "testdata"
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Every program is in the table, and its leaking lines are marked; clean ones have none.
func TestKinds(t *testing.T) {
	mains, err := filepath.Glob("testdata/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, m := range mains {
		name := filepath.Base(filepath.Dir(m))
		there = append(there, name)
		k, ok := named(name)
		if !ok {
			t.Errorf("%s is in no table", name)
		}
		lines, err := marked(filepath.Dir(m))
		if err != nil {
			t.Fatal(err)
		}
		if k.leaks() != (len(lines) > 0) {
			t.Errorf("%s leaks: %t, and has %d marked lines", name, k.leaks(), len(lines))
		}
		if k.leaks() && k.Truth.Expected == "" {
			t.Errorf("%s: nothing says what it may be laid to", name)
		}
		text, err := os.ReadFile(m)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "highwater") {
			t.Errorf("%s knows of highwater", name)
		}
	}
	for _, name := range names() {
		if !slices.Contains(there, name) {
			t.Errorf("there is no program %s", name)
		}
	}
}

// fake stands in for highwater: it finds that the leaking program leaks, and writes a
// report as the real one does.
const fake = `#!/bin/sh
program=$2 output= leak=false rate=
while [ $# -gt 0 ]; do
	case $1 in
	--output) output=$2; shift;;
	-leak=*) leak=${1#-leak=};;
	esac
	shift
done
line=$(grep -n -m1 '// LEAK$' "$program/main.go" | cut -d: -f1)
if [ $leak = false ]; then
	echo '{"report":{"verdict":"pass","rows":[{"verdict":"pass","soak":{"course":"flat"}}]}}' >"$output"
	exit 0
fi
cat >"$output" <<END
{"report":{"verdict":"fail","rows":[{"verdict":"fail",
 "findings":[{"check":"leak","verdict":"fail","reason":"it grows"}],
 "soak":{"course":"growing","suspects":[
  {"kind":"site","name":"x","site":{"where":{"func":"main.f","file":"/x/main.go","line":$line}}}]}}]},
 "run":{"measurements":[{"pass":"soak","soak":{"points":[{"at_ns":1000000000},{"at_ns":2000000000},{"at_ns":3000000000}]}}]}}
END
exit 1
`

// A series of soaks is planned, made, kept and taken up where it was.
func TestSeries(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Chdir("../../..")
	binary := filepath.Join(t.TempDir(), "highwater")
	if err := os.WriteFile(binary, []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	s := settings{leaks: 2, twins: 3, kinds: []string{"sessions", "cachefill"}, jobs: 3, speed: 10, binary: binary}
	s.fill(map[string]bool{"leaks": true})
	n, err := prepare(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	n.judge = nth(2)
	todo := plan(n.settings)
	if want := 3*2 + 3 + 3; len(todo) != want {
		t.Fatalf("%d trials, want %d", len(todo), want)
	}
	var all []result
	if err := n.work(t.Context(), todo, func(r result) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if left := remaining(todo, all); len(all) != len(todo) || len(left) != 0 {
		t.Fatalf("%d results, and %d trials are left", len(all), len(left))
	}
	for _, r := range all {
		k, _ := named(r.Kind)
		if why := r.as(k); why != "" {
			t.Errorf("%s %s", r.title(), why)
		}
		if r.Leak && (r.Detected == nil || *r.Detected != 20) {
			t.Errorf("%s: detected after %v, want 20 s of the program's own time", r.title(), r.Detected)
		}
	}
	left, err := filepath.Glob(filepath.Join(n.dir, "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// The command that is run is one that a user could type.
func TestCommand(t *testing.T) {
	n := &series{settings: settings{binary: "/bin/highwater", speed: 40, duration: 15e9, interval: 1e8}}
	cmd := n.highwater(t.Context(), trial{"drip", true, 1e3, 0}, "/state")
	want := "/bin/highwater stability ./drip --quiet --duration 15s --interval 100ms -- -leak=true -speed=40 -tick=5ms -rate=1000"
	if got := strings.Join(cmd.Args, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !slices.Contains(cmd.Env, "HIGHWATER_STATE_DIR=/state") {
		t.Error("it has no state directory of its own")
	}
}
