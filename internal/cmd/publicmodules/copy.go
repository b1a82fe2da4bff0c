package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// fetch downloads the module into the module cache and copies it from there into
// dir, under version control, so that git can say whether anything was written.
func (m module) fetch(ctx context.Context, dir string) error {
	out, err := subject.Output(ctx, "", "go", "mod", "download", "-json", m.Path+"@"+m.Version)
	if err != nil {
		return err
	}
	var got struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		return fmt.Errorf("read the answer of go mod download: %w", err)
	}
	if err := os.CopyFS(dir, os.DirFS(got.Dir)); err != nil {
		return fmt.Errorf("copy the module out of the cache: %w", err)
	}
	if m.Vendor {
		if _, err := subject.Output(ctx, dir, "go", "mod", "vendor"); err != nil {
			return err
		}
	}
	// The dependencies of the tests are downloaded now: go test writes nothing
	// into the tree then, and what it downloads is not counted as time.
	if _, err := subject.Output(ctx, dir, "go", "list", "-deps", "-test", "./..."); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "--all", "--force"},
		{"-c", "user.name=highwater", "-c", "user.email=nobody@example.com", "commit", "--quiet", "--message", "as released"},
	} {
		if _, err := subject.Output(ctx, dir, "git", args...); err != nil {
			return err
		}
	}
	if m.ReadOnly {
		return writable(dir, false)
	}
	return nil
}

// written says what is in the copy that was not there before, also where the
// module's .gitignore would hide it.
func written(ctx context.Context, dir string) (string, error) {
	out, err := subject.Output(ctx, dir, "git", "status", "--porcelain", "--ignored")
	return strings.TrimSpace(out), err
}

// writable gives the right to write to all of a tree, or takes it off. Git's own
// folder is left alone.
func writable(dir string, yes bool) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm() &^ 0o222
		if yes {
			mode |= 0o200
		}
		return os.Chmod(path, mode)
	})
}
