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

// PackageError is a package that could not be built or listed. The others are
// measured all the same.
type PackageError struct {
	Package string
	Step    string // building the tests, listing the scenarios
	Output  string // what the compiler or the process said
}

func (e PackageError) Error() string {
	return fmt.Sprintf("%s: %s failed:\n%s", e.Package, e.Step, strings.TrimSpace(e.Output))
}

// Packages builds the tests of the packages that the patterns name and returns a
// target for every memtest scenario in them. Test binaries are written to dir.
// Failures of single packages are returned beside the targets.
func Packages(ctx context.Context, patterns []string, dir string, building func(pkg string)) ([]Target, []PackageError, error) {
	list, err := listPackages(ctx, patterns)
	if err != nil {
		return nil, nil, err
	}
	var targets []Target
	var failed []PackageError
	for _, p := range list {
		if p.Error != nil {
			failed = append(failed, PackageError{Package: p.ImportPath, Step: "loading the package", Output: p.Error.Err})
			continue
		}
		names, err := scenarioTests(p)
		if err != nil {
			failed = append(failed, PackageError{Package: p.ImportPath, Step: "reading the tests", Output: err.Error()})
			continue
		}
		if len(names) == 0 {
			continue
		}
		if building != nil {
			building(p.ImportPath)
		}
		binary := filepath.Join(dir, strings.ReplaceAll(p.ImportPath, "/", "_")+".test")
		if out, err := goCommand(ctx, "test", "-c", "-o", binary, p.ImportPath).CombinedOutput(); err != nil {
			failed = append(failed, PackageError{Package: p.ImportPath, Step: "building the tests", Output: string(out)})
			continue
		}
		found, err := listScenarios(ctx, binary, p.Dir, names)
		if err != nil {
			failed = append(failed, PackageError{Package: p.ImportPath, Step: "listing the scenarios", Output: err.Error()})
		}
		targets = append(targets, found...)
	}
	return targets, failed, ctx.Err()
}

// listed is the part of `go list -json` that matters here.
type listed struct {
	ImportPath   string
	Dir          string
	TestGoFiles  []string
	XTestGoFiles []string
	TestImports  []string
	XTestImports []string
	Error        *struct{ Err string }
}

func goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.WaitDelay = time.Second
	return cmd
}

func listPackages(ctx context.Context, patterns []string) ([]listed, error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,TestImports,XTestImports,Error", "--"}, patterns...)
	cmd := goCommand(ctx, args...)
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
	l.Close()
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
