package why_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/highwater-dev/highwater/internal/why"
	"github.com/rogpeppe/go-internal/txtar"
)

func TestMain(m *testing.M) {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// compared measures the benchmarks of both modules of an archive, base and head,
// and judges and explains the second against the first.
func compared(t *testing.T, archive string) *highwater.Report {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", archive))
	if err != nil {
		t.Fatal(err)
	}
	tree := t.TempDir()
	for _, f := range a.Files {
		file := filepath.Join(tree, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	base, head := filepath.Join(tree, "base"), filepath.Join(tree, "head")
	report := gate.Judge(measured(t, head), measured(t, base), gate.Policy{})
	err = why.Explain(deadline(t), report, why.Options{Base: why.Side{Dir: base}, Head: why.Side{Dir: head}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// measured is a run of all benchmarks of the module in dir.
func measured(t *testing.T, dir string) *highwater.Run {
	t.Helper()
	ctx := deadline(t)
	found, err := target.Packages(ctx, []string{"./..."}, target.PackageOptions{Dir: t.TempDir(), Root: dir, Ops: 200})
	if err != nil || len(found.Failed) > 0 {
		t.Fatalf("%v, failed: %v", err, found.Failed)
	}
	run := &highwater.Run{Schema: highwater.Schema, ID: filepath.Base(dir), Environment: measure.Environment(ctx)}
	for i := range found.Targets {
		info := &found.Targets[i].Info
		info.Omit = map[highwater.Pass]string{highwater.PassCollector: "its time is saved here"}
		run.Scenarios = append(run.Scenarios, *info)
	}
	err = measure.Run(ctx, found.Targets, measure.Options{}, func(m highwater.Measurement) {
		if m.Outcome.Status != highwater.StatusOK {
			t.Errorf("%s: %+v", m.Scenario, m.Outcome)
		}
		run.Measurements = append(run.Measurements, m)
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// TestTruth: each benchmark has a planted change, and the report says which.
func TestTruth(t *testing.T) {
	r := compared(t, "changes.txtar")
	for _, c := range []struct {
		benchmark, metric string
		reason            string // its end
		near              highwater.Near
		hunk              string
	}{
		{
			"Capacity", highwater.Peak, "from ring.(*Buffer).insertLine (buffer.go:7), changed in this branch",
			highwater.NearLine, "-\tb.rows = append(b.rows, make([]byte, n))\n+\tb.rows = append(b.rows, make([]byte, n, 2*n))",
		},
		{
			"Twice", highwater.Peak, "from ring.push (nodes.go:12), reached from chain, which was changed in this branch (tree.go:7)",
			highwater.NearCaller, "+\t\thead = push(head)",
		},
		{
			"Constant", highwater.Peak, "from ring.row (rows.go:7), by way of rowSize, which was changed in this branch (rows.go:4)",
			highwater.NearUse, "-const rowSize = 512\n+const rowSize = 1024",
		},
		{
			"Escape", highwater.Allocs, "from ring.walk (point.go:12), changed in this branch; &point{...} escapes to the heap now, because of last = p (assign, point.go:13)",
			highwater.NearLine, "-\tp := point{n, n}\n-\treturn length(p)\n+\tp := &point{n, n}\n+\tlast = p\n+\treturn length(*p)",
		},
		{
			"Renamed", highwater.Allocs, "from ring.assemble (parts.go:12), formerly in ring.build (parts.go:8), reached from document, which was changed in this branch (parts.go:6)",
			highwater.NearCaller, "-\treturn build(n)\n+\treturn assemble(n + n/2)",
		},
	} {
		t.Run(c.benchmark, func(t *testing.T) {
			f := finding(t, r, c.benchmark, c.metric)
			if f.Verdict != highwater.VerdictFail || !strings.HasSuffix(f.Reason, c.reason) {
				t.Errorf("%s: %s", f.Verdict, f.Reason)
			}
			h := f.Evidence[0].Hunk
			if h == nil {
				t.Fatal("no hunk")
			}
			if got := strings.Join(h.Lines, "\n"); h.Near != c.near || got != c.hunk || h.Cut != 0 || h.Distance > 1 {
				t.Errorf("the hunk is %+v", h)
			}
		})
	}
}

func finding(t *testing.T, r *highwater.Report, benchmark, metric string) highwater.Finding {
	t.Helper()
	for _, row := range r.Rows {
		for _, f := range row.Findings {
			if row.Scenario.Name == "Benchmark"+benchmark && f.Check == "baseline" && f.Metric == metric {
				return f
			}
		}
	}
	t.Fatalf("no finding on %s of %s", metric, benchmark)
	return highwater.Finding{}
}
