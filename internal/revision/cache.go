package revision

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/flock"
)

// How much the trees of earlier comparisons may take before the oldest go.
const (
	keepTrees = 8
	keepBytes = 4 << 30
	// abandoned is when a tree without a lock is nobody's any more.
	abandoned = 24 * time.Hour
)

// VariableCache names the folder for what can be made again.
const VariableCache = "HIGHWATER_CACHE_DIR"

// CacheDir is where trees are checked out: $HIGHWATER_CACHE_DIR, else highwater in
// the user's cache folder. It need not exist.
func CacheDir() (string, error) {
	if dir := os.Getenv(VariableCache); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place to check revisions out to: %w; set %s to a directory", err, VariableCache)
	}
	return filepath.Join(dir, "highwater"), nil
}

// Tree is a commit that was checked out.
type Tree struct {
	Dir   string   // its root
	Notes []string // what the repository could not give

	folder string
	lock   *os.File
	keep   bool
}

const (
	lockExt      = ".lock"
	treeName     = "tree"
	manifestName = "manifest"
)

// CheckOut puts the commit's files into a folder in the cache. It may be there
// from an earlier comparison: the compiler then has nothing to do, since paths are
// part of what it builds. A tree that another process uses is left to that, and
// this one gets its own.
func (r Repository) CheckOut(ctx context.Context, c Commit) (*Tree, error) {
	cache, err := CacheDir()
	if err != nil {
		return nil, err
	}
	root := filepath.Join(cache, "trees")
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for revisions: %w; set %s to a directory that can be written", err, VariableCache)
	}
	repository := sha256.Sum256([]byte(r.common))
	name := hex.EncodeToString(repository[:4]) + "-" + c.Hash[:min(12, len(c.Hash))]
	t, err := claim(root, name)
	if err != nil {
		return nil, fmt.Errorf("claiming a folder for %s: %w", c.Short(), err)
	}
	t.Dir = filepath.Join(t.folder, treeName)
	if err := r.fill(ctx, t, c.Hash); err != nil {
		t.keep = false
		t.Close()
		return nil, fmt.Errorf("checking %s (%s) out: %w", c.Ref, c.Short(), err)
	}
	prune(root, keepTrees, keepBytes)
	return t, nil
}

// claim takes the folder of that name, or one like it where that is in use.
func claim(root, name string) (*Tree, error) {
	if flock.Works { // else no tree is kept for the next invocation
		f, err := flock.Try(filepath.Join(root, name+lockExt))
		if err != nil {
			return nil, err
		}
		if f != nil {
			now := time.Now()
			_ = os.Chtimes(f.Name(), now, now) // the oldest tree is the one that was not used for longest
			return &Tree{folder: filepath.Join(root, name), lock: f, keep: true}, nil
		}
	}
	folder, err := os.MkdirTemp(root, name+"-")
	if err != nil {
		return nil, err
	}
	f, err := flock.Try(folder + lockExt)
	if err == nil && f == nil {
		err = errors.New("another process has locked a new folder")
	}
	return &Tree{folder: folder, lock: f}, err
}

// Close gives the tree up. A later comparison may find it again.
func (t *Tree) Close() {
	if t == nil || t.lock == nil {
		return
	}
	if !t.keep {
		_ = removeTree(t.folder)
		_ = os.Remove(t.lock.Name())
	}
	_ = t.lock.Close()
	t.lock = nil
}

// fill puts the files into the tree, unless they are there as they were put there.
// Benchmarks may have written into it.
func (r Repository) fill(ctx context.Context, t *Tree, hash string) error {
	kept := filepath.Join(t.folder, manifestName)
	if data, err := os.ReadFile(kept); err == nil {
		sum, notes, _ := strings.Cut(string(data), "\n")
		if now, err := manifest(t.Dir); err == nil && now == sum {
			t.Notes = slices.Collect(strings.Lines(notes))
			for i := range t.Notes {
				t.Notes[i] = strings.TrimSuffix(t.Notes[i], "\n")
			}
			return nil
		}
	}
	if err := removeTree(t.folder); err != nil {
		return err
	}
	if err := os.MkdirAll(t.Dir, 0o700); err != nil {
		return err
	}
	notes, err := extract(ctx, source{gitDir: r.gitDir, common: r.common, work: r.Top}, hash, t.Dir, "")
	if err != nil {
		return err
	}
	t.Notes = notes
	sum, err := manifest(t.Dir)
	if err != nil {
		return err
	}
	return os.WriteFile(kept, []byte(strings.Join(append([]string{sum}, notes...), "\n")), 0o600)
}

// manifest tells states of a tree apart: it is a hash of the names, kinds, sizes
// and times of all files.
func manifest(dir string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			fmt.Fprintf(h, "%q %v %d %d\n", path, info.Mode(), info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// removeTree removes a folder also where a benchmark has made parts of it
// read-only.
func removeTree(dir string) error {
	err := os.RemoveAll(dir)
	if err == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			_ = os.Chmod(path, 0o700) //nolint:gosec // a folder has to be entered to be removed
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// prune removes the trees that were not used for longest, until few enough are
// left. What is in use stays. That a folder cannot be removed is no reason not to
// measure.
func prune(root string, most int, mostBytes int64) {
	files, err := filepath.Glob(filepath.Join(root, "*"+lockExt))
	if err != nil {
		return
	}
	type kept struct {
		path  string
		used  time.Time
		bytes int64
	}
	var all []kept
	var bytes int64
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			k := kept{strings.TrimSuffix(f, lockExt), info.ModTime(), 0}
			k.bytes = folderBytes(k.path)
			bytes += k.bytes
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return a.used.Compare(b.used) })
	for i, k := range all {
		if len(all)-i <= most && bytes <= mostBytes {
			return
		}
		if !flock.Works && time.Since(k.used) < abandoned {
			continue
		}
		if f, err := flock.Try(k.path + lockExt); err == nil && f != nil {
			if removeTree(k.path) == nil {
				_ = os.Remove(f.Name())
				bytes -= k.bytes
			}
			_ = f.Close()
		}
	}
}

// folderBytes adds up the files in a folder. What disappears meanwhile takes no
// space.
func folderBytes(path string) int64 {
	var n int64
	_ = filepath.WalkDir(path, func(_ string, f fs.DirEntry, err error) error {
		if err == nil && f.Type().IsRegular() {
			if info, err := f.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}
