package driver

import (
	"context"
	"debug/buildinfo"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/target"
)

// benchFlags are the settings that say which benchmarks of packages run, and how;
// they are called as the flags of go test are.
var benchFlags = []string{"bench", "tests", "examples", "benchtime", "count", "cpu", "tags", "race"}

// built is what came of the packages that were named.
type built struct {
	target.Found
	scratch *target.Scratch // where the test binaries are
	options target.PackageOptions
	begun   time.Time // when building began
}

// packages tells which import paths the patterns ask for, also of packages that have
// no scenarios any more. The go command is asked when that is first needed.
func (b built) packages(ctx context.Context, patterns []string) func(importPath string) bool {
	read := sync.OnceValue(func() target.Patterns { return target.ReadPatterns(ctx, patterns, b.Listed, b.options) })
	return func(importPath string) bool { return read().Ask(importPath) }
}

// asked reports whether the flags ask for a scenario that a baseline has, which is
// not missing otherwise.
func (b built) asked(info highwater.ScenarioInfo) bool {
	named := func(prefix, pattern string) bool {
		return strings.HasPrefix(info.Name, prefix) && target.MatchBench(pattern, info.Name)
	}
	switch {
	case b.options.Race != target.Raced(info):
		return false
	case strings.HasPrefix(info.Name, "Benchmark"):
		return named("Benchmark", b.options.Bench) && slices.Contains(b.options.Variants(), info.Variant)
	case info.Ops != 1: // a memtest scenario makes more than one, or is asked for all the same
		return true
	case strings.HasPrefix(info.Doc, target.TestDoc):
		return b.options.Tests != "" && named("Test", b.options.Tests)
	case strings.HasPrefix(info.Doc, target.ExampleDoc):
		return b.options.Examples != "" && named("Example", b.options.Examples)
	}
	return true
}

// build makes the test binaries of the packages and finds the benchmarks and
// scenarios in them. The caller closes what it returns.
func (a *app) build(ctx context.Context, h held, o *options, base *stored) (built, error) {
	begun := time.Now()
	b, err := a.discover(ctx, h, o, base, false)
	b.begun = begun
	return b, err
}

// discover is build, or with inSource leaves the benchmarks as they stand there, and
// builds only what has scenarios.
func (a *app) discover(ctx context.Context, h held, o *options, base *stored, inSource bool) (built, error) {
	if len(h.Packages) == 0 {
		return built{}, nil
	}
	options, err := packageOptions(h)
	if err != nil {
		return built{}, err
	}
	if err := a.notScenarios(h.Packages); err != nil {
		return built{}, err
	}
	options.Known, options.InSource = known(base), inSource
	b := built{}
	if b.scratch, err = target.NewScratch("build"); err != nil {
		return built{}, err
	}
	options.Dir = b.scratch.Dir
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	options.Say = show.say
	b.options = options
	b.Found, err = target.Packages(ctx, h.Packages, options)
	show.end()
	if ctx.Err() != nil {
		return b, errors.New("interrupted while the packages were built and tried: nothing was measured")
	}
	if options.Race {
		a.warn("--race: with the race detector a program holds several times as much: no limit is judged, figures compare with those of --race only, and memtest scenarios are left out")
	}
	for _, s := range b.Skipped {
		a.warn("%s skipped itself and is not measured", s)
	}
	return b, err
}

// packageOptions are what the settings say of packages, without where they are and
// go.
func packageOptions(h held) (target.PackageOptions, error) {
	times := or(h.Benchtime, config.Benchtime{})
	o := target.PackageOptions{
		Tags: strings.Join(h.Tags, ","), Race: isTrue(h.Race), Bench: or(h.Bench, ""), Tests: or(h.Tests, ""), Examples: or(h.Examples, ""),
		Ops: times.Ops, Time: times.Time, CollectorTime: or(h.Time, 0), Jobs: or(h.Jobs, 0), Timeout: or(h.Timeout, 0),
		Skip: h.skipped, Known: h.ops,
	}
	for _, text := range h.CPU {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return o, usagef("--cpu %s: %w", text, err)
		}
		if !slices.Contains(o.CPUs, n) {
			o.CPUs = append(o.CPUs, n)
		}
	}
	for flag, pattern := range map[string]string{"tests": o.Tests, "examples": o.Examples} {
		if err := target.CheckBench(pattern); err != nil {
			return o, usagef("--%s: %w", flag, err)
		}
	}
	if err := target.CheckBench(o.Bench); err != nil {
		return o, usagef("--bench: %w", err)
	}
	return o, nil
}

