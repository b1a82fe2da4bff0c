package measure_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// benchModule knows nothing of highwater. What its benchmarks hold at most is
// known: see benchPeaks.
var benchModule = map[string]string{
	"go.mod": "module example.com/bench\n\ngo 1.24\n",
	"bench_test.go": `package bench

import (
	"strings"
	"testing"
)

var (
	sink any
	kept [][]byte
	seen int
)

// There is nothing to collect, but testing makes collections before its calls.
func BenchmarkCount(b *testing.B) {
	for i := 0; i < b.N; i++ {
		seen += i % 7
	}
}

func BenchmarkHold(b *testing.B) {
	hold := make([]byte, 5_000_000)
	b.ResetTimer()
	for b.Loop() {
		sink = make([]byte, len(hold)/5000)
	}
}

func BenchmarkLeak(b *testing.B) {
	for i := 0; i < b.N; i++ {
		kept = append(kept, make([]byte, 8192)) // the leak
	}
}

func BenchmarkSubs(b *testing.B) {
	b.Run("string", func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			sink = strings.Repeat("ab", 20)
			b.StopTimer()
			sink = make([]byte, 4096)
			b.StartTimer()
		}
	})
	b.Run("string/longer", func(b *testing.B) { // a pattern for string selects it, too
		for b.Loop() {
			sink = strings.Repeat("ab", 200)
		}
	})
	b.Run("big", func(b *testing.B) {
		for b.Loop() {
			sink = make([]byte, 1<<20)
		}
	})
}
`,
}

// benchPeaks is what each benchmark of 100 operations holds at most: the buffer,
// 101 blocks (testing calls it with one operation first), and two of the large
// buffers, the old one and the new. Testing's own is up to 50 KB.
var benchPeaks = map[string]float64{
	"BenchmarkHold":     5_000_000,
	"BenchmarkLeak":     101 * 8192,
	"BenchmarkSubs/big": 2 << 20,
}

func benchTargets(t *testing.T) []target.Target {
	t.Helper()
	dir := t.TempDir()
	for name, text := range benchModule {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	found, err := target.Packages(t.Context(), []string{"."}, target.PackageOptions{Dir: t.TempDir(), Ops: 100})
	if err != nil || len(found.Failed) > 0 {
		t.Fatalf("%v %v", err, found.Failed)
	}
	return found.Targets
}

// What is measured agrees with go test -benchmem, with the peaks that follow from
// the source, and names the line that leaks.
func TestBenchmarks(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and measures a module")
	}
	targets := benchTargets(t)
	var all []highwater.Measurement
	err := measure.Run(t.Context(), targets, measure.Options{Repeats: 1}, func(m highwater.Measurement) { all = append(all, m) })
	if err != nil {
		t.Fatal(err)
	}
	if want := 6 * len(highwater.Passes()); len(targets) != 6 || len(all) != want {
		t.Fatalf("%d targets and %d measurements, want 6 and %d", len(targets), len(all), want)
	}
	printed := goTestBenchmem(t)
	for _, m := range all {
		name := strings.TrimPrefix(m.Scenario, "example.com/bench/")
		if m.Outcome.Status != highwater.StatusOK {
			t.Errorf("%s, %s: %+v", name, m.Pass, m.Outcome)
			continue
		}
		switch m.Pass {
		case highwater.PassNatural:
			want, ok := printed[name]
			// The collector's workers, which are started once, may allocate some
			// kilobytes in either, over a hundred operations.
			if got := [2]float64{m.Values[highwater.AllocBytes], m.Values[highwater.Allocs]}; !ok || got[1] != want[1] || math.Abs(got[0]-want[0]) > want[0]/1000+100 {
				t.Errorf("%s: %v B/op and allocs/op, go test says %v", name, got, want)
			}
		case highwater.PassExact:
			checkBenchPeak(t, name, m)
		case highwater.PassCollector:
			pressure, ok := m.Values[highwater.GCPressure]
			if !ok || name == "BenchmarkCount" && pressure > 0 || name == "BenchmarkSubs/big" && pressure < 0.05 {
				t.Errorf("%s: the pressure is %v (%t)", name, pressure, ok)
			}
		}
	}
}

func checkBenchPeak(t *testing.T, name string, m highwater.Measurement) {
	t.Helper()
	want, ok := benchPeaks[name]
	if got := m.Values[highwater.Peak]; ok && (got < want*0.99 || got > want*1.01+50_000) {
		t.Errorf("%s: the peak is %.0f, want %.0f", name, got, want)
	}
	if name != "BenchmarkLeak" {
		return
	}
	if got := m.Values[highwater.Retained]; got < want*0.99 {
		t.Errorf("%.0f bytes are retained, want %.0f", got, want)
	}
	line := 1 + strings.Count(benchModule["bench_test.go"][:strings.Index(benchModule["bench_test.go"], "// the leak")], "\n")
	for _, sites := range [][]highwater.Site{m.Sites, m.Retained} {
		if len(sites) == 0 || sites[0].Where.Line != line || filepath.Base(sites[0].Where.File) != "bench_test.go" {
			t.Errorf("the first site is %+v, want line %d", sites, line)
		}
	}
}

// goTestBenchmem is what go test itself says in the working directory: B/op and
// allocs/op by the benchmark's name.
func goTestBenchmem(t *testing.T) map[string][2]float64 {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "test", "-run=^$", "-bench=.", "-benchmem", "-benchtime=100x", "-cpu=1").CombinedOutput()
	if err != nil {
		t.Fatalf("go test: %v\n%s", err, out)
	}
	printed := map[string][2]float64{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+) .*?(\d+) B/op\s+(\d+) allocs/op$`).FindAllStringSubmatch(string(out), -1) {
		bytes, _ := strconv.ParseFloat(m[2], 64)
		allocs, _ := strconv.ParseFloat(m[3], 64)
		printed[m[1]] = [2]float64{bytes, allocs}
	}
	return printed
}
