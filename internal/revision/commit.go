package revision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/suggest"
)

// Commit is a revision that was found.
type Commit struct {
	Ref     string // by which it was found: main, origin/main, HEAD~1
	Hash    string
	Subject string // the first line of its message
	Branch  bool   // Ref names a branch, and so a line of development
	Note    string // what to know of how it was found, "" for nothing
}

// Short is the beginning of the hash, by which people call a commit.
func (c Commit) Short() string { return c.Hash[:min(7, len(c.Hash))] }

// Resolve finds the commit that ref names. Where only a remote has a branch of
// that name it is that one.
func (r Repository) Resolve(ctx context.Context, ref string) (Commit, error) {
	if ref == "" || strings.HasPrefix(ref, "-") {
		return Commit{}, wrongf("%q is no revision: name a branch, a tag or a commit, such as main or HEAD~1", ref)
	}
	names := []string{ref}
	if out, err := r.git(ctx, "remote"); err == nil {
		remotes := strings.Fields(out)
		slices.SortStableFunc(remotes, func(a, b string) int { // origin first
			return boolOrder(b == "origin") - boolOrder(a == "origin")
		})
		for _, remote := range remotes {
			names = append(names, remote+"/"+ref)
		}
	}
	for i, name := range names {
		hash, err := r.git(ctx, "rev-parse", "--verify", "--quiet", name+"^{commit}")
		if ctx.Err() != nil {
			return Commit{}, ctx.Err()
		}
		if err != nil || hash == "" {
			continue
		}
		c := Commit{Ref: name, Hash: hash}
		if i > 0 {
			c.Note = fmt.Sprintf("there is no %s here: %s is taken, as it was last fetched", ref, name)
		}
		full, err := r.git(ctx, "rev-parse", "--symbolic-full-name", name)
		c.Branch = err == nil && (strings.HasPrefix(full, "refs/heads/") || strings.HasPrefix(full, "refs/remotes/"))
		c.Subject, err = r.subject(ctx, hash)
		return c, err
	}
	return Commit{}, r.unknown(ctx, ref)
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r Repository) subject(ctx context.Context, hash string) (string, error) {
	s, err := r.git(ctx, "log", "-1", "--no-show-signature", "--format=%s", hash, "--")
	if err != nil {
		return "", fmt.Errorf("reading commit %s: %w", hash, err)
	}
	return s, nil
}

// unknown says what to do about a name that no revision has.
func (r Repository) unknown(ctx context.Context, ref string) error {
	if r.shallow(ctx) {
		return fmt.Errorf("this clone is shallow and does not hold %s; fetch it first: git fetch --depth=50 origin %s:refs/remotes/origin/%s for a branch, or git fetch --depth=1 origin %s for a tag or a whole commit hash; in GitHub Actions, fetch-depth: 0", ref, ref, ref, ref)
	}
	var names []string
	if out, err := r.git(ctx, "for-each-ref", "--format=%(refname:short)", "--count=1000", "refs/heads", "refs/tags", "refs/remotes"); err == nil {
		names = strings.Fields(out)
	}
	hint := suggest.Hint(ref, names)
	if hint == "" {
		hint = "; git branch --all and git tag list what there is, and git fetch gets what only the remote has"
	}
	return wrongf("no branch, tag or commit is called %q%s", ref, hint)
}

func (r Repository) shallow(ctx context.Context) bool {
	out, err := r.git(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && out == "true"
}

// Head is the commit that is checked out in the user's tree.
func (r Repository) Head(ctx context.Context) (Commit, error) {
	hash, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return Commit{}, wrongf("the repository %s has no commit yet, so there is nothing to compare with", r.Top)
	}
	c := Commit{Ref: "HEAD", Hash: hash}
	c.Subject, err = r.subject(ctx, hash)
	return c, err
}

// Base is the commit that head is to be compared with, when the user says base.
// A branch is a line of development that may have gone on: what a reviewer wants
// to know is what head changes, and so it is the commit where head left the branch.
// A tag, a hash or an expression such as main^0 means its own commit.
func (r Repository) Base(ctx context.Context, base, head Commit) (Commit, error) {
	if !base.Branch || base.Hash == head.Hash {
		return base, nil
	}
	hash, err := r.git(ctx, "merge-base", base.Hash, head.Hash)
	if ctx.Err() != nil {
		return base, ctx.Err()
	}
	if err != nil || hash == "" {
		why := "it has no commit in common with the head"
		if r.shallow(ctx) {
			why = "this clone is shallow and does not hold the commit where the head left it (git fetch --deepen=50 gets more)"
		}
		base.Note = join(base.Note, fmt.Sprintf("the comparison is with the tip of %s: %s", base.Ref, why))
		return base, nil
	}
	if hash == base.Hash {
		return base, nil
	}
	further, err := r.git(ctx, "rev-list", "--count", hash+".."+base.Hash)
	if err != nil {
		return base, err
	}
	c := Commit{Ref: base.Ref, Hash: hash}
	c.Note = join(base.Note, fmt.Sprintf("the comparison is with the commit where the head left %s; it is %s further by now, and --base %s^0 compares with its tip", base.Ref, commits(further), base.Ref))
	c.Subject, err = r.subject(ctx, hash)
	return c, err
}

func commits(n string) string {
	if n == "1" {
		return "1 commit"
	}
	return n + " commits"
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// Dirty reports whether the user's tree has changes that are not committed, also
// in files that git does not know yet.
func (r Repository) Dirty(ctx context.Context) bool {
	out, err := r.git(ctx, "status", "--porcelain", "--untracked-files=normal")
	return err == nil && out != ""
}
