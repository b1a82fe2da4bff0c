package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

// memtestPath is the package whose importers have scenarios.
const memtestPath = "github.com/highwater-dev/highwater/memtest"

// PackageError is a package, or a benchmark, that could not be built, listed or
// run. The others are measured all the same.
type PackageError struct {
	Package string
	Name    string // of the benchmark; "" for the package
	Step    string // building the tests, listing the scenarios
	Output  string // what the compiler or the process said
	Cause   string // the line that says most, "" where no line stands out
}

func (e PackageError) Error() string {
	return fmt.Sprintf("%s: %s failed:\n%s", e.Package, e.Step, strings.TrimSpace(e.Output))
}

// PackageOptions say how packages are built and which of their benchmarks are
// measured.
type PackageOptions struct {
	Dir string // where test binaries are written
	// Root is the working directory of every go command; "" for the current one.
	// Patterns are meant from there.
	Root string
	// Flags are added to every go list and go test, such as -modfile=FILE.
	Flags []string
	// Env is added to highwater's own environment for every go command, such as
	// GOWORK=off. It is not in that of the measured processes.
	Env   []string
	Tags  string // build tags, as the go command takes them
	Bench string // pattern of benchmarks, as go test takes it; "" for all
	CPU   int    // GOMAXPROCS of natural processes; 0: the user's own
	// Ops is the number of operations of every benchmark. With 0 it is what Known
	// says of the scenario with that ID, and where that is 0, what takes about a
	// tenth of a second.
	Ops   int
	Known func(id string) int
	// CollectorTime is about how long a benchmark runs in the collector pass, and
	// 300 ms at least.
	CollectorTime time.Duration

	Say func(what string) // told what is under way; may be nil
}

func (o PackageOptions) say(format string, args ...any) {
	if o.Say != nil {
		o.Say(fmt.Sprintf(format, args...))
	}
}

// Found is what packages have that can be measured.
type Found struct {
	Targets []Target
	Failed  []PackageError
	Skipped []string // benchmarks that skipped themselves, with their packages
}

// Packages builds the tests of the packages that the patterns name, and finds the
// benchmarks and the memtest scenarios in them. Nothing is written but below
// o.Dir. Failures of single packages are beside the targets.
func Packages(ctx context.Context, patterns []string, o PackageOptions) (Found, error) {
	pattern, err := splitPattern(o.Bench)
	if err != nil {
		return Found{}, fmt.Errorf("the pattern of benchmarks %q: %w", o.Bench, err)
	}
	list, err := listPackages(ctx, patterns, o)
	if err != nil {
		return Found{}, err
	}
	b := builder{options: o, pattern: pattern}
	if err := b.read(ctx, list); err != nil {
		return Found{}, err
	}
	for _, p := range b.work {
		if ctx.Err() != nil {
			break
		}
		b.one(ctx, p)
	}
	return b.found, ctx.Err()
}

// listed is the part of `go list -json` that matters here.
type listed struct {
	ImportPath   string
	Name         string
	Dir          string
	Module       *struct{ Path, Dir string }
	TestGoFiles  []string
	XTestGoFiles []string
	TestImports  []string
	XTestImports []string
	Error        *struct{ Err string }
}

// goCommand is a go command in the folder Root.
func (o PackageOptions) goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = o.Root
	if len(o.Env) > 0 {
		cmd.Env = append(os.Environ(), o.Env...)
	}
	cmd.WaitDelay = time.Second
	return cmd
}

func listPackages(ctx context.Context, patterns []string, o PackageOptions) ([]listed, error) {
	args := []string{"list", "-e", "-json=ImportPath,Name,Dir,Module,TestGoFiles,XTestGoFiles,TestImports,XTestImports,Error", "-tags=" + o.Tags}
	cmd := o.goCommand(ctx, slices.Concat(args, o.Flags, []string{"--"}, patterns)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", strings.Join(patterns, " "), err, strings.TrimSpace(stderr.String()))
	}
	var list []listed
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		list = append(list, p)
	}
}

// listTimeout bounds a listing, which executes the tests up to their scenarios.
const listTimeout = time.Minute

// listScenarios asks the test binary which scenarios its tests have.
func listScenarios(ctx context.Context, binary, dir string, tests []string) ([]Target, error) {
	tmp, err := os.MkdirTemp("", "highwater-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	l, err := net.Listen("unix", filepath.Join(tmp, "probe"))
	if err != nil {
		return nil, err
	}
	defer l.Close()

	quoted := make([]string, len(tests))
	for i, t := range tests {
		quoted[i] = regexp.QuoteMeta(t)
	}
	spec := probe.Spec{Socket: l.Addr().String(), List: true}
	type heard struct {
		targets []Target
		err     error
	}
	told := make(chan heard, 1)
	go func() {
		var h heard
		defer func() { told <- h }()
		conn, err := l.Accept()
		if err != nil {
			return // no scenario: nothing connected
		}
		defer conn.Close()
		h.err = probe.ReadMessages(conn, func(m probe.Message) {
			if m.Type != probe.TypeHello || m.Hello == nil {
				return
			}
			var l probe.Listed
			if err := json.Unmarshal(m.Hello.Scenario, &l); err != nil {
				h.err = err
				return
			}
			var info highwater.ScenarioInfo
			if err := json.Unmarshal(l.Info, &info); err != nil {
				h.err = err
				return
			}
			// A test may run one scenario several times; it is measured once.
			if slices.ContainsFunc(h.targets, func(t Target) bool { return t.Info.ID() == info.ID() }) {
				return
			}
			h.targets = append(h.targets, Target{
				Info: info, Path: binary, Dir: dir, Env: l.Env,
				Args: []string{"-test.run=" + l.Run, "-test.count=1", "-test.timeout=0"},
			})
		})
	}()
	exit := Launch(ctx, binary, []string{"-test.run=^(" + strings.Join(quoted, "|") + ")$", "-test.count=1"},
		append(os.Environ(), probe.EnvSpec+"="+spec.Encode()), dir, Limits{Timeout: listTimeout})
	NoMore(l)
	h := <-told
	switch {
	case exit.Err != "":
		return nil, errors.New(exit.Err)
	case exit.TimedOut:
		return h.targets, fmt.Errorf("the tests with scenarios took longer than %s before they ran one", listTimeout)
	case exit.Code != 0:
		return h.targets, fmt.Errorf("the test binary exited with status %d\n%s", exit.Code, exit.Stderr)
	}
	return h.targets, h.err
}
