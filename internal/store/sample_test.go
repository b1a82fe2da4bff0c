package store

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is a run with something in every field.
func sample() *highwater.Run {
	created := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	finished := created.Add(21 * time.Second)
	frame := highwater.Frame{Func: "github.com/vito/midterm.(*Screen).insertLine", File: "/src/midterm/screen.go", Line: 88}
	site := highwater.Site{
		Bytes: 71_000, Objects: 900, Share: 0.61, Where: frame, Fingerprint: "0123456789ab",
		Stack: []highwater.Frame{{Func: "runtime.growslice", File: "/go/src/runtime/slice.go", Line: 300}, frame},
	}
	return &highwater.Run{
		Schema: highwater.Schema, ID: "20260304-050607-0a1b2c", Name: "main", Tool: "v0.1.0",
		Created: created, Finished: &finished, Command: []string{"highwater", "gates"},
		Environment: highwater.Environment{
			Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 2, GODEBUG: "madvdontneed=1", Probe: 1,
			Kernel: "6.8.0", CPU: "Example CPU @ 2.00GHz", CPUs: 2, MemoryBytes: 8 << 30, MemoryLimit: 2 << 30,
			Module: "example.com/app", Revision: "0123abc", Branch: "main", Dirty: true, CI: "github",
		},
		Scenarios: []highwater.ScenarioInfo{
			{
				Suite: "terminal_operations", Name: "scrollback", Variant: "midterm", Doc: "scrolls", Sessions: 10, Ops: 100,
				Limits: []highwater.Limit{{Metric: highwater.Peak, Bound: 5e6, Reason: "keeps 10,000 lines"}},
				Omit:   map[highwater.Pass]string{highwater.PassCollector: "nothing is allocated"},
			},
			{Name: "alone", Sessions: 1, Ops: 1},
		},
		Measurements: []highwater.Measurement{
			{
				Scenario: "terminal_operations/scrollback@midterm", Pass: highwater.PassExact, Repeat: 1,
				Started: created, Duration: 900 * time.Millisecond,
				Outcome:     highwater.Outcome{Status: highwater.StatusOK, Detail: "ended", Stderr: "a warning\n"},
				Values:      map[string]float64{highwater.Peak: 117_000.5, highwater.Sustained: 110_000},
				Unsupported: map[string]string{highwater.FDs: "no /proc"},
				Checkpoints: []highwater.Checkpoint{{Name: "filled", Op: 50, Steady: true, Heap: 1_000_000, Stacks: 8192, Unused: 300, At: 5e8}},
				Sites:       []highwater.Site{site},
				PeakParts:   &highwater.PeakParts{Heap: 1_160_000, Stacks: 10_005, Where: "filled", Op: 50, Profiled: 1_150_000, Rate: 4096, Baseline: 400_000},
				Footprint:   &highwater.FootprintParts{RSS: 100, LiveHeap: 40, DeadHeap: 20, Fragmentation: 10, Stacks: 5, Metadata: 5, Free: 15, OffHeap: 5},
				GC:          &highwater.GCWork{Cycles: 12, Forced: 4, CPUShare: 0.05, CPUSeconds: 0.02, Busy: 0.4},
				Leftovers:   []highwater.Leftover{{Kind: "goroutine", Count: 2, Detail: "created by example.com/app.Serve", Stack: []highwater.Frame{frame}}},
				Children:    []highwater.ChildProcess{{PID: 4711, Command: "vim", HighWater: 8 << 20}},
				Profile:     "profiles/scrollback.pb.gz", Notes: []string{"a note"},
			},
			{
				Scenario: "alone", Pass: highwater.PassNatural, Started: created,
				Outcome: highwater.Outcome{Status: highwater.StatusTimeout, Detail: "ended after 10 s"},
			},
		},
	}
}

// inFile writes content to a new file and returns its path.
func inFile(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
