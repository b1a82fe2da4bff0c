package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/noise"
	"github.com/highwater-dev/highwater/internal/platforms"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
)

// nights stores runs of one scenario, the last of which are worse, and returns the newest.
func nights(t *testing.T, dsn string, n int) *highwater.Run {
	t.Helper()
	db, err := history.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var r *highwater.Report
	for i := range n {
		r = madeup.Many(1, 0).Report
		at := madeup.Until.AddDate(0, 0, i-n+1)
		r.Run.ID, r.RunID, r.Run.Created = fmt.Sprintf("night-%02d", i), fmt.Sprintf("night-%02d", i), at
		r.Run.Finished = &at
		r.Run.Environment.Revision = fmt.Sprintf("%040x", i+1)
		r.Env = r.Run.Environment
		for k := range r.Run.Measurements {
			m := &r.Run.Measurements[k]
			m.Started = at
			if v, ok := m.Values[highwater.Peak]; ok && i >= n*2/3 {
				m.Values[highwater.Peak] = v * 1.4
			}
		}
		s := r.Rows[0].Summaries[highwater.Peak]
		if i >= n*2/3 {
			s.Center, s.Low, s.High = s.Center*1.4, s.Low*1.4, s.High*1.4
			for k := range s.Samples {
				s.Samples[k] *= 1.4
			}
			r.Rows[0].Summaries[highwater.Peak] = s
		}
		if _, err := db.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	return r.Run
}

// The page has what the history knows: the step of the made-up nights, where it is.
func TestDashboardHistory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HIGHWATER_STATE_DIR", filepath.Join(dir, "state"))
	dsn := filepath.Join(dir, "history.db")
	run := nights(t, dsn, 30)
	file := filepath.Join(dir, "run.json")
	if err := store.WriteRun(file, run); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	page := filepath.Join(dir, "page.html")
	exit := runDashboard(t.Context(), &stdout, &stderr, "dashboard", file, "--store", dsn, "--since", madeup.Until.AddDate(0, -2, 0).Format(time.DateOnly), "--output", page)
	if exit != highwater.ExitOK {
		t.Fatalf("exit %d: %s", exit, stderr.String())
	}
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	step := regexp.MustCompile(`"at":20,"b":[0-9.e]+,"a":[0-9.e]+,"c":0\.4[0-9]*,"worse":true,"range":"0{10}\.\.0{10}"`)
	if !step.Match(data) || !strings.Contains(stdout.String(), "1 scenario, ") {
		t.Errorf("no step at night 20 in the page:\n%s", stdout.String())
	}
	if exit := runDashboard(t.Context(), &stdout, &stderr, "dashboard", file, "--store", filepath.Join(dir, "none.db"), "--output", page); exit != highwater.ExitError {
		t.Errorf("without the store that was named: exit %d", exit)
	}
}

// Results of debug optimize stand beside runs or alone; those of other verbs are told from
// them.
func TestDashboardAdvice(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HIGHWATER_STATE_DIR", filepath.Join(dir, "state"))
	run := madeup.Many(2, 0).Report.Run
	write := func(name string, v any) string {
		t.Helper()
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	file := filepath.Join(dir, "run.json")
	if err := store.WriteRun(file, run); err != nil {
		t.Fatal(err)
	}
	advice := advise.Document{Schema: advise.DocumentSchema, Subjects: []advise.Subject{{
		Name: run.Scenarios[1].ID(), Advice: []advise.Advice{{Title: "make room for all of it first", Severity: advise.Major, Evidence: []string{"it grew"}, Lines: []highwater.Frame{{Func: "example.com/made/up.Fill", File: "/src/fill.go", Line: 3}}}},
	}, {Name: "server (pid 9)", How: "watched for 10 s"}}}
	beside := write("advice.json", advice)
	advice.Run = run
	alone := write("alone.json", advice)
	page := filepath.Join(dir, "page.html")
	for _, named := range [][]string{{file, beside}, {beside, file}, {alone}} {
		var stdout, stderr bytes.Buffer
		if exit := runDashboard(t.Context(), &stdout, &stderr, append(append([]string{"dashboard"}, named...), "--no-history", "--output", page)...); exit != highwater.ExitOK {
			t.Fatalf("%v: exit %d: %s", named, exit, stderr.String())
		}
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"title":"make room for all of it first"`, `"advised":true`, `up.Fill (fill.go:3)`, `"processes":[{"name":"server (pid 9)"`, run.Scenarios[0].Name} {
			if !strings.Contains(string(data), want) {
				t.Errorf("%v: no %s in the page", named, want)
			}
		}
	}
	for verb, doc := range map[string]any{
		"trend": report.TrendDocument{Schema: 1, Trends: []highwater.Trend{}}, "bisect": bisect.Document{Schema: 1}, "compare --by": platforms.Sheet{Schema: 1}, "noise": noise.Sheet{Schema: 1},
	} {
		var stdout, stderr bytes.Buffer
		exit := runDashboard(t.Context(), &stdout, &stderr, "dashboard", file, write("other.json", doc), "--no-history", "--output", page)
		if exit != highwater.ExitUsage || !strings.Contains(stderr.String(), "other.json is a result of "+verb+", which has no place on this page: name runs") {
			t.Errorf("%s: exit %d: %s", verb, exit, stderr.String())
		}
	}
}

func runDashboard(ctx context.Context, stdout, stderr io.Writer, args ...string) int {
	return run(ctx, Config{Name: "highwater", Args: args, Stdout: stdout, Stderr: stderr})
}

// lineWriter hands over the first line that is written to it.
type lineWriter struct{ first chan string }

func (w lineWriter) Write(p []byte) (int, error) {
	select {
	case w.first <- string(p):
	default:
	}
	return len(p), nil
}

// A served page shows the newest run without a restart, and the server ends when it is
// interrupted.
func TestDashboardServe(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HIGHWATER_STATE_DIR", dir)
	put := func(id string, at time.Time) {
		t.Helper()
		r := madeup.Many(1, 0).Report.Run
		r.ID, r.Created = id, at
		file := filepath.Join(dir, "runs", id, "run.json")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := store.WriteRun(file, r); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().UTC()
	older, newer := store.NewID(now.Add(-time.Hour)), store.NewID(now)
	put(older, now.Add(-time.Hour))
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out := lineWriter{make(chan string, 1)}
	var stderr bytes.Buffer
	ended := make(chan int, 1)
	go func() { ended <- runDashboard(ctx, out, &stderr, "dashboard", "--listen", "127.0.0.1:0") }()
	var address string
	select {
	case line := <-out.first:
		address = regexp.MustCompile(`http://\S+`).FindString(line)
	case exit := <-ended:
		t.Fatalf("exit %d: %s", exit, stderr.String())
	}
	get := func() string {
		t.Helper()
		r, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Content-Security-Policy"), "connect-src 'self'") {
			t.Fatalf("%v %v\n%s", r.Status, err, r.Header)
		}
		return string(body)
	}
	if page := get(); !strings.Contains(page, `"run":"`+older+`"`) || !strings.Contains(page, `data-live="true"`) {
		t.Error("the page is not of the stored run, or not live")
	}
	put(newer, now)
	for deadline := time.Now().Add(time.Minute); !strings.Contains(get(), `"run":"`+newer+`"`); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the newer run never showed")
		}
	}
	interrupt()
	if exit := <-ended; exit != highwater.ExitOK {
		t.Errorf("exit %d: %s", exit, stderr.String())
	}
}
