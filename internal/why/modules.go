package why

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// modules are the dependencies of both sides: by path, where each is.
type modules struct {
	base, head map[string]module
}

type module struct {
	Path, Version, Dir string
	Main               bool
	Replace            *struct{ Path, Version, Dir string }
}

// locate finds a file of the head on both sides. The error says why the
// dependencies could not be listed.
func (t *trees) locate(ctx context.Context, file string) (place, bool, error) {
	if !isSource(file) || !filepath.IsAbs(file) {
		return place{}, false, nil
	}
	if rel, ok := below(file, t.head); ok {
		return t.in(rel, t.baseDir, file), true, nil
	}
	if rel, ok := below(file, t.base); ok {
		// What is gone is known by where it was.
		return t.in(rel, t.baseDir, filepath.Join(t.options.Head.Dir, rel)), true, nil
	}
	if t.modules == nil {
		t.modules = &modules{}
		var errs [2]error
		t.modules.base, errs[0] = listModules(ctx, t.options.Base)
		t.modules.head, errs[1] = listModules(ctx, t.options.Head)
		if err := errors.Join(errs[:]...); err != nil {
			return place{}, false, err
		}
	}
	for path, is := range t.modules.head {
		rel, ok := below(file, []string{is.Dir})
		if !ok {
			continue
		}
		was, known := t.modules.base[path]
		if !known || was.Dir == "" {
			was.Dir = filepath.Join(is.Dir, "there", "is", "none") // a new dependency
		}
		p := t.in(rel, was.Dir, file)
		if is.Main { // of the workspace, and so of the tree
			return p, true, nil
		}
		p.module = strings.TrimSpace(path + " " + is.Version)
		version := path
		if is.Version != "" {
			version += "@" + is.Version
		}
		p.folder = version + "/" + p.folder
		p.label = version + "/" + p.label
		return p, true, nil
	}
	return place{}, false, nil
}

// listTimeout bounds a listing of modules, which reads go.mod files only.
const listTimeout = time.Minute

// listModules asks go where the dependencies of a tree are. A tree with a vendor
// folder has them within, and needs none of it.
func listModules(ctx context.Context, s Side) (map[string]module, error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	args := append([]string{"list", "-m", "-e", "-json=Path,Version,Dir,Main,Replace"}, s.Flags...)
	out, err := s.goCommand(ctx, append(args, "all")...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			if bytes.Contains(exit.Stderr, []byte("vendor")) {
				return nil, nil
			}
			err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
		}
		return nil, fmt.Errorf("which lines of the dependencies have changed is not known: go list -m all: %w", err)
	}
	all := map[string]module{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var m module
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		if r := m.Replace; r != nil && m.Dir == "" {
			m.Dir = r.Dir
		}
		if m.Dir != "" {
			all[m.Path] = m
		}
	}
}

func (s Side) goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = s.Dir
	if len(s.Env) > 0 {
		cmd.Env = append(cmd.Environ(), s.Env...)
	}
	cmd.WaitDelay = time.Second
	return cmd
}
