package own

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
)

// kept is what an operation leaves: what it holds is what is measured.
var kept any

func judged(tb testing.TB) *highwater.Report {
	tb.Helper()
	r := gate.Judge(Run(Scenarios, 1.5), Run(Scenarios, 1), gate.Policy{Now: begun.Add(time.Hour)})
	if r.Exit != highwater.ExitFail || len(r.Rows) != Scenarios {
		tb.Fatalf("exit %d, %d rows: this is not the run that is meant", r.Exit, len(r.Rows))
	}
	return r
}

// What the benchmarks work on is judged as it was meant: a tenth of all fails.
func TestRun(t *testing.T) {
	r, failed := judged(t), 0
	for _, row := range r.Rows {
		if row.Verdict == highwater.VerdictFail {
			failed++
		}
	}
	if failed != Scenarios/10 {
		t.Errorf("%d scenarios failed, want %d", failed, Scenarios/10)
	}
	if err := store.Validate(r.Run); err != nil {
		t.Error(err)
	}
}

func BenchmarkJudge(b *testing.B) {
	run, base := Run(Scenarios, 1.5), Run(Scenarios, 1)
	for b.Loop() {
		kept = gate.Judge(run, base, gate.Policy{Now: begun.Add(time.Hour)})
	}
}

func BenchmarkReport(b *testing.B) {
	r := judged(b)
	for _, format := range []string{"text", "html", "json", "comment"} {
		b.Run(format, func(b *testing.B) {
			reporter, err := report.ByName(format, report.Options{})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := reporter.Render(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReadRun reads the Run file of all scenarios, with their stacks.
func BenchmarkReadRun(b *testing.B) {
	file := filepath.Join(b.TempDir(), "run.json")
	if err := store.WriteRun(file, Run(Scenarios, 1.5)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		run, err := store.ReadRun(file)
		if err != nil || len(run.Scenarios) != Scenarios {
			b.Fatal(err)
		}
		kept = run
	}
}

// BenchmarkHeapProfile reads the profile of a large server: 5,000 call stacks.
func BenchmarkHeapProfile(b *testing.B) {
	var file bytes.Buffer
	if err := heap.UseProfile(Uses(5000), 4096).Write(&file); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p, err := heap.Decode(file.Bytes())
		if err != nil {
			b.Fatal(err)
		}
		uses, err := heap.ProfileUses(p)
		if err != nil || len(uses) == 0 {
			b.Fatalf("%d sites, %v", len(uses), err)
		}
		kept = uses
	}
}

// BenchmarkWatch is what five minutes of looking at a process leave, four looks a second,
// with the 500 sites that it has: twice as many looks as the dashboard keeps.
func BenchmarkWatch(b *testing.B) {
	uses := Uses(500)
	for b.Loop() {
		h := new(live.History)
		for quarter := range 4 * 300 {
			h.Add(Look(quarter, uses))
		}
		kept = h.View()
	}
}
