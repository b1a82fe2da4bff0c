package revision

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/flock"
)

// run runs a program in a folder, and returns what it prints.
func run(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// repository makes one with a commit, and gives the test a cache and a git without
// the user's settings.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv(VariableCache, filepath.Join(home, "cache"))
	for _, v := range append(strays, "XDG_CONFIG_HOME") {
		t.Setenv(v, "")
		os.Unsetenv(v)
	}
	write(t, home, ".gitconfig", "[user]\n\tname = n\n\temail = n@example.com\n[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, "git", "init", "-q")
	commit(t, dir, "first", "a.txt", "one\n")
	return dir
}

func commit(t *testing.T, dir, message, name, text string) string {
	t.Helper()
	write(t, dir, name, text)
	run(t, dir, "git", "add", "-A")
	run(t, dir, "git", "commit", "-q", "-m", message)
	return run(t, dir, "git", "rev-parse", "HEAD")
}

func find(t *testing.T, dir string) Repository {
	t.Helper()
	r, err := Find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func resolve(t *testing.T, r Repository, ref string) Commit {
	t.Helper()
	c, err := r.Resolve(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func checkOut(t *testing.T, r Repository, ref string) *Tree {
	t.Helper()
	tree, err := r.CheckOut(t.Context(), resolve(t, r, ref))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tree.Close)
	return tree
}

// state is all of a repository that a user would notice a change of.
func state(t *testing.T, dir string) string {
	t.Helper()
	index, err := os.ReadFile(filepath.Join(dir, ".git", "index"))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	err = filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		files = append(files, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join([]string{
		run(t, dir, "git", "for-each-ref"), run(t, dir, "git", "stash", "list"), run(t, dir, "git", "worktree", "list"),
		run(t, dir, "git", "--no-optional-locks", "status", "--porcelain"), string(index), strings.Join(files, "\n"),
	}, "\n")
}

// difference are the lines that one of two texts has.
func difference(a, b string) string {
	var lines []string
	for line := range strings.Lines(a + "\n" + b + "\n") {
		if strings.Contains(a, line) != strings.Contains(b, line) {
			lines = append(lines, strconv.Quote(line))
		}
	}
	return strings.Join(lines, " ")
}

// A commit is checked out as it was, and the user's repository does not change,
// with changes of every kind in it, nor when a hook's variables are set.
func TestCheckOut(t *testing.T) {
	dir := repository(t)
	commit(t, dir, "second", "sub/b.txt", "two\n")
	commit(t, dir, "attributes", ".gitattributes", "hidden.txt export-ignore\n")
	commit(t, dir, "hidden", "hidden.txt", "there\n")
	write(t, dir, "a.txt", "changed\n")
	write(t, dir, "sub/b.txt", "staged\n")
	run(t, dir, "git", "add", "sub/b.txt")
	write(t, dir, "untracked.txt", "new\n")
	run(t, dir, "git", "status") // refreshes the index
	hook := filepath.Join(dir, ".git", "hooks", "post-index-change")
	write(t, dir, ".git/hooks/post-index-change", "#!/bin/sh\ntouch "+filepath.Join(dir, "hooked")+"\n")
	if err := os.Chmod(hook, 0o755); err != nil {
		t.Fatal(err)
	}
	before := state(t, dir)

	r := find(t, filepath.Join(dir, "sub"))
	if r.Top != dir || r.Prefix != "sub" {
		t.Errorf("found %+v", r)
	}
	t.Setenv("GIT_INDEX_FILE", filepath.Join(dir, "wrong"))
	t.Setenv("GIT_DIR", filepath.Join(dir, "nowhere"))
	tree := checkOut(t, r, "HEAD")
	os.Unsetenv("GIT_INDEX_FILE")
	os.Unsetenv("GIT_DIR")
	for name, want := range map[string]string{"a.txt": "one\n", "sub/b.txt": "two\n", "hidden.txt": "there\n"} {
		if got := read(t, tree.Dir, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if _, err := os.Stat(filepath.Join(tree.Dir, "untracked.txt")); err == nil {
		t.Error("a file that was never committed was checked out")
	}
	if after := state(t, dir); after != before {
		t.Errorf("the repository has changed: %s", difference(before, after))
	}

	// The same commit once more: another folder while this one is in use, the same
	// one afterwards, and what was written into it is gone.
	other := checkOut(t, r, "HEAD")
	if other.Dir == tree.Dir {
		t.Error("two comparisons share a folder")
	}
	own := other.folder
	other.Close()
	if _, err := os.Stat(own); err == nil {
		t.Error("a second folder of a commit stays")
	}
	write(t, tree.Dir, "sub/left.txt", "by a benchmark")
	tree.Close()
	again := checkOut(t, r, "HEAD")
	if flock.Works && again.Dir != tree.Dir {
		t.Errorf("not in the same folder again: %s, was %s", again.Dir, tree.Dir)
	}
	if _, err := os.Stat(filepath.Join(again.Dir, "sub", "left.txt")); err == nil {
		t.Error("what a benchmark wrote into the folder is still there")
	}
}

func TestResolve(t *testing.T) {
	dir := repository(t)
	first := run(t, dir, "git", "rev-parse", "HEAD")
	run(t, dir, "git", "tag", "v1")
	run(t, dir, "git", "checkout", "-q", "-b", "topic")
	topic := commit(t, dir, "on the topic", "b.txt", "b\n")
	run(t, dir, "git", "checkout", "-q", "main")
	tip := commit(t, dir, "main goes on", "c.txt", "c\n")
	r := find(t, dir)
	base := func(ref, head string) (Commit, error) {
		return r.Base(t.Context(), resolve(t, r, ref), Commit{Hash: head})
	}
	for _, c := range []struct{ ref, head, want, note string }{
		{"main", topic, first, "it is 1 commit further by now, and --base main^0"},
		{"main^0", topic, tip, ""},
		{tip, topic, tip, ""},
		{"v1", tip, first, ""},
		{"topic", topic, topic, ""},
		{"main", tip, tip, ""},
	} {
		got, err := base(c.ref, c.head)
		if err != nil || got.Hash != c.want || !strings.Contains(got.Note, c.note) || c.note == "" && got.Note != "" {
			t.Errorf("base %s of %s: %+v, %v; want %s", c.ref, c.head, got, err, c.want)
		}
	}
	if got, _ := base("main", topic); got.Subject != "first" {
		t.Errorf("the subject is %q", got.Subject)
	}
	for ref, want := range map[string]string{
		"mian": `did you mean "main"?`, "": "is no revision", "--all": "is no revision", "nothing-like-it": "git branch --all",
	} {
		_, err := r.Resolve(t.Context(), ref)
		if w := new(WrongError); !errors.As(err, &w) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", ref, err, want)
		}
	}
}

// What a clone has: a branch that only its origin has, and a shallow one's lack of
// the base.
func TestClones(t *testing.T) {
	dir := repository(t)
	run(t, dir, "git", "checkout", "-q", "-b", "topic")
	commit(t, dir, "on the topic", "b.txt", "b\n")
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, dir, "git", "clone", "-q", "--branch", "topic", "file://"+dir, clone)
	r := find(t, clone)
	c := resolve(t, r, "main")
	if c.Ref != "origin/main" || !c.Branch || !strings.Contains(c.Note, "origin/main is taken") {
		t.Errorf("main is %+v", c)
	}
	shallow := filepath.Join(t.TempDir(), "shallow")
	run(t, dir, "git", "clone", "-q", "--depth=1", "--branch", "topic", "file://"+dir, shallow)
	r = find(t, shallow)
	_, err := r.Resolve(t.Context(), "main")
	if err == nil || !strings.Contains(err.Error(), "git fetch --depth=50 origin main:refs/remotes/origin/main") {
		t.Errorf("a shallow clone says %v", err)
	}
	// The remedy works, and with too little of it the tip is taken, and said.
	run(t, shallow, "git", "fetch", "-q", "--depth=50", "origin", "main:refs/remotes/origin/main")
	head, err := r.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err = r.Base(t.Context(), resolve(t, r, "main"), head)
	if err != nil || c.Subject != "first" {
		t.Errorf("after fetching: %+v, %v", c, err)
	}
	if _, err := Find(t.Context(), t.TempDir()); !strings.Contains(err.Error(), "in no git repository") {
		t.Errorf("outside of a repository: %v", err)
	}
}

func TestSubmodules(t *testing.T) {
	library := repository(t)
	commit(t, library, "library", "lib.txt", "lib\n")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, "git", "init", "-q")
	run(t, dir, "git", "submodule", "--quiet", "add", library, "third/lib")
	run(t, dir, "git", "commit", "-q", "-m", "with a submodule")
	tree := checkOut(t, find(t, dir), "HEAD")
	if got := read(t, tree.Dir, "third/lib/lib.txt"); got != "lib\n" || len(tree.Notes) > 0 {
		t.Errorf("the submodule has %q, notes %q", got, tree.Notes)
	}
	// In a clone that has not initialised it there is nothing to take.
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, dir, "git", "clone", "-q", dir, clone)
	for range 2 { // also from the cache
		tree = checkOut(t, find(t, clone), "HEAD")
		if len(tree.Notes) != 1 || !strings.Contains(tree.Notes[0], "the submodule third/lib is empty") {
			t.Errorf("notes %q", tree.Notes)
		}
		tree.Close()
	}
}

func TestPointers(t *testing.T) {
	dir := repository(t)
	const known, unknown = "1111111111111111111111111111111111111111111111111111111111111111", "2222222222222222222222222222222222222222222222222222222222222222"
	pointer := func(oid string) string { return pointerHead + "oid sha256:" + oid + "\nsize 5\n" }
	write(t, dir, ".git/lfs/objects/11/11/"+known, "large")
	write(t, dir, "known.bin", pointer(known))
	write(t, dir, "unknown.bin", pointer(unknown))
	commit(t, dir, "large files", ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
	tree := checkOut(t, find(t, dir), "HEAD")
	if got := read(t, tree.Dir, "known.bin"); got != "large" {
		t.Errorf("known.bin is %q", got)
	}
	if len(tree.Notes) != 1 || !strings.Contains(tree.Notes[0], "1 files of Git LFS") {
		t.Errorf("notes %q", tree.Notes)
	}
}

// The trees that were not used for longest go first, and what is in use stays.
func TestPrune(t *testing.T) {
	if !flock.Works {
		t.Skip("trees go with their process here")
	}
	root := t.TempDir()
	old := time.Now().Add(-time.Hour)
	var used *Tree
	for i, name := range []string{"used", "oldest", "newer", "newest"} {
		tree, err := claim(root, name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, tree.folder, "tree/file", "0123456789")
		at := old.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(tree.lock.Name(), at, at); err != nil {
			t.Fatal(err)
		}
		if name == "used" {
			used = tree
			continue
		}
		tree.Close()
	}
	defer used.Close()
	left := func() []string {
		entries, err := os.ReadDir(root)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			if e.IsDir() {
				names = append(names, e.Name())
			}
		}
		return names
	}
	prune(root, 2, 1000)
	if got := left(); !slices.Equal(got, []string{"newer", "newest", "used"}) {
		t.Errorf("left %q", got)
	}
	prune(root, 8, 15)
	if got := left(); !slices.Equal(got, []string{"used"}) {
		t.Errorf("by size, left %q", got)
	}
}

func TestParseDependency(t *testing.T) {
	path, version, err := ParseDependency("github.com/x/y@v1.2.3")
	if err != nil || path != "github.com/x/y" || version != "v1.2.3" {
		t.Errorf("%q %q %v", path, version, err)
	}
	for _, bad := range []string{"", "github.com/x/y", "@v1", "x@", "-x@v1", "a b@v1"} {
		if _, _, err := ParseDependency(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
