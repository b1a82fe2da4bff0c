package revision

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// source is where git has the objects of a repository or a submodule.
type source struct {
	gitDir string
	common string
	work   string // the user's work tree of it
}

// extract puts the files of a commit into dir, and those of its submodules. It
// returns what could not be had.
func extract(ctx context.Context, s source, hash, dir, prefix string) (notes []string, err error) {
	// The index is beside the tree, and goes with the checking out.
	scratch, err := os.MkdirTemp(filepath.Dir(dir), "index")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	env := []string{"GIT_INDEX_FILE=" + filepath.Join(scratch, "index")}
	run := func(args ...string) (string, error) {
		return git(ctx, dir, env, append([]string{"--git-dir=" + s.gitDir, "--work-tree=" + dir}, args...)...)
	}
	if _, err := run("read-tree", "--no-sparse-checkout", hash); err != nil {
		return nil, err
	}
	if _, err := run("checkout-index", "--all", "--force", "--quiet"); err != nil {
		return nil, err
	}
	staged, err := run("ls-files", "--stage", "-z")
	if err != nil {
		return nil, err
	}
	missing, err := s.fillPointers(dir)
	if err != nil {
		return nil, err
	}
	if missing > 0 {
		notes = append(notes, fmt.Sprintf("%d files of Git LFS in %s are not stored here and stay pointers: git lfs fetch origin %s gets them", missing, named(prefix), hash))
	}
	for entry := range strings.SplitSeq(staged, "\x00") {
		about, path, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(about)
		if !ok || len(fields) < 2 || fields[0] != "160000" {
			continue
		}
		below, err := s.submodule(ctx, path, fields[1], filepath.Join(dir, filepath.FromSlash(path)), prefix)
		if err != nil {
			return nil, err
		}
		notes = append(notes, below...)
	}
	return notes, nil
}

func named(prefix string) string {
	if prefix == "" {
		return "the repository"
	}
	return "the submodule " + strings.TrimSuffix(prefix, "/")
}

// submodule puts a submodule's files where they belong, as far as its commit is
// stored here.
func (s source) submodule(ctx context.Context, path, hash, dir, prefix string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	work := filepath.Join(s.work, filepath.FromSlash(path))
	// A submodule's folder is its own repository once it is initialised; before
	// that git would find the one around it.
	for _, gitDir := range []string{filepath.Join(work, ".git"), filepath.Join(s.common, "modules", filepath.FromSlash(path))} {
		if _, err := os.Stat(gitDir); err != nil {
			continue
		}
		at := work
		if _, err := os.Stat(work); err != nil {
			at = s.common
		}
		found, err := git(ctx, at, nil, "--git-dir="+gitDir, "rev-parse", "--absolute-git-dir")
		if err != nil {
			continue
		}
		if _, err := git(ctx, at, nil, "--git-dir="+found, "cat-file", "-e", hash+"^{commit}"); err != nil {
			continue
		}
		return extract(ctx, source{gitDir: found, common: found, work: work}, hash, dir, prefix+path+"/")
	}
	return []string{fmt.Sprintf("the submodule %s is empty: commit %.12s of it is not stored here (git submodule update --init --recursive %s, or git fetch in it, gets it)", prefix+path, hash, prefix+path)}, ctx.Err()
}

// Pointers of Git LFS are small files that begin with this line.
const (
	pointerHead = "version https://git-lfs.github.com/spec/v1\n"
	pointerMost = 1024
)

// fillPointers replaces the pointers that Git LFS left with the files, where those
// are stored here, and returns how many are not.
func (s source) fillPointers(dir string) (missing int, err error) {
	if !usesLFS(dir) {
		return 0, nil
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil || info.Size() > pointerMost {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(text), pointerHead) {
			return err
		}
		_, oid, _ := strings.Cut(string(text), "\noid sha256:")
		oid, _, _ = strings.Cut(oid, "\n")
		if len(oid) < 4 || strings.Trim(oid, "0123456789abcdef") != "" {
			return nil // no pointer after all
		}
		err = copyFile(path, filepath.Join(s.common, "lfs", "objects", oid[:2], oid[2:4], oid))
		if os.IsNotExist(err) {
			missing++
			return nil
		}
		return err
	})
	return missing, err
}

// usesLFS looks whether some .gitattributes mentions the filter.
func usesLFS(dir string) (found bool) {
	_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Name() == ".gitattributes" {
			text, _ := os.ReadFile(path)
			found = found || strings.Contains(string(text), "filter=lfs")
		}
		if found {
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// copyFile writes the content of one file over another.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
