package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/highwater-dev/highwater/internal/overlay"
)

// Program is a main package that was built with the probe.
type Program struct {
	Package string // import path
	Path    string // of the executable
	Module  string // path of its module
}

// NoProgramError is a package that is none that can be run.
type NoProgramError struct{ Name, Why string }

func (e *NoProgramError) Error() string { return e.Name + ": " + e.Why }

// BuildProgram builds the main package that is called name, as the go command has
// it, with the probe added. Of o, the build's part counts: Dir, Root, Flags, Tags,
// Race and Say. Nothing is written but below o.Dir.
//
// The error is a [*NoProgramError] where there is no such package to run, and a
// [PackageError] with the compiler's words where it does not build.
func BuildProgram(ctx context.Context, name string, o PackageOptions) (Program, error) {
	list, err := listPackages(ctx, []string{name}, o)
	if err != nil {
		return Program{}, err
	}
	if len(list) != 1 {
		return Program{}, &NoProgramError{name, fmt.Sprintf("these are %d packages, and one is run", len(list))}
	}
	p := list[0]
	switch {
	case strings.HasSuffix(name, ".go"):
		return Program{}, &NoProgramError{name, "name the folder of the package and not its files, such as ./" + filepath.ToSlash(filepath.Dir(name))}
	case p.Error != nil:
		return Program{}, PackageError{Package: p.ImportPath, Step: "loading the package", Output: p.Error.Err}
	case p.Name != "main":
		return Program{}, &NoProgramError{name, fmt.Sprintf("it is package %s, and a program is package main", p.Name)}
	}
	b := builder{options: o}
	why, err := b.unfit(ctx, p)
	if err != nil {
		return Program{}, err
	}
	if why != "" {
		return Program{}, PackageError{Package: p.ImportPath, Step: "adding the probe", Output: "it cannot be measured: " + why}
	}
	return build(ctx, p, o)
}

func build(ctx context.Context, p listed, o PackageOptions) (Program, error) {
	var env struct{ GOVERSION, GOFLAGS string }
	out, _, err := o.run(ctx, "env", "-json", "GOVERSION", "GOFLAGS")
	if err == nil {
		err = json.Unmarshal(out, &env)
	}
	if err != nil {
		return Program{}, fmt.Errorf("asking go for its version: %w", err)
	}
	added := overlay.Program{Dir: p.Dir, Module: p.Module.Path, Root: p.Module.Dir, GoVersion: goVersion(env.GOVERSION), Leaks: o.Leaks}
	file, err := overlay.WriteProgram(o.Dir, added)
	if err != nil {
		return Program{}, err
	}
	o.say("building %s", p.ImportPath)
	made := Program{Package: p.ImportPath, Path: filepath.Join(o.Dir, "program"), Module: p.Module.Path}
	if runtime.GOOS == "windows" {
		made.Path += ".exe"
	}
	args := append([]string{"build", "-o", made.Path, "-overlay=" + file}, o.flags()...)
	if flags := added.LinkFlags(); len(flags) > 0 {
		args = append(args, "-ldflags="+linkFlags(append(splitQuoted(env.GOFLAGS), o.Flags...), flags))
	}
	_, said, err := o.run(ctx, append(args, p.ImportPath)...)
	if e := ctx.Err(); e != nil {
		return Program{}, e
	}
	if err != nil {
		if len(said) == 0 {
			said = []byte(err.Error())
		}
		return Program{}, PackageError{Package: p.ImportPath, Step: "building the program", Output: string(said)}
	}
	return made, nil
}

// goVersion is what go calls itself, without what stands behind its version:
// "go1.26.8 X:nodwarf5".
func goVersion(s string) string {
	v, _, _ := strings.Cut(s, " ")
	if !version.IsValid(v) {
		v, _, _ = strings.Cut(v, "-") // a distribution's own suffix
	}
	return v
}

// linkFlags is the value of -ldflags with which the linker gets flags besides the
// user's own. The go command takes the last -ldflags that there is.
func linkFlags(user, flags []string) string {
	own := ""
	for _, f := range user {
		if v, ok := strings.CutPrefix("-"+strings.TrimLeft(f, "-"), "-ldflags="); ok {
			own = v
		}
	}
	return strings.TrimSpace(own + " " + strings.Join(flags, " "))
}

// splitQuoted takes GOFLAGS apart as the go command does: at spaces, but for those
// in elements that begin with a quote and end with the next.
func splitQuoted(s string) []string {
	var all []string
	for s = strings.TrimLeft(s, " \t\r\n"); s != ""; s = strings.TrimLeft(s, " \t\r\n") {
		end, next := strings.IndexAny(s, " \t\r\n"), 0
		if s[0] == '\'' || s[0] == '"' {
			quote := s[:1]
			s = s[1:]
			end, next = strings.Index(s, quote), 1
		}
		if end < 0 {
			end, next = len(s), 0
		}
		all, s = append(all, s[:end]), s[end+next:]
	}
	return all
}

// IsNoProgram reports whether the error is of a name that is no program's, which
// the user has to change.
func IsNoProgram(err error) bool {
	var no *NoProgramError
	return errors.As(err, &no)
}
