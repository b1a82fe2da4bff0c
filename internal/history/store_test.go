package history

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
)

func TestAddAndRead(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		days := []Entry{entry("run-0", 0, 9), entry("run-1", 1, 9), entry("run-2", 2, 9)}
		for _, i := range []int{2, 0, 1} { // in no order
			add(t, s, days[i])
		}
		got, err := s.Series(t.Context(), Query{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 9 {
			t.Fatalf("got %d series", len(got))
		}
		for _, one := range got {
			want := highwater.Series{Key: one.Key}
			for _, day := range days {
				for _, r := range day.Results {
					if r.Key == one.Key {
						want.Points = append(want.Points, r.Point)
					}
				}
			}
			if len(want.Points) != 3 {
				t.Fatalf("nobody stored %+v", one.Key)
			}
			if d := cmp.Diff(want, one); d != "" {
				t.Errorf("%s of %s (-want +got):\n%s", one.Key.Metric, one.Key.Scenario, d)
			}
		}
		runs, err := s.Runs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var want []Run
		for _, i := range []int{2, 1, 0} {
			r := days[i].Run
			r.Results = 9
			want = append(want, r)
		}
		if d := cmp.Diff(want, runs); d != "" {
			t.Errorf("runs (-want +got):\n%s", d)
		}
	})
}

func TestAddAgain(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		add(t, s, entry("run-1", 1, 6))
		other := entry("run-1", 1, 9) // it was cut short, and has three more now
		other.Results[0].Point.Center, other.Results[0].Point.Low, other.Results[0].Point.High = 7, 7, 7
		for _, want := range []int{3, 0} {
			if n, err := s.AddEntry(t.Context(), other); err != nil || n != want {
				t.Errorf("added %d: %v, want %d", n, err, want)
			}
		}
		whole(t, s, 9)
		got, err := s.Series(t.Context(), Query{Match: func(id string) bool { return strings.Contains(id, "scenario0") }, Metrics: []string{highwater.Peak}})
		if err != nil || len(got) != 1 || len(got[0].Points) != 1 || got[0].Points[0].Center == 7 {
			t.Errorf("what was there was replaced: %+v, %v", got, err)
		}
		if _, err := s.AddEntry(t.Context(), entry("run-1", 2, 1)); err == nil || !strings.Contains(err.Error(), "another run") {
			t.Errorf("another run of the same ID: %v", err)
		}
		whole(t, s, 9)
	})
}

func TestQuery(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for day := range 5 {
			add(t, s, entry("run-"+string(rune('0'+day)), day, 6))
		}
		branch := entry("branch", 9, 1)
		branch.Results[0].Key.Branch, branch.Results[0].Key.Environment = "topic", "darwin/arm64"
		add(t, s, branch)
		for name, c := range map[string]struct {
			q              Query
			series, points int
		}{
			"all":          {Query{}, 7, 31},
			"metric":       {Query{Metrics: []string{highwater.Allocs}}, 2, 10},
			"no metric":    {Query{Metrics: []string{}}, 0, 0},
			"branch":       {Query{Branches: []string{"topic"}}, 1, 1},
			"environment":  {Query{Environments: []string{"darwin/arm64", "other"}}, 1, 1},
			"module":       {Query{Module: "example.com/other"}, 0, 0},
			"scenario":     {Query{Match: func(id string) bool { return id == "suite/scenario1@variant" }, Branches: []string{"main"}}, 3, 15},
			"since":        {Query{Since: begin.AddDate(0, 0, 3)}, 7, 13},
			"last":         {Query{Last: 2}, 7, 13},
			"since + last": {Query{Since: begin.AddDate(0, 0, 4), Last: 2}, 7, 7},
			"nothing left": {Query{Since: begin.AddDate(1, 0, 0)}, 0, 0},
		} {
			got, err := s.Series(t.Context(), c.q)
			points := 0
			for _, one := range got {
				points += len(one.Points)
				if c.q.Last == 2 && c.q.Since.IsZero() && one.Key.Branch == "main" && one.Points[1].Run != "run-4" {
					t.Errorf("%s: the last point is of %s", name, one.Points[1].Run)
				}
			}
			if err != nil || len(got) != c.series || points != c.points {
				t.Errorf("%s: %d series, %d points, %v; want %d, %d", name, len(got), points, err, c.series, c.points)
			}
		}
		bare, err := s.Series(t.Context(), Query{Bare: true})
		if err != nil || bare[0].Points[0].Samples != nil {
			t.Errorf("samples are there: %v", err)
		}
		stop := errors.New("enough")
		if err := s.Each(t.Context(), Query{}, func(highwater.Series) error { return stop }); err != stop { //nolint:errorlint // as it is
			t.Errorf("got %v", err)
		}
		keys, err := s.Keys(t.Context(), Query{Branches: []string{"main"}})
		if err != nil || len(keys) != 6 {
			t.Errorf("%d keys, %v", len(keys), err)
		}
	})
}