// known returns the number of operations that the baseline has of a scenario.
func known(base *stored) func(id string) int {
	if base == nil {
		return nil
	}
	return func(id string) int {
		info, _ := base.run.Scenario(id)
		return info.Ops
	}
}

func (b built) close() {
	_ = b.scratch.Close() // only test binaries, in the folder for temporary files
}

// fits makes the environment that of the binaries, which another Go than highwater's
// own may have built, and for another architecture that this machine can run.
func (b built) fits(e *highwater.Environment) {
	for _, t := range b.Targets {
		if info, err := buildinfo.ReadFile(t.Path); err == nil {
			builtWith(e, info)
			return
		}
	}
}

// builtWith puts into the environment what an executable says of how it was built.
func builtWith(e *highwater.Environment, info *buildinfo.BuildInfo) {
	e.Go = info.GoVersion
	for _, s := range info.Settings {
		switch {
		case s.Value == "":
		case s.Key == "GOOS":
			e.GOOS = s.Value
		case s.Key == "GOARCH":
			e.GOARCH = s.Value
		}
	}
}

// failures puts the packages that could not be measured into the run, each as a
// scenario whose process could not be started: so they are in every report that
// is made of it, and never a silent pass.
func (b built) failures() ([]highwater.ScenarioInfo, []highwater.Measurement) {
	var infos []highwater.ScenarioInfo
	var failed []highwater.Measurement
	for _, f := range b.Failed {
		info := highwater.ScenarioInfo{Suite: f.Package, Name: "build", Doc: f.Step, Sessions: 1, Ops: highwater.DefaultOps, NoBudget: true}
		outcome := highwater.Outcome{Status: highwater.StatusNoStart, Detail: "could not be run: " + f.Step + " failed", Stderr: tail(f.Output)}
		if f.Name != "" { // one benchmark, whose package was built
			info.Name = f.Name
			outcome.Status, outcome.Detail = highwater.StatusFailed, f.Step+" failed"
			if f.Cause != "" {
				outcome.Detail += ": " + f.Cause
			}
		}
		infos = append(infos, info)
		failed = append(failed, highwater.Measurement{
			Scenario: info.ID(), Pass: highwater.PassNatural, Started: time.Now().UTC().Truncate(time.Millisecond), Outcome: outcome,
		})
	}
	return infos, failed
}

// tail is the end of what a step printed, as much as a Run file keeps.
func tail(s string) string {
	const most = 8 << 10
	if s = strings.TrimSpace(s); len(s) > most {
		s = "…" + strings.ToValidUTF8(s[len(s)-most:], "")
	}
	return s
}

// notScenarios catches a scenario that is named where a package is meant to be.
func (a *app) notScenarios(patterns []string) error {
	all, err := a.everything()
	if err != nil {
		return err
	}
	for _, p := range patterns {
		for _, i := range infos(all) {
			if config.Match(p, i.ID()) && p != "all" {
				return usagef("%q is a scenario and not a package: name it with --scenario %s", p, p)
			}
		}
	}
	return nil
}

// moduleRoot is the folder of go.mod above the working directory, which it
// returns too.
func moduleRoot() (root, wd string) {
	wd, err := os.Getwd()
	if err != nil {
		return "", ""
	}
	for root = wd; ; root = filepath.Dir(root) {
		if exists(filepath.Join(root, "go.mod")) || filepath.Dir(root) == root {
			return root, wd
		}
	}
}
