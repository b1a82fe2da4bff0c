package revision

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Logged is a commit with what people tell commits apart by.
type Logged struct {
	Hash    string
	Parents []string
	Author  string
	Date    time.Time // of the author
	Subject string
}

// Short is the beginning of the hash, by which people call a commit.
func (l Logged) Short() string { return Commit{Hash: l.Hash}.Short() }

// Commit is the commit to check out.
func (l Logged) Commit() Commit { return Commit{Ref: l.Short(), Hash: l.Hash, Subject: l.Subject} }

// Line lists the commits from good to bad, both included, along first parents: a merge
// is one step, which brings all that was merged. The note says what to know of it, ""
// for nothing.
func (r Repository) Line(ctx context.Context, good, bad Commit) (line []Logged, note string, err error) {
	if good.Hash == bad.Hash {
		return nil, "", wrongf("%s and %s are the same commit, %s: there is nothing between them", good.Ref, bad.Ref, good.Short())
	}
	if err := r.above(ctx, good, bad); err != nil {
		return nil, "", err
	}
	first, err := r.log(ctx, "--no-walk=unsorted", good.Hash)
	if err != nil {
		return nil, "", err
	}
	rest, err := r.log(ctx, "--first-parent", "--reverse", good.Hash+".."+bad.Hash)
	if err != nil {
		return nil, "", err
	}
	if len(first) != 1 || len(rest) == 0 {
		return nil, "", fmt.Errorf("git lists no commits from %s to %s", good.Short(), bad.Short())
	}
	if p := rest[0].Parents; len(p) == 0 || p[0] != good.Hash {
		if r.shallow(ctx) {
			return nil, "", r.tooShallow(good, bad)
		}
		note = fmt.Sprintf("%s was merged and is not on the line of first parents itself: what is between it and %s counts as part of that commit", good.Ref, rest[0].Short())
	}
	return append(first, rest...), note, nil
}

// above reports an error unless good is an ancestor of bad.
func (r Repository) above(ctx context.Context, good, bad Commit) error {
	base, err := r.git(ctx, "merge-base", good.Hash, bad.Hash)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && base == good.Hash:
		return nil
	case r.shallow(ctx):
		return r.tooShallow(good, bad)
	case err != nil || base == "":
		return wrongf("%s (%s) and %s (%s) have no commit in common", good.Ref, good.Short(), bad.Ref, bad.Short())
	case base == bad.Hash:
		return wrongf("%s (%s) comes before %s (%s): --good names the older commit, --bad the newer one", bad.Ref, bad.Short(), good.Ref, good.Short())
	}
	base = Commit{Hash: base}.Short()
	return wrongf("%s (%s) is no ancestor of %s (%s): the last commit that both have is %s; try --good %s", good.Ref, good.Short(), bad.Ref, bad.Short(), base, base)
}

func (r Repository) tooShallow(good, bad Commit) error {
	return fmt.Errorf("this clone is shallow and does not hold all commits from %s (%s) to %s (%s); git fetch --unshallow gets them; in GitHub Actions, fetch-depth: 0", good.Ref, good.Short(), bad.Ref, bad.Short())
}

// log reads commits. Fields end with a NUL, which no message holds.
func (r Repository) log(ctx context.Context, args ...string) ([]Logged, error) {
	args = append([]string{"log", "-z", "--no-show-signature", "--no-decorate", "--no-color", "--no-notes", "--format=%H%x00%P%x00%an%x00%aI%x00%s"}, args...)
	out, err := r.git(ctx, append(args, "--")...)
	if err != nil {
		return nil, fmt.Errorf("listing commits: %w", err)
	}
	const fields = 5
	parts := strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	if len(parts)%fields != 0 {
		return nil, nil
	}
	var all []Logged
	for ; len(parts) > 0; parts = parts[fields:] {
		l := Logged{Hash: parts[0], Parents: strings.Fields(parts[1]), Author: parts[2], Subject: parts[4]}
		if l.Date, err = time.Parse(time.RFC3339, parts[3]); err != nil {
			return nil, fmt.Errorf("listing commits: the date of %s: %w", l.Short(), err)
		}
		all = append(all, l)
	}
	return all, nil
}

// Identity tells repositories apart: the folder that all work trees of one share.
func (r Repository) Identity() string { return r.common }

// MergeBase is the last commit that two have in common.
func (r Repository) MergeBase(ctx context.Context, a, b string) (string, error) {
	return r.git(ctx, "merge-base", a, b)
}
