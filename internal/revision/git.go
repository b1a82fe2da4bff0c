package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// WrongError is something that was named and is not there: the command line is to
// blame, and no build or measurement.
type WrongError struct{ Text string }

func (e *WrongError) Error() string { return e.Text }

func wrongf(format string, args ...any) error {
	return &WrongError{fmt.Sprintf(format, args...)}
}

// Repository is a git repository with a work tree.
type Repository struct {
	Top    string // of the work tree
	Prefix string // of the folder that Find was given, below Top; "" for Top itself

	gitDir string // of this work tree
	common string // of all work trees of the repository
}

// Find returns the repository that a folder is in.
func Find(ctx context.Context, dir string) (Repository, error) {
	out, err := git(ctx, dir, nil, "rev-parse", "--show-toplevel", "--show-prefix", "--absolute-git-dir", "--git-common-dir")
	if errors.Is(err, exec.ErrNotFound) {
		return Repository{}, wrongf("revisions are read with git, and there is no git in the PATH: install it")
	}
	lines := strings.Split(out, "\n")
	if err != nil || len(lines) < 4 {
		return Repository{}, wrongf("%s is in no git repository with a work tree, so there is no revision to compare with (%v); compare with a saved baseline instead: --baseline", dir, err)
	}
	r := Repository{
		Top: filepath.FromSlash(lines[0]), Prefix: filepath.Clean(filepath.FromSlash(lines[1])),
		gitDir: filepath.FromSlash(lines[2]), common: filepath.FromSlash(lines[3]),
	}
	if r.Prefix == "." {
		r.Prefix = ""
	}
	if !filepath.IsAbs(r.common) {
		r.common = filepath.Join(dir, r.common)
	}
	return r, nil
}

// strays are variables by which git would work on another repository or index
// than the folder's own. Hooks, which may run highwater, have them.
var strays = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE"}

// settings keep git from running hooks and helpers of the user's, from writing
// into its folder, and from leaving files out.
var settings = []string{
	"--no-optional-locks",
	"-c", "core.hooksPath=" + os.DevNull,
	"-c", "core.fsmonitor=false",
	"-c", "core.untrackedCache=false",
	"-c", "core.splitIndex=false",
	"-c", "core.sparseCheckout=false",
	// Large files come from what is stored locally; see fillPointers.
	"-c", "filter.lfs.process=",
	"-c", "filter.lfs.smudge=cat",
	"-c", "filter.lfs.required=false",
}

// git runs git in a folder and returns what it prints, without the last newline.
// The error holds what it complains of.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append(slices.Clone(settings), args...)...)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	cmd.Env = slices.DeleteFunc(os.Environ(), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.Contains(strays, name)
	})
	cmd.Env = append(append(cmd.Env, "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if said := strings.TrimSpace(stderr.String()); err != nil && said != "" {
		err = fmt.Errorf("git %s: %s: %w", args[0], said, err)
	} else if err != nil {
		err = fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSuffix(stdout.String(), "\n"), err
}

// git asks about the repository.
func (r Repository) git(ctx context.Context, args ...string) (string, error) {
	return git(ctx, r.Top, nil, args...)
}
