package history

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
	"golang.org/x/perf/benchfmt"
)

// filled is a store of some runs, one of them without a result.
func filled(t testing.TB, dsn string) *Store {
	s := open(t, dsn)
	for day := range 4 {
		add(t, s, entry("run-"+string(rune('0'+day)), day, 7))
	}
	add(t, s, entry("failed", 2, 0))
	return s
}

func exported(t testing.TB, s *Store, q Query, f Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Export(t.Context(), &b, q, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is imported is what was exported, from either database into either.
func TestRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		from := filled(t, dsn)
		series, err := from.Series(t.Context(), Query{})
		if err != nil {
			t.Fatal(err)
		}
		runs, err := from.Runs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		each(t, func(t *testing.T, dsn string) {
			to := open(t, dsn)
			text := exported(t, from, Query{}, FormatJSON)
			for _, want := range []int{28, 0} {
				done, err := to.Import(t.Context(), bytes.NewReader(text), time.Now())
				if err != nil || done != (Imported{Runs: 5, Results: want}) {
					t.Errorf("imported %+v, %v, want %d results", done, err, want)
				}
			}
			gotRuns, err := to.Runs(t.Context())
			if d := cmp.Diff(runs, gotRuns); err != nil || d != "" {
				t.Errorf("runs: %v (-want +got):\n%s", err, d)
			}
			got, err := to.Series(t.Context(), Query{})
			if d := cmp.Diff(series, got); err != nil || d != "" {
				t.Errorf("series: %v (-want +got):\n%s", err, d)
			}
			if again := exported(t, to, Query{}, FormatJSON); !bytes.Equal(text, again) {
				t.Errorf("exported again it is another text:\n%s\n%s", text, again)
			}
		})
	})
}

func TestRoundTripBench(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		from := filled(t, dsn)
		text := exported(t, from, Query{}, FormatBench)
		r := benchfmt.NewReader(bytes.NewReader(text), "export")
		lines := 0
		for r.Scan() {
			switch rec := r.Result().(type) {
			case *benchfmt.SyntaxError:
				t.Fatalf("not in the benchmark format: %v\n%s", rec, text)
			case *benchfmt.Result:
				lines++
			}
		}
		if lines != 4*(3*1+2*3+2*1) { // samples of the seven series
			t.Errorf("%d lines", lines)
		}
		series, err := from.Series(t.Context(), Query{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range series { // a point without samples comes back with its centre as one
			for k, p := range series[i].Points {
				if p.Samples == nil {
					series[i].Points[k].Samples = []float64{p.Center}
				}
			}
		}
		to := open(t, t.TempDir()+"/to.db")
		if done, err := to.Import(t.Context(), bytes.NewReader(text), time.Now()); err != nil || done != (Imported{Runs: 4, Results: 28}) {
			t.Fatalf("imported %+v, %v", done, err)
		}
		got, err := to.Series(t.Context(), Query{})
		if d := cmp.Diff(series, got); err != nil || d != "" {
			t.Errorf("series: %v (-want +got):\n%s", err, d)
		}
	})
}

const goTest = `goos: linux
goarch: amd64
pkg: example.com/app
cpu: Some CPU
commit: 0123abc
commit-time: 2026-02-03T04:05:06Z
BenchmarkPut/large-8   	     100	  11000 ns/op	     120 B/op	       3 allocs/op
BenchmarkPut/large-8   	     100	  11400 ns/op	     124 B/op	       3 allocs/op
BenchmarkPut/large-8   	     100	  11400 ns/op	     122 B/op	       4 allocs/op	       7 widgets
BenchmarkGet-8   	     100	  11400 ns/op
PASS
`

