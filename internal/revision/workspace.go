package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// goCommand runs the go command in a folder and returns what it prints.
func goCommand(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if said := strings.TrimSpace(stderr.String()); err != nil && said != "" {
		err = errors.New(said)
	}
	return strings.TrimSpace(stdout.String()), err
}

// workspace is the go.work that holds in a folder, "" for none.
func workspace(ctx context.Context, dir string, env []string) (string, error) {
	file, err := goCommand(ctx, dir, env, "env", "GOWORK")
	if err != nil {
		return "", fmt.Errorf("asking go for its workspace: %w", err)
	}
	if file == "off" {
		file = ""
	}
	return file, nil
}

// Workspace returns the settings under which the go command works in a tree of the
// repository as it does in the user's folder: with the go.work that the tree has
// of its own, and none that happens to be above the cache.
func (r Repository) Workspace(ctx context.Context, t *Tree) ([]string, error) {
	file, err := workspace(ctx, filepath.Join(r.Top, r.Prefix), nil)
	if err != nil {
		return nil, err
	}
	off := []string{"GOWORK=off"}
	if file == "" {
		if os.Getenv("GOWORK") == "off" {
			return off, nil
		}
		// The user's tree has none; the commit may have had one.
		for dir := filepath.Join(t.Dir, r.Prefix); ; dir = filepath.Dir(dir) {
			own := filepath.Join(dir, "go.work")
			if _, err := os.Stat(own); err == nil {
				return []string{"GOWORK=" + own}, nil
			}
			if dir == t.Dir || len(dir) < len(t.Dir) {
				return off, nil
			}
		}
	}
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return nil, fmt.Errorf("the workspace: %w", err)
	}
	rel, err := filepath.Rel(r.Top, real)
	if err != nil || !filepath.IsLocal(rel) {
		return nil, wrongf("the workspace %s is outside of the repository %s, so a revision cannot be built in it; set GOWORK=off, which holds for both sides", file, r.Top)
	}
	own := filepath.Join(t.Dir, rel)
	if _, err := os.Stat(own); err != nil {
		return off, nil
	}
	return []string{"GOWORK=" + own}, nil
}
