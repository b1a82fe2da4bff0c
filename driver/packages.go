package driver

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/target"
)

// built is what came of the packages that were named.
type built struct {
	targets []target.Target
	failed  []target.PackageError
	dir     string // of the test binaries
}

// build makes the test binaries of the packages and finds the scenarios in them.
// The caller removes built.dir.
func (a *app) build(ctx context.Context, patterns []string, quiet bool) (built, error) {
	if len(patterns) == 0 {
		return built{}, nil
	}
	if err := a.notScenarios(patterns); err != nil {
		return built{}, err
	}
	dir, err := os.MkdirTemp("", "highwater-build-")
	if err != nil {
		return built{}, fmt.Errorf("make a folder for the test binaries: %w", err)
	}
	b := built{dir: dir}
	var show *progress
	if !quiet {
		show = newProgress(a.Stderr)
	}
	b.targets, b.failed, err = target.Packages(ctx, patterns, dir, func(pkg string) { show.say("building " + pkg) })
	show.end()
	return b, err
}

func (b built) close() {
	if b.dir != "" {
		_ = os.RemoveAll(b.dir) // only test binaries, in the folder for temporary files
	}
}

// goVersion is that of the binaries, which another Go than highwater's own may
// have built; "" for none.
func (b built) goVersion() string {
	for _, t := range b.targets {
		if info, err := buildinfo.ReadFile(t.Path); err == nil {
			return info.GoVersion
		}
	}
	return ""
}

// failures puts the packages that could not be measured into the run, each as a
// scenario whose process could not be started: so they are in every report that
// is made of it, and never a silent pass.
func (b built) failures() ([]highwater.ScenarioInfo, []highwater.Measurement) {
	var infos []highwater.ScenarioInfo
	var failed []highwater.Measurement
	for _, f := range b.failed {
		info := highwater.ScenarioInfo{Suite: f.Package, Name: "build", Doc: f.Step, Sessions: 1, Ops: highwater.DefaultOps}
		infos = append(infos, info)
		failed = append(failed, highwater.Measurement{
			Scenario: info.ID(), Pass: highwater.PassNatural, Started: time.Now().UTC().Truncate(time.Millisecond),
			Outcome: highwater.Outcome{Status: highwater.StatusNoStart, Detail: "could not be run: " + f.Step + " failed", Stderr: tail(f.Output)},
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

// packageNames tells which import paths the patterns ask for, also of packages
// that have no scenarios any more: a baseline may have them.
func packageNames(patterns []string, module string) func(importPath string) bool {
	root, wd := moduleRoot()
	var full []string
	for _, p := range patterns {
		dir := p
		if !filepath.IsAbs(p) {
			if !strings.HasPrefix(p, ".") {
				full = append(full, p)
				continue
			}
			dir = filepath.Join(wd, p)
		}
		if rel, err := filepath.Rel(root, dir); err == nil {
			full = append(full, strings.TrimSuffix(module+"/"+filepath.ToSlash(rel), "/."))
		}
	}
	return func(importPath string) bool {
		for _, p := range full {
			before, recursive := strings.CutSuffix(p, "/...")
			if importPath == before || recursive && strings.HasPrefix(importPath, before+"/") {
				return true
			}
		}
		return false
	}
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
