package driver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/pipeline"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// written is a pipeline's file that init is about to write.
type written struct {
	kind pipeline.Kind
	path string
	text []byte
}

// noPipeline is what --ci says for none.
const noPipeline = "none"

// pipeline makes the file that --ci asks for, or that the repository looks as if it
// wanted; nil for none. A file that is there and was not asked for stays, unsaid.
func (a *app) pipeline(ctx context.Context, h held, n initOptions) (*written, error) {
	names := append(pipeline.Names(), noPipeline)
	if n.ci != "" && !slices.Contains(names, n.ci) {
		return nil, usagef("--ci %s: want one of %s%s", n.ci, strings.Join(names, ", "), suggest.Hint(n.ci, names))
	}
	wd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	root, inGit := repositoryOf(wd)
	asked := n.ci != ""
	if !asked && inGit && n.output != "-" {
		n.ci = service(ctx, root)
	}
	if n.ci == "" || n.ci == noPipeline {
		return nil, nil
	}
	if n.output == "-" {
		return nil, usagef("--output - prints highwater.yml, and --ci %s writes a file: leave one of them out", n.ci)
	}
	kind, _ := pipeline.ByName(n.ci)
	w := &written{kind: kind, path: filepath.Join(root, filepath.FromSlash(kind.File))}
	if exists(w.path) && !n.force {
		if !asked {
			return nil, nil
		}
		return nil, usagef("%s is there already: write over it with --force", w.shown())
	}
	module := moduleAbove(wd)
	dir, err := filepath.Rel(root, module)
	if err != nil || strings.HasPrefix(dir, "..") {
		dir = "."
	}
	m := pipeline.Module{
		Tool: a.Name, Version: pipeline.Installable(a.Version), Branch: mainBranch(ctx, root), Dir: filepath.ToSlash(dir),
		Go: release(runtime.Version()), Base: len(h.Packages) > 0 || len(h.Scenarios) == 0,
	}
	w.text, err = kind.Render(m)
	if err != nil {
		return nil, usage(err)
	}
	return w, nil
}

// writePipeline writes the file, and says so and what is left to do.
func (a *app) writePipeline(w *written, quiet bool) (int, error) {
	if w == nil {
		return 0, nil
	}
	if err := os.MkdirAll(filepath.Dir(w.path), 0o755); err != nil {
		return 0, fmt.Errorf("--ci %s: %w", w.kind.Name, err)
	}
	err := store.WriteFile(w.path, w.text)
	if err == nil && w.kind.Executable {
		err = os.Chmod(w.path, 0o755)
	}
	if err != nil {
		return 0, fmt.Errorf("--ci %s: %w", w.kind.Name, err)
	}
	if !quiet {
		say(a.Stderr, a.Name, "wrote "+w.shown()+" for "+w.kind.Doc)
		for _, next := range w.kind.Next {
			say(a.Stderr, a.Name, "next: "+next)
		}
	}
	return 0, nil
}

// shown is the file as the user may name it.
func (w *written) shown() string {
	wd, err := os.Getwd()
	if err != nil {
		return w.path
	}
	if rel, err := filepath.Rel(wd, w.path); err == nil {
		return rel
	}
	return w.path
}

// repositoryOf is the folder above dir that git keeps, or that of the module.
func repositoryOf(dir string) (root string, inGit bool) {
	for up := dir; ; up = filepath.Dir(up) {
		if exists(filepath.Join(up, ".git")) {
			return up, true
		}
		if filepath.Dir(up) == up {
			return moduleAbove(dir), false
		}
	}
}

// service is what the repository is kept at, going by its files and then by where it
// came from.
func service(ctx context.Context, root string) string {
	for _, one := range []struct{ file, name string }{{".github", "github"}, {".gitlab-ci.yml", "gitlab"}, {".gitlab", "gitlab"}} {
		if exists(filepath.Join(root, one.file)) {
			return one.name
		}
	}
	origin, _ := git(ctx, root, "config", "--get", "remote.origin.url")
	for _, one := range []struct{ host, name string }{{"github", "github"}, {"gitlab", "gitlab"}} {
		host := strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "git@")
		if strings.HasPrefix(host, one.host) {
			return one.name
		}
	}
	return ""
}

// mainBranch is the branch that others go into: as the remote says, or else main or
// master, whichever there is.
func mainBranch(ctx context.Context, root string) string {
	if ref, err := git(ctx, root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD"); err == nil {
		return strings.TrimPrefix(ref, "origin/")
	}
	for _, name := range []string{"main", "master"} {
		if _, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "refs/heads/"+name); err == nil {
			return name
		}
	}
	return "main"
}

// git asks git; where there is none, or no answer, that is an error like any other.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

var releases = regexp.MustCompile(`go([0-9]+\.[0-9]+)`)

// release is the Go release of a version: 1.26 of go1.26.8.
func release(version string) string {
	if m := releases.FindStringSubmatch(version); m != nil {
		return m[1]
	}
	return "1.26"
}