func TestPrune(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for day := range 6 {
			add(t, s, entry("run-"+string(rune('0'+day)), day, 5))
		}
		failed := entry("failed", 2, 0)
		add(t, s, failed)
		if _, err := s.Prune(t.Context(), Keep{}); err == nil {
			t.Error("pruned without anything to keep")
		}
		check := func(k Keep, want Pruned, left int) {
			t.Helper()
			got, err := s.Prune(t.Context(), k)
			if err != nil || got != want {
				t.Errorf("%+v: %+v, %v, want %+v", k, got, err, want)
			}
			runs, err := s.Runs(t.Context())
			if err != nil || len(runs) != left {
				t.Errorf("%+v: %d runs are left, %v, want %d", k, len(runs), err, left)
			}
		}
		check(Keep{Since: begin.AddDate(0, 0, 1)}, Pruned{Results: 5, Runs: 1}, 6)
		check(Keep{Newest: 4}, Pruned{Results: 5, Runs: 1}, 5)
		check(Keep{Newest: 4}, Pruned{}, 5)
		check(Keep{Since: begin.AddDate(0, 0, 3), Newest: 2}, Pruned{Results: 10, Runs: 3}, 2)
		whole(t, s, 5)
		add(t, s, entry("run-0", 0, 5)) // a run that went can come back
		check(Keep{Since: begin.AddDate(1, 0, 0)}, Pruned{Results: 15, Runs: 3, Series: 5}, 0)
		if keys, err := s.Keys(t.Context(), Query{}); err != nil || len(keys) != 0 {
			t.Errorf("keys %v, %v", keys, err)
		}
	})
}

// A later highwater brings the schema to its own, keeping what is there, and this one
// then refuses it, changing nothing.
func TestNewerSchema(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		add(t, s, entry("run-1", 1, 6))
		later := append(s.dialect.migrations(), []string{`ALTER TABLE highwater_runs ADD COLUMN later TEXT NOT NULL DEFAULT 'x'`})
		if err := s.migrate(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		if v, err := s.version(t.Context(), s.db); err != nil || v != len(later) {
			t.Fatalf("version %d, %v", v, err)
		}
		whole(t, s, 6)
		_, err := Open(t.Context(), dsn)
		if err == nil || !strings.Contains(err.Error(), "schema 2") || !strings.Contains(err.Error(), "update highwater") {
			t.Fatalf("got %v", err)
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the password is in it: %v", err)
		}
		whole(t, s, 6)
	})
}

func TestOpenExisting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "none.db")
	if _, err := OpenExisting(t.Context(), path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "history add") {
		t.Errorf("got %v", err)
	}
	s := open(t, "sqlite:"+path)
	add(t, s, entry("run-1", 1, 3))
	again, err := OpenExisting(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	whole(t, again, 3)
}

func TestRefused(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	for name, change := range map[string]func(*Entry){
		"run":          func(e *Entry) { e.Run.ID = "../x" },
		"time":         func(e *Entry) { e.Run.At = time.Time{} },
		"control":      func(e *Entry) { e.Run.Branch = "a\x1b[31m" },
		"zero byte":    func(e *Entry) { e.Results[0].Key.Scenario = "a\x00" },
		"not UTF-8":    func(e *Entry) { e.Results[0].Key.Module = "\xff" },
		"long":         func(e *Entry) { e.Results[0].Key.Scenario = strings.Repeat("x", maxName+1) },
		"no scenario":  func(e *Entry) { e.Results[0].Key.Scenario = "" },
		"no metric":    func(e *Entry) { e.Results[0].Key.Metric = "" },
		"nowhere":      func(e *Entry) { e.Results[0].Key.Environment = "" },
		"no session":   func(e *Entry) { e.Results[0].Key.Sessions = 0 },
		"not a number": func(e *Entry) { e.Results[2].Point.Low = nan() },
		"infinite":     func(e *Entry) { e.Results[2].Point.High = 1 / zero() },
		"no interval":  func(e *Entry) { e.Results[1].Point.Low = 1e9 },
		"samples":      func(e *Entry) { e.Results[1].Point.Samples = make([]float64, maxSamples+1) },
		"another run":  func(e *Entry) { e.Results[1].Point.Run = "other" },
	} {
		e := entry("run-1", 1, 3)
		change(&e)
		if n, err := s.AddEntry(t.Context(), e); err == nil || n != 0 {
			t.Errorf("%s: it was taken", name)
		}
	}
	if len(whole(t, s, 0)) != 0 {
		t.Error("something was stored")
	}
}

func zero() float64 { return 0 }
func nan() float64  { return zero() / zero() }
