package memtest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/memtest"
)

// recorder is a T that keeps what would fail the test.
type recorder struct {
	*testing.T
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// run is memtest.Run with failures recorded. Fatalf ends only its goroutine.
func run(t *testing.T, body func(*memtest.M), options ...memtest.Option) (*memtest.Result, string) {
	t.Helper()
	r := &recorder{T: t}
	var result *memtest.Result
	done := make(chan bool)
	go func() {
		defer close(done)
		result = memtest.Run(r, body, options...)
	}()
	<-done
	if t.Skipped() {
		t.SkipNow() // a measured process, whose part is done
	}
	return result, strings.Join(r.failures, "\n")
}

const chunk = 1 << 20

// hold keeps n chunks a session. It is not inlined, so that its name is that of
// the site.
//
//go:noinline
func hold(n int) func(*memtest.M) {
	return func(m *memtest.M) {
		m.Start()
		var all [][]byte
		for range m.Sessions() * n {
			all = append(all, make([]byte, chunk))
		}
		m.KeepAlive(all)
		for m.Loop() {
			_ = make([]byte, 64)
		}
	}
}

func TestWithinBudget(t *testing.T) {
	r, failures := run(t, hold(2), memtest.Sessions(4), memtest.NoLeak())
	if failures != "" {
		t.Fatalf("failed: %s", failures)
	}
	for _, metric := range []string{highwater.Peak, highwater.Sustained} {
		got, ok := r.Value(metric)
		if want := 2.0 * chunk; !ok || got < want || got > 1.01*want {
			t.Errorf("%s = %.0f, %v; want %.0f", metric, got, ok, want)
		}
	}
	if v, _ := r.Value(highwater.Retained); v > 16e3 {
		t.Errorf("retained = %.0f, want next to nothing", v)
	}
}

func TestOverBudget(t *testing.T) {
	_, failures := run(t, hold(2), memtest.MaxPeak("1MB"), memtest.MaxSustained("1MB"))
	for _, want := range []string{"peak", "sustained", "memtest_test.hold", "memtest_test.go"} {
		if !strings.Contains(failures, want) {
			t.Errorf("the failure does not name %q:\n%s", want, failures)
		}
	}
}

var pile [][]byte

func leaky(m *memtest.M) {
	for m.Loop() {
		pile = append(pile, make([]byte, 10_000))
	}
}

func TestLeak(t *testing.T) {
	_, failures := run(t, leaky, memtest.NoBudget(), memtest.NoLeak())
	for _, want := range []string{"leak", "memtest_test.leaky"} {
		if !strings.Contains(failures, want) {
			t.Errorf("the failure does not name %q:\n%s", want, failures)
		}
	}
}

func TestRetained(t *testing.T) {
	_, failures := run(t, func(m *memtest.M) { pile = append(pile, make([]byte, chunk)) })
	if !strings.Contains(failures, "retained") {
		t.Errorf("what stays behind is not reported:\n%s", failures)
	}
}

func TestPanic(t *testing.T) {
	_, failures := run(t, func(m *memtest.M) { panic("out of cheese") })
	if !strings.Contains(failures, "out of cheese") {
		t.Errorf("the panic is not reported:\n%s", failures)
	}
}

func TestFatalf(t *testing.T) {
	_, failures := run(t, func(m *memtest.M) { m.Fatalf("no %s", "fixture") })
	if !strings.Contains(failures, "no fixture") {
		t.Errorf("the reason is not reported:\n%s", failures)
	}
}

func TestLeftoverGoroutine(t *testing.T) {
	_, failures := run(t, func(m *memtest.M) { go func() { select {} }() })
	if !strings.Contains(failures, "goroutine") {
		t.Errorf("the goroutine is not reported:\n%s", failures)
	}
}

func TestSeveralInOneTest(t *testing.T) {
	one, failures1 := run(t, hold(1), memtest.Name("one"))
	two, failures2 := run(t, hold(2), memtest.Name("two"))
	if failures1+failures2 != "" {
		t.Fatal(failures1, failures2)
	}
	if one.Report == nil {
		return // a measured process
	}
	p1, _ := one.Value(highwater.Peak)
	p2, _ := two.Value(highwater.Peak)
	if p2 < 1.9*p1 || p2 > 2.1*p1 {
		t.Errorf("peaks %.0f and %.0f, want one to be twice the other", p1, p2)
	}
}

func TestBadOption(t *testing.T) {
	_, failures := run(t, hold(1), memtest.MaxPeak("lots"))
	if !strings.Contains(failures, `"lots"`) {
		t.Errorf("got %q", failures)
	}
}

// TestRegression makes a baseline, compares with it, and regresses. The size is
// in the environment, which this process sets and the measured ones find.
func TestRegression(t *testing.T) {
	const size = "MEMTEST_TEST_CHUNKS"
	body := func(m *memtest.M) {
		n := 0
		fmt.Sscan(os.Getenv(size), &n)
		hold(n)(m)
	}
	baseline := filepath.Join(t.TempDir(), "memory.json")
	options := []memtest.Option{memtest.NoRegression(baseline), memtest.NoBudget()}

	if os.Getenv(size) != "" { // a measured process
		memtest.Run(t, body, options...)
		return
	}
	t.Setenv(size, "4")
	_, failures := run(t, body, options...)
	if !strings.Contains(failures, "HIGHWATER_UPDATE=1") {
		t.Errorf("without a baseline: %q; want to be told how to make one", failures)
	}
	t.Setenv("HIGHWATER_UPDATE", "1")
	if _, failures = run(t, body, options...); failures != "" {
		t.Fatalf("making the baseline: %s", failures)
	}
	t.Setenv("HIGHWATER_UPDATE", "")
	if _, failures = run(t, body, options...); failures != "" {
		t.Errorf("nothing has changed, but: %s", failures)
	}
	t.Setenv(size, "5")
	if _, failures = run(t, body, options...); !strings.Contains(failures, "peak") || !strings.Contains(failures, "memtest_test.hold") {
		t.Errorf("a quarter more: %q", failures)
	}
}

// TestUnderRace runs a test of this package with the race detector, where no
// budget is judged.
func TestUnderRace(t *testing.T) {
	if testing.Short() {
		t.Skip("builds with -race")
	}
	out, err := exec.Command("go", "test", "-race", "-run=^TestOverBudgetPlain$", "-v", ".").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "built with -race") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestOverBudgetPlain would fail if its budget were judged.
func TestOverBudgetPlain(t *testing.T) {
	r, failures := run(t, hold(1), memtest.MaxPeak("1KB"))
	if r != nil && r.Report != nil && failures == "" {
		t.Error("1 MiB is within 1 KB")
	}
}
