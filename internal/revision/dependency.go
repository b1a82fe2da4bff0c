package revision

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Dependency is a module with another version of one of those it depends on.
type Dependency struct {
	Path    string // of the dependency
	Version string // as selected
	Before  string // what the module's own go.mod selects

	Flags []string // for the go command in the module's tree
	Env   []string
	Notes []string
}

// ParseDependency reads module@version.
func ParseDependency(s string) (path, version string, err error) {
	path, version, ok := strings.Cut(s, "@")
	if !ok || path == "" || version == "" || strings.HasPrefix(path, "-") || strings.ContainsAny(s, " \t\n") {
		return "", "", wrongf("%q: want a module and a version, such as github.com/x/y@v1.2.3", s)
	}
	return path, version, nil
}

// Without a workspace, and without the vendor folder, which holds one version only.
var outside = []string{"GOWORK=off"}

// Depend makes, in the folder into, a go.mod for the module at dir that has the
// dependency at that version. The module's own files are left as they are.
func Depend(ctx context.Context, dir, path, version, into string) (Dependency, error) {
	d := Dependency{Path: path, Env: outside}
	gomod, err := goCommand(ctx, dir, outside, "env", "GOMOD")
	if err != nil {
		return d, fmt.Errorf("asking go for the module: %w", err)
	}
	if gomod == "" || gomod == os.DevNull {
		return d, wrongf("%s is in no module, so there is no dependency to exchange", dir)
	}
	work, err := workspace(ctx, dir, nil)
	if err != nil {
		return d, err
	}
	if work != "" {
		d.Notes = append(d.Notes, fmt.Sprintf("the workspace %s is left out: in one no other version of %s could be chosen", filepath.Base(filepath.Dir(work))+"/go.work", path))
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(gomod), "vendor", "modules.txt")); err == nil {
		d.Notes = append(d.Notes, "the vendor folder is left out, since it holds one version only: dependencies come from the module cache")
	}
	d.Flags = []string{"-mod=mod", "-modfile=" + filepath.Join(into, "go.mod")}
	if err := copyModule(gomod, into); err != nil {
		return d, err
	}
	now, err := d.selected(ctx, dir)
	if err != nil {
		return d, wrongf("the module in %s does not depend on %s: %v", filepath.Dir(gomod), path, err)
	}
	if now.Replace != nil {
		return d, wrongf("%s is replaced in go.mod by %s, so its version has no effect; take the replacement out, or compare two revisions with --base", path, now.Replace.Path)
	}
	d.Before = now.Version
	before, err := requirements(ctx, dir, into)
	if err != nil {
		return d, err
	}
	// get takes no -mod, and changes the copies only.
	if _, err := goCommand(ctx, dir, append([]string{"GOFLAGS=" + withoutMod(os.Getenv("GOFLAGS"))}, outside...), "get", "-modfile="+filepath.Join(into, "go.mod"), path+"@"+version); err != nil {
		return d, fmt.Errorf("getting %s@%s: %w", path, version, err)
	}
	if now, err = d.selected(ctx, dir); err != nil {
		return d, fmt.Errorf("getting %s@%s: %w", path, version, err)
	}
	d.Version = now.Version
	after, err := requirements(ctx, dir, into)
	if err != nil {
		return d, err
	}
	if others := changes(before, after, path); len(others) > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("with %s@%s go chose other versions of further modules: %s", path, d.Version, strings.Join(others, ", ")))
	}
	return d, nil
}

// copyModule copies go.mod and go.sum into a folder.
func copyModule(gomod, into string) error {
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(gomod), name))
		if os.IsNotExist(err) && name == "go.sum" {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(into, name), data, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copying %s: %w", name, err)
		}
	}
	return nil
}

// withoutMod takes the flags that get does not know, or that contradict it, out of
// GOFLAGS.
func withoutMod(flags string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(flags), func(f string) bool {
		f = strings.TrimLeft(f, "-")
		return strings.HasPrefix(f, "mod=") || strings.HasPrefix(f, "modfile=")
	}), " ")
}

// module is the part of `go list -m -json` that matters here.
type module struct {
	Path, Version string
	Replace       *module
}

func (d Dependency) selected(ctx context.Context, dir string) (module, error) {
	var m module
	out, err := goCommand(ctx, dir, d.Env, slices.Concat([]string{"list", "-m", "-json"}, d.Flags, []string{"--", d.Path})...)
	if err == nil {
		err = json.Unmarshal([]byte(out), &m)
	}
	return m, err
}

// requirements are the versions that the go.mod in a folder requires, with Go's own.
func requirements(ctx context.Context, dir, in string) (map[string]string, error) {
	out, err := goCommand(ctx, dir, outside, "mod", "edit", "-json", filepath.Join(in, "go.mod"))
	var file struct {
		Go, Toolchain string
		Require       []module
	}
	if err == nil {
		err = json.Unmarshal([]byte(out), &file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading go.mod: %w", err)
	}
	all := map[string]string{"go": file.Go}
	if file.Toolchain != "" {
		all["toolchain"] = file.Toolchain
	}
	for _, m := range file.Require {
		all[m.Path] = m.Version
	}
	return all, nil
}

// changes words what differs between two go.mod files but for one module.
func changes(before, after map[string]string, except string) []string {
	var list []string
	for path, v := range after {
		if old := before[path]; path != except && old != v {
			if old == "" {
				old = "none"
			}
			list = append(list, fmt.Sprintf("%s %s → %s", path, old, v))
		}
	}
	for path, old := range before {
		if _, still := after[path]; path != except && !still {
			list = append(list, fmt.Sprintf("%s %s → none", path, old))
		}
	}
	slices.Sort(list)
	return list
}
