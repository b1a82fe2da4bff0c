package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// directory makes a directory of those files, each a run whose ID is the file's
// name.
func directory(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		r := sample()
		r.ID = strings.TrimSuffix(name, ".json")
		data, err := encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoadBaselineFromDirectory(t *testing.T) {
	for _, c := range []struct {
		files []string
		want  string // the run's ID
		err   []string
	}{
		{[]string{"baseline.json", "run.json", "x.json"}, "baseline", nil},
		{[]string{"main.json", "notes.txt"}, "main", nil},
		{[]string{"run.json", "x.json"}, "run", nil},
		{[]string{"a.json", "b.json"}, "", []string{"a.json, b.json", "call one baseline.json"}},
		{[]string{"notes.txt", "main.profile"}, "", []string{"main.profile, notes.txt", "highwater baseline save"}},
		{nil, "", []string{"empty", "highwater baseline save"}},
	} {
		dir := directory(t, c.files...)
		r, err := LoadBaseline(dir)
		if c.want != "" && (err != nil || r.ID != c.want) {
			t.Errorf("%v: %v, %v", c.files, r, err)
		}
		if c.want == "" && err == nil {
			t.Errorf("%v: loaded %s", c.files, r.ID)
		}
		for _, want := range append(c.err, dir) {
			if c.want == "" && err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %q lacks %q", c.files, err, want)
			}
		}
	}
}

func TestLoadBaselineRefuses(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	if _, err := LoadBaseline(none); err == nil || !strings.Contains(err.Error(), none) || !strings.Contains(err.Error(), "baseline save") {
		t.Errorf("got %v", err)
	}
	// Compared with a run in which nothing was measured, everything would be new
	// and pass.
	r := sample()
	r.Measurements = r.Measurements[1:]
	path := filepath.Join(t.TempDir(), "b.json")
	if err := WriteRun(path, r); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadBaseline(path); err == nil || !strings.Contains(err.Error(), "nothing to compare with") {
		t.Errorf("got %v", err)
	}
	if _, err := LoadBaseline(inFile(t, `{"schema":9}`)); err == nil || !strings.Contains(err.Error(), "baseline: reading run") {
		t.Errorf("got %v", err)
	}
}

// passed is a run in a folder with its profile, and the report of it.
func passed(t *testing.T, id string) (*highwater.Run, *highwater.Report) {
	t.Helper()
	d := keep(t)
	r := sample()
	r.ID = id
	profiles, err := d.Create(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profiles, "scrollback.pb.gz"), []byte("profile of "+id), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(r); err != nil {
		t.Fatal(err)
	}
	file, err := d.File(id)
	if err != nil {
		t.Fatal(err)
	}
	return r, &highwater.Report{Run: r, RunID: id, RunFile: file, Verdict: highwater.VerdictPass}
}

func TestSaveBaselineKeepsProfiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept", "main.json")
	for _, id := range []string{"first", "second"} {
		run, report := passed(t, id)
		run.Name = ""
		if err := SaveBaseline(path, run, report, false); err != nil {
			t.Fatal(err)
		}
		if run.Measurements[0].Profile != "profiles/scrollback.pb.gz" || run.Name != "" {
			t.Error("the caller's run was changed")
		}
		b, err := LoadBaseline(filepath.Dir(path))
		if err != nil || b.ID != id || b.Name != "main" {
			t.Fatalf("%v, %v", b, err)
		}
		profile := filepath.Join(filepath.Dir(path), filepath.FromSlash(b.Measurements[0].Profile))
		if got := read(t, profile); got != "profile of "+id {
			t.Errorf("profile %s holds %q", profile, got)
		}
	}
	entries, err := os.ReadDir(profilesBeside(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != "second" {
		t.Errorf("profiles of the older baseline are still there: %v, %v", entries, err)
	}
}

func TestSaveBaselineRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*highwater.Run, **highwater.Report){
		"failed": func(_ *highwater.Run, r **highwater.Report) {
			(*r).Exit, (*r).Verdict = highwater.ExitFail, highwater.VerdictFail
		},
		"error": func(_ *highwater.Run, r **highwater.Report) {
			(*r).Exit, (*r).Verdict = highwater.ExitError, highwater.VerdictError
		},
		"not judged":      func(_ *highwater.Run, r **highwater.Report) { *r = nil },
		"cut short":       func(run *highwater.Run, _ **highwater.Report) { run.Finished = nil },
		"about another":   func(_ *highwater.Run, r **highwater.Report) { (*r).RunID = "other" },
		"no profile left": nil,
	} {
		t.Run(name, func(t *testing.T) {
			run, report := passed(t, "next")
			path := filepath.Join(directory(t, "baseline.json"), "baseline.json")
			old := read(t, path)
			if spoil == nil {
				if err := os.RemoveAll(filepath.Join(filepath.Dir(report.RunFile), profilesDir)); err != nil {
					t.Fatal(err)
				}
				if err := SaveBaseline(path, run, report, false); err != nil {
					t.Fatal(err)
				}
				if b, err := LoadBaseline(path); err != nil || b.Measurements[0].Profile != "" {
					t.Errorf("a profile is named that is not there: %v, %v", b, err)
				}
				return
			}
			spoil(run, &report)
			err := SaveBaseline(path, run, report, false)
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "--force") {
				t.Errorf("got %v", err)
			}
			if read(t, path) != old {
				t.Error("the old baseline was changed")
			}
			if err := SaveBaseline(path, run, report, true); err != nil {
				t.Errorf("forced: %v", err)
			}
			if b, err := LoadBaseline(path); err != nil || b.ID != "next" {
				t.Errorf("forced: %v, %v", b, err)
			}
		})
	}
}

func TestNamedBaselines(t *testing.T) {
	t.Setenv("HIGHWATER_STATE_DIR", t.TempDir())
	if got, err := ListBaselines("example.com/app"); err != nil || len(got) != 0 {
		t.Errorf("ListBaselines = %v, %v", got, err)
	}
	for _, name := range []string{"release", "main"} {
		path, err := BaselinePath("example.com/app", name)
		if err != nil {
			t.Fatal(err)
		}
		run, report := passed(t, "run-"+name)
		if err := SaveBaseline(path, run, report, false); err != nil {
			t.Fatal(err)
		}
	}
	broken, err := BaselinePath("example.com/app", "zero")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ListBaselines("example.com/app")
	if err != nil || len(got) != 3 {
		t.Fatalf("ListBaselines = %v, %v", got, err)
	}
	if got[0].Name != "main" || got[0].RunID != "run-main" || got[0].Scenarios != 2 || got[0].Created.IsZero() || got[0].Err != nil {
		t.Errorf("%+v", got[0])
	}
	if got[2].Name != "zero" || got[2].Err == nil {
		t.Errorf("%+v", got[2])
	}
	if other, err := ListBaselines("example.com/other"); err != nil || len(other) != 0 {
		t.Errorf("another module has %v, %v", other, err)
	}
	for _, name := range []string{"", "../main", "a/b"} {
		if _, err := BaselinePath("example.com/app", name); err == nil {
			t.Errorf("BaselinePath accepted %q", name)
		}
	}
	if _, err := BaselinePath("", "main"); err == nil {
		t.Error("BaselinePath accepted no module")
	}
}
