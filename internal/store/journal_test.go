package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// What was appended is read with the run, once, however far the last line came;
// saving takes it over.
func TestJournal(t *testing.T) {
	d := keep(t)
	r := sample()
	if err := d.Save(r); err != nil {
		t.Fatal(err)
	}
	saved := len(r.Measurements)
	for repeat := range 3 {
		m := r.Measurements[0]
		m.Repeat = 100 + repeat
		r.Measurements = append(r.Measurements, m)
		if err := d.Append(r.ID, m); err != nil {
			t.Fatal(err)
		}
	}
	// As after a crash between the writing of the Run file and the end of the journal.
	if err := d.Append(r.ID, r.Measurements[0]); err != nil {
		t.Fatal(err)
	}
	path, err := d.Path(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(path, journalFile)
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for _, c := range []struct {
		text string
		want int
	}{
		{string(text), saved + 3},
		{string(text) + lines[0][:20], saved + 3},
		{lines[0] + lines[1][:20], saved + 1},
		{"", saved},
	} {
		if err := os.WriteFile(journal, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := d.Load(r.ID)
		if err != nil || len(got.Measurements) != c.want {
			t.Fatalf("%d measurements, want %d (%v)", len(got.Measurements), c.want, err)
		}
	}
	for _, bad := range []string{"{}\n", "no\n", `{"scenario":"none/such","pass":"natural"}` + "\n"} {
		if err := os.WriteFile(journal, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Load(r.ID); err == nil {
			t.Errorf("read with the journal %q", bad)
		}
	}
	if err := d.Save(r); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(journal); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
	if got, err := d.Load(r.ID); err != nil || len(got.Measurements) != saved+3 {
		t.Errorf("%v, %v", got, err)
	}
	if err := d.Append("../elsewhere", highwater.Measurement{}); err == nil {
		t.Error("appended to a run outside")
	}
}
