package overlay

import (
	"fmt"
	"go/version"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// Program is a main package that is to be measured as a whole.
type Program struct {
	Dir       string
	Module    string // path of its module
	Root      string // the module's folder
	GoVersion string // of the go command that builds it, such as go1.26.8
	// Leaks lets the probe have the runtime's profile of leaked goroutines, for which
	// it needs runtime/pprof.
	Leaks bool
}

// Newest is the newest Go release of which it is known how to run a function at
// the end of a program. With a newer one a program can be measured until it is told
// to end, and not one that ends by itself.
const Newest = "go1.26"

// LinkFlags are flags for the linker without which a program with the probe does
// not link: the hook at its end is one of the runtime's own.
func (p Program) LinkFlags() []string {
	if !p.hooked() {
		return nil
	}
	return []string{"-checklinkname=0"}
}

func (p Program) hooked() bool {
	return version.IsValid(p.GoVersion) && version.Compare(version.Lang(p.GoVersion), Newest) <= 0
}

// WriteProgram makes the overlay for a program in dir, and returns the file to give
// to -overlay.
func WriteProgram(dir string, p Program) (string, error) {
	sources := filepath.Join(dir, "probe")
	names, err := writeProbe(sources)
	if err != nil {
		return "", fmt.Errorf("write the probe's source: %w", err)
	}
	replace := map[string]string{}
	for _, name := range names {
		replace[filepath.Join(p.Root, filepath.FromSlash(folder), name)] = filepath.Join(sources, name)
	}
	start := startHooked
	if !p.hooked() {
		start = startBare
	}
	added := []struct{ in, name, source string }{
		{filepath.Join(p.Root, filepath.FromSlash(folder)), "zz_start.go", start},
		{p.Dir, "zz_highwater_probe.go", "package main\n\nimport _ " + strconv.Quote(path.Join(p.Module, folder)) + "\n"},
	}
	if p.Leaks {
		added = append(added, struct{ in, name, source string }{filepath.Join(p.Root, filepath.FromSlash(folder)), leaksFile, leaks})
	}
	for _, f := range added {
		file := filepath.Join(dir, f.name)
		if err := os.WriteFile(file, []byte(f.source), 0o600); err != nil {
			return "", fmt.Errorf("write what starts the probe: %w", err)
		}
		replace[filepath.Join(f.in, f.name)] = file
	}
	return writeOverlay(dir, replace)
}

// startHooked starts the probe when its package is initialised, before most of the
// program's own packages are. The hook is the one that the coverage of go build
// -cover is written in; see internal/runtime/exithook.
const startHooked = `//go:build ` + Oldest + `

package probe

import _ "unsafe" // for linkname

type exitHook struct {
	F            func()
	RunOnFailure bool
}

//go:linkname addExitHook internal/runtime/exithook.Add
func addExitHook(exitHook)

func init() {
	StartProgram(func(f func()) { addExitHook(exitHook{F: f, RunOnFailure: true}) })
}
`

const startBare = `//go:build ` + Oldest + `

package probe

func init() { StartProgram(nil) }
`

// leaks gives the probe the runtime's leak profile, where the build has it.
const (
	leaksFile = "zz_leaks.go"
	leaks     = `//go:build ` + Oldest + `

package probe

import (
	"bytes"
	"runtime/pprof"
)

func init() {
	LeakProfile = func() ([]byte, bool) {
		p := pprof.Lookup("goroutineleak")
		if p == nil {
			return nil, false
		}
		var text bytes.Buffer
		err := p.WriteTo(&text, 2)
		return text.Bytes(), err == nil
	}
}
`
)
