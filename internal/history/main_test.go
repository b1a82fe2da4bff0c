package history

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

func TestMain(m *testing.M) {
	if os.Getenv("HISTORY_CHILD") != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	stopPostgres()
	os.Exit(code)
}

// child is a process that writes into a store: HISTORY_CHILD is its number, and its runs
// are its own and some that all children have. It prints the ID of each run that it has
// added, or, where it is to be killed in the middle of a run, "halfway" there.
func child() error {
	ctx := context.Background()
	n, err := strconv.Atoi(os.Getenv("HISTORY_CHILD"))
	if err != nil {
		return err
	}
	runs, err := strconv.Atoi(os.Getenv("HISTORY_RUNS"))
	if err != nil {
		return err
	}
	s, err := Open(ctx, os.Getenv("HISTORY_DSN"))
	if err != nil {
		return err
	}
	if os.Getenv("HISTORY_HALFWAY") != "" {
		s.halfway = func() {
			fmt.Println("halfway")
			select {}
		}
	}
	for i := range runs {
		for _, e := range []Entry{entry(fmt.Sprintf("child%d-%d", n, i), i, childResults), entry(fmt.Sprintf("shared-%d", i), i, childResults)} {
			if _, err := s.AddEntry(ctx, e); err != nil {
				return err
			}
			fmt.Println(e.Run.ID)
		}
	}
	return s.Close()
}

// childResults are the results of a run that children add: of more than one statement.
const childResults = 3 * rowsAtOnce

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// entry is a run of n results of as many series, of the day-th day.
func entry(id string, day, n int) Entry {
	at := begin.AddDate(0, 0, day)
	commit := fmt.Sprintf("%040x", day)
	e := Entry{Run: Run{
		ID: id, At: at, Tool: "highwater v1", Module: "example.com/app", Commit: commit, Branch: "main", Dirty: day%2 == 1,
		Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", Verdict: highwater.VerdictPass, Scenarios: n, Errors: day % 3,
	}}
	for i := range n {
		center := 1e6 + float64(i) + float64(day)/16
		p := highwater.Point{
			Run: id, Commit: commit, Dirty: e.Run.Dirty, At: at, Go: e.Run.Go,
			Center: center, Low: center - 0.1, High: center + 0.3, Samples: []float64{center},
		}
		switch i % 3 {
		case 1:
			limit := 3e6
			p.Samples, p.Limit = []float64{center + 1, center, center - 1.0/3}, &limit
		case 2:
			p.Samples = nil
		}
		e.Results = append(e.Results, Result{highwater.SeriesKey{
			Module: "example.com/app", Scenario: fmt.Sprintf("suite/scenario%d@variant", i/3), Metric: []string{highwater.Peak, highwater.Allocs, SoakGrowth}[i%3],
			Branch: "main", Environment: `linux/amd64 go1.26 GOGC=100 CPU="Some CPU @ 2 GHz"`, Sessions: 1 + i%3,
		}, p})
	}
	return e
}

// each runs a test over both databases: a new store of each.
func each(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, t.TempDir()+"/a store?of=100%.db") })
	t.Run("postgres", func(t *testing.T) { f(t, postgresDatabase(t)) })
}

func open(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func add(t testing.TB, s *Store, e Entry) {
	t.Helper()
	if n, err := s.AddEntry(t.Context(), e); err != nil || n != len(e.Results) {
		t.Fatalf("added %d of %d: %v", n, len(e.Results), err)
	}
}

// whole asserts that every run of the store has as many results as its row says, and
// that this is n; it returns the IDs.
func whole(t testing.TB, s *Store, n int) map[string]bool {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), `SELECT r.id, r.results, (SELECT COUNT(*) FROM highwater_results t WHERE t.run = r.seq) FROM highwater_runs r`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	ids := map[string]bool{}
	for rows.Next() {
		var id string
		var said, counted int
		if err := rows.Scan(&id, &said, &counted); err != nil {
			t.Fatal(err)
		}
		if said != n || counted != n {
			t.Errorf("run %s says %d results and has %d, want %d", id, said, counted, n)
		}
		ids[id] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}
