package revision

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// The line goes along first parents, from the good commit to the bad one, and a merge
// is one step.
func TestLine(t *testing.T) {
	dir := repository(t)
	good := run(t, dir, "git", "rev-parse", "HEAD")
	commit(t, dir, "second", "a.txt", "two\n")
	run(t, dir, "git", "checkout", "-q", "-b", "topic")
	side := commit(t, dir, "on the side", "b.txt", "one\n")
	run(t, dir, "git", "checkout", "-q", "main")
	commit(t, dir, "third", "a.txt", "three\n")
	run(t, dir, "git", "merge", "-q", "--no-ff", "-m", "merge\n\nwith a text", "topic")
	merge := run(t, dir, "git", "rev-parse", "HEAD")

	r := find(t, dir)
	resolve := func(ref string) Commit {
		c, err := r.Resolve(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	line, note, err := r.Line(t.Context(), resolve(good), resolve("main"))
	if err != nil || note != "" {
		t.Fatalf("%v, %q", err, note)
	}
	var subjects []string
	for _, l := range line {
		subjects = append(subjects, l.Subject)
		if l.Author != "n" || l.Date.IsZero() {
			t.Errorf("%+v", l)
		}
	}
	if want := []string{"first", "second", "third", "merge"}; !slices.Equal(subjects, want) {
		t.Errorf("got %q, want %q", subjects, want)
	}
	if last := line[len(line)-1]; last.Hash != merge || len(last.Parents) != 2 || last.Parents[1] != side {
		t.Errorf("got %+v", last)
	}

	// What was merged is an ancestor and not on the line.
	if line, note, err = r.Line(t.Context(), resolve("topic"), resolve("main")); err != nil || !strings.Contains(note, "was merged") {
		t.Errorf("%v, %q", err, note)
	}
	if len(line) != 3 || line[0].Hash != side {
		t.Errorf("got %+v", line)
	}

	for _, c := range []struct{ good, bad, want string }{
		{"main", "main", "the same commit"},
		{"main", good, "comes before"},
		{"main~1", "topic", "no ancestor"},
	} {
		_, _, err := r.Line(t.Context(), resolve(c.good), resolve(c.bad))
		if w := new(WrongError); !errors.As(err, &w) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s..%s: %v, want %q", c.good, c.bad, err, c.want)
		}
	}
}

// A shallow clone that lacks commits in between says how to get them, also where it has
// both ends.
func TestLineShallow(t *testing.T) {
	dir := repository(t)
	run(t, dir, "git", "tag", "old")
	for _, text := range []string{"two\n", "three\n", "four\n"} {
		commit(t, dir, "next", "a.txt", text)
	}
	clone := t.TempDir()
	run(t, clone, "git", "clone", "-q", "--depth=1", "file://"+dir, ".")
	run(t, clone, "git", "fetch", "-q", "--depth=1", "origin", "refs/tags/old:refs/tags/old")
	r := find(t, clone)
	good, err := r.Resolve(t.Context(), "old")
	if err != nil {
		t.Fatal(err)
	}
	bad, err := r.Resolve(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = r.Line(t.Context(), good, bad)
	if w := new(WrongError); err == nil || errors.As(err, &w) || !strings.Contains(err.Error(), "git fetch --unshallow") {
		t.Errorf("got %v", err)
	}
}
