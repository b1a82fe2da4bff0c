package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// keep saves runs of that many days, the first the oldest, with 10 kB of
// profiles each.
func keep(t *testing.T, days ...string) Dir {
	t.Helper()
	d := Dir{filepath.Join(t.TempDir(), "runs")}
	for i, id := range days {
		r := sample()
		r.ID, r.Created = id, r.Created.AddDate(0, 0, i)
		profiles, err := d.Create(id)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(profiles, "peak.pb.gz"), make([]byte, 10_000), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := d.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func wantList(t *testing.T, d Dir, want ...string) {
	t.Helper()
	got, err := d.List()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("List() = %v, %v, want %v", got, err, want)
	}
}

func TestDirListsNewestFirst(t *testing.T) {
	d := keep(t, "zebra", "ant", "mole") // by time, not by name
	wantList(t, d, "mole", "ant", "zebra")
	r, err := d.Load("ant")
	if err != nil || r.ID != "ant" {
		t.Errorf("Load = %v, %v", r, err)
	}
	wantList(t, Dir{filepath.Join(t.TempDir(), "none")})
}

func TestDirRefusesBadIDs(t *testing.T) {
	d := keep(t, "a")
	secret := filepath.Join(filepath.Dir(d.Root), runFile)
	if err := os.WriteFile(secret, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", ".", "..", "../a", "a/b", `a\b`, "/a", "-rf", ".hidden", "a..b", "a.", "a b", "a\x00", "ä", strings.Repeat("a", 129)} {
		if _, err := d.Load(id); err == nil {
			t.Errorf("Load(%q) succeeded", id)
		}
		if _, err := d.Path(id); err == nil {
			t.Errorf("Path(%q) succeeded", id)
		}
		r := sample()
		r.ID = id
		if err := d.Save(r); err == nil {
			t.Errorf("Save of %q succeeded", id)
		}
	}
	if _, err := d.Load("b"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "runs list") {
		t.Errorf("Load of a run that is not there: %v", err)
	}
}

func TestDirLoadOfRenamedFolder(t *testing.T) {
	d := keep(t, "a")
	if err := os.Rename(filepath.Join(d.Root, "a"), filepath.Join(d.Root, "b")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load("b"); err == nil || !strings.Contains(err.Error(), "renamed") {
		t.Errorf("got %v", err)
	}
}

func TestPrune(t *testing.T) {
	for _, c := range []struct {
		name     string
		maxRuns  int
		maxBytes int64
		want     []string
	}{
		{"no bound", 0, 0, []string{"d", "c", "b", "a"}},
		{"by number", 2, 0, []string{"d", "c"}},
		{"by size", 0, 30_000, []string{"d", "c"}},
		{"by both", 3, 1 << 30, []string{"d", "c", "b"}},
		{"never the newest", 0, 1, []string{"d"}},
		{"within", 9, 1 << 30, []string{"d", "c", "b", "a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := keep(t, "a", "b", "c", "d")
			removed, err := d.Prune(c.maxRuns, c.maxBytes)
			if err != nil {
				t.Fatal(err)
			}
			if len(removed)+len(c.want) != 4 || len(removed) > 0 && removed[0] != "a" {
				t.Errorf("removed %v", removed)
			}
			wantList(t, d, c.want...)
		})
	}
}

// A run that another process is measuring has no end yet and was written to a
// moment ago. One that a crash cut short is not written to any more.
func TestPruneSparesRunsUnderWay(t *testing.T) {
	d := keep(t, "a", "b")
	r := sample()
	r.ID, r.Finished, r.Created = "busy", nil, r.Created.AddDate(0, 0, -1)
	if err := d.Save(r); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Prune(1, 0); err != nil {
		t.Fatal(err)
	}
	wantList(t, d, "b", "busy")
	file, err := d.File("busy")
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * graceful)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Prune(1, 0); err != nil {
		t.Fatal(err)
	}
	wantList(t, d, "b")
}

// What was broken or left behind is removed like anything else; what highwater
// did not make is not touched.
func TestPruneOfStrangeContents(t *testing.T) {
	d := keep(t, "a")
	broken := filepath.Join(d.Root, "broken")
	orphan := filepath.Join(d.Root, "orphan")
	foreign := filepath.Join(d.Root, "my notes")
	outside := t.TempDir()
	for _, dir := range []string{broken, orphan, foreign} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(broken, runFile), []byte(`{"schema":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(d.Root, "link")); err != nil {
		t.Skip(err)
	}
	long := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, path := range []string{filepath.Join(broken, runFile), orphan} {
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, d, "a", "broken")
	if _, err := d.Prune(1, 0); err != nil {
		t.Fatal(err)
	}
	wantList(t, d, "a")
	for path, there := range map[string]bool{orphan: false, foreign: true, outside: true} {
		if _, err := os.Stat(path); (err == nil) != there {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestNewID(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600))
	a, b := NewID(at), NewID(at)
	if err := ValidID(a); err != nil || a == b || !strings.HasPrefix(a, "20260304-040607-") {
		t.Errorf("%q, %q: %v", a, b, err)
	}
}