func TestImportGoTest(t *testing.T) {
	s := open(t, t.TempDir()+"/history.db")
	for _, want := range []int{2, 0} {
		done, err := s.Import(t.Context(), strings.NewReader(goTest), time.Now())
		if err != nil || done.Runs != 1 || done.Results != want || done.Ignored != 5 {
			t.Errorf("imported %+v, %v, want %d results", done, err, want)
		}
	}
	got, err := s.Series(t.Context(), Query{})
	if err != nil || len(got) != 2 {
		t.Fatalf("%d series, %v", len(got), err)
	}
	p := got[0].Points[0]
	want := highwater.Series{
		Key:    highwater.SeriesKey{Module: "example.com/app", Scenario: "example.com/app/BenchmarkPut/large", Metric: highwater.AllocBytes, Environment: "linux/amd64 GOMAXPROCS=8 go test -bench", Sessions: 1},
		Points: []highwater.Point{{Run: p.Run, Commit: "0123abc", At: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Center: 122, Low: 120, High: 124, Samples: []float64{120, 124, 122}}},
	}
	if d := cmp.Diff(want, got[0]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A file that does not say when it was made stays where it was put first.
func TestImportAgainLater(t *testing.T) {
	s := open(t, t.TempDir()+"/history.db")
	text := strings.Replace(goTest, "commit-time", "was", 1)
	for i, want := range []int{2, 0} {
		done, err := s.Import(t.Context(), strings.NewReader(text), begin.AddDate(0, 0, i))
		if err != nil || done.Results != want {
			t.Errorf("imported %+v, %v, want %d results", done, err, want)
		}
	}
	runs, err := s.Runs(t.Context())
	if err != nil || len(runs) != 1 || !runs[0].At.Equal(begin) {
		t.Errorf("%+v, %v", runs, err)
	}
}

// Of a file with something wrong in it nothing is stored.
func TestImportRefused(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		const (
			head   = `{"history":1}` + "\n"
			run    = `{"run":{"run":"r1","at":"2026-01-01T00:00:00Z","scenarios":1,"errors":0}}` + "\n"
			series = `{"series":{"scenario":"s","metric":"peak","environment":"e","sessions":1}}` + "\n"
			point  = `{"point":{"run":"r1","at":"2026-01-01T00:00:00Z","center":1,"low":1,"high":1}}` + "\n"
		)
		for name, c := range map[string]struct{ text, want string }{
			"empty":           {"", "empty"},
			"no header":       {run, "no export"},
			"a Run file":      {`{"schema":1,"id":"x"}`, "line 1"},
			"newer":           {`{"history":2}`, "update highwater"},
			"no run":          {head + series + point, `line 3: a point of run "r1" before`},
			"no series":       {head + run + point, "line 3: a point before"},
			"twice":           {head + run + run, "twice"},
			"cut off":         {head + run + series + point[:20], "line 4"},
			"nothing":         {head + "{}", "want a run"},
			"two":             {head + strings.TrimSpace(run) + run, "more than one"},
			"unknown":         {head + `{"ran":1}`, "unknown field"},
			"another time":    {head + run + series + strings.Replace(point, "2026", "2025", 1), "and the run of"},
			"no interval":     {head + run + series + strings.Replace(point, `"low":1`, `"low":2`, 1), "outside"},
			"large":           {head + run + series + strings.Replace(point, `"center":1`, `"center":1e300`, 1), "figure"},
			"too large":       {head + run + series + strings.Replace(point, `"center":1`, `"center":1e999`, 1), "line 4"},
			"long line":       {head + `{"run":{"run":"` + strings.Repeat("x", maxLine), "longer"},
			"neither":         {"\x00\x01", "neither"},
			"no benchmark":    {"goos: linux\n", "-benchmem"},
			"time":            {strings.Replace(goTest, "2026-02", "yesterday", 1), "no time"},
			"broken line":     {strings.Replace(goTest, "100\t  11000", "x", 1), "the file"},
			"no number":       {"highwater-sessions: x\n" + goTest, "no number"},
			"wrong run":       {"highwater-run: ../x\n" + goTest, "not an ID"},
			"not from a year": {strings.Replace(goTest, "2026-02", "1926-02", 1), "1926"},
		} {
			done, err := s.Import(t.Context(), strings.NewReader(c.text), begin)
			if err == nil || !strings.Contains(err.Error(), c.want) || done.Results != 0 {
				t.Errorf("%s: %+v, %v, want %q", name, done, err, c.want)
			}
		}
		// Also what stood before the mistake.
		if _, err := s.Import(t.Context(), strings.NewReader(head+run+series+point+"oops\n"), begin); err == nil {
			t.Error("it was taken")
		}
		if len(whole(t, s, 0)) != 0 {
			t.Error("something was stored")
		}
		if done, err := s.Import(t.Context(), strings.NewReader(head+run+series+point), begin); err != nil || done.Results != 1 {
			t.Errorf("%+v, %v", done, err)
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestExportTo(t *testing.T) {
	s := filled(t, t.TempDir()+"/history.db")
	for _, f := range []Format{FormatJSON, FormatBench} {
		if err := s.Export(t.Context(), broken{}, Query{}, f); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: %v", f, err)
		}
	}
	if err := s.Export(t.Context(), broken{}, Query{}, "xml"); err == nil {
		t.Error("there is no such format")
	}
	if text := string(exported(t, s, Query{Metrics: []string{highwater.Allocs}, Last: 1}, FormatJSON)); strings.Count(text, `{"point"`) != 2 || strings.Count(text, `{"run":{`) != 1 {
		t.Errorf("got\n%s", text)
	}
}

// Whatever is imported, it is either refused as a whole, or can be read, exported and
// imported again as the same.
func FuzzImport(f *testing.F) {
	from := filled(f, f.TempDir()+"/from.db")
	f.Add(exported(f, from, Query{}, FormatJSON))
	f.Add(exported(f, from, Query{}, FormatBench))
	f.Add([]byte(goTest))
	s := open(f, f.TempDir()+"/history.db")
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := s.Import(t.Context(), bytes.NewReader(data), begin)
		text := exported(t, s, Query{}, FormatJSON)
		if err != nil && bytes.Count(text, []byte("\n")) > 1 {
			t.Fatalf("%v, and stored:\n%s", err, text)
		}
		if err := empty(t, s); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Import(t.Context(), bytes.NewReader(text), begin); err != nil {
			t.Fatalf("its own export is refused: %v\n%s", err, text)
		}
		if again := exported(t, s, Query{}, FormatJSON); !bytes.Equal(text, again) {
			t.Fatalf("imported again it is another:\n%s\n%s", text, again)
		}
		if err := empty(t, s); err != nil {
			t.Fatal(err)
		}
	})
}

func empty(t testing.TB, s *Store) error {
	_, err := s.Prune(t.Context(), Keep{Since: latest.AddDate(1, 0, 0)})
	return err
}
