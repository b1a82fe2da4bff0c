package measure_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// leftovers counts by kind.
func leftovers(m highwater.Measurement) map[string]int {
	n := map[string]int{}
	for _, l := range m.Leftovers {
		n[l.Kind] += l.Count
	}
	return n
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	metrics := map[string]string{"goroutine": highwater.Goroutines, "fd": highwater.FDs, "child": highwater.Children}
	for name, want := range map[string]struct {
		kind   string // the only one
		detail string
		site   string // function that made it
	}{
		"clean":     {},
		"goroutine": {"goroutine", "created by github.com/highwater-dev/highwater/internal/measure_test.forget (scenarios_test.go:", ".forget"},
		"fd":        {"fd", "/dev/null", ""},
		"fork":      {"child", "sleep 600", ""},
		"daemon":    {"child", "sleep 600", ""},
	} {
		m := only(t, measure.Options{}, of(t, name, exactly))
		if m.Outcome.Status != highwater.StatusOK {
			t.Errorf("%s: %+v", name, m.Outcome)
			continue
		}
		n := leftovers(m)
		for kind, metric := range metrics {
			expected := 0
			if kind == want.kind {
				expected = 1
			}
			if v, ok := m.Values[metric]; n[kind] != expected || v != float64(expected) || !ok {
				t.Errorf("%s: %d %ss are left and %s is %v, want %d: %+v", name, n[kind], kind, metric, v, expected, m.Leftovers)
			}
		}
		if len(m.Leftovers) == 1 {
			l := m.Leftovers[0]
			if !strings.Contains(l.Detail, want.detail) {
				t.Errorf("%s: %q does not name %q", name, l.Detail, want.detail)
			}
			if want.site != "" && (len(l.Stack) == 0 || !strings.Contains(l.Stack[0].Func, want.site)) {
				t.Errorf("%s: the stack is %+v", name, l.Stack)
			}
		}
	}
}

// The processes that a workload starts find the user's environment and not ours.
func TestChildrensEnvironment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set  []string // by the user
		want map[string]string
	}{
		{nil, map[string]string{"GODEBUG": os.Getenv("GODEBUG"), "GOGC": os.Getenv("GOGC"), "GOMAXPROCS": os.Getenv("GOMAXPROCS"), "GOMEMLIMIT": os.Getenv("GOMEMLIMIT")}},
		{
			[]string{"GODEBUG=madvdontneed=1,gcstoptheworld=0", "GOGC=77", "GOMAXPROCS=2", "GOMEMLIMIT=3GiB"},
			map[string]string{"GODEBUG": "madvdontneed=1,gcstoptheworld=0", "GOGC": "77", "GOMAXPROCS": "2", "GOMEMLIMIT": "3GiB"},
		},
	} {
		for _, pass := range highwater.Passes() {
			file := filepath.Join(t.TempDir(), "env")
			tg := of(t, "environment", []highwater.Pass{pass}, append(c.set, envFile+"="+file)...)
			if m := only(t, measure.Options{}, tg); m.Outcome.Status != highwater.StatusOK {
				t.Fatal(m.Outcome)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			env := map[string]string{}
			for line := range strings.Lines(string(text)) {
				name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
				env[name] = value
			}
			for name, want := range c.want {
				if got := env[name]; got != want {
					t.Errorf("%s: %s=%s, want %q", pass, name, got, want)
				}
			}
			for _, ours := range []string{"HIGHWATER_PROBE", "HIGHWATER_SUPERVISE"} {
				if v, ok := env[ours]; ok {
					t.Errorf("%s: %s=%s", pass, ours, v)
				}
			}
		}
	}
}

// Restoring the user's GODEBUG changes settings of the running process. The
// collector of the exact pass has to go on stopping the world.
func TestExactPassStopsTheWorld(t *testing.T) {
	t.Parallel()
	excess := func(pass highwater.Pass, env ...string) int {
		file := filepath.Join(t.TempDir(), "excess")
		tg := of(t, "churning", []highwater.Pass{pass}, append(env, envFile+"="+file)...)
		if m := only(t, measure.Options{}, tg); m.Outcome.Status != highwater.StatusOK {
			t.Fatal(m.Outcome)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(string(text))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const allowed = 16 << 10
	for _, user := range []string{"", "GODEBUG=gcstoptheworld=0", "GODEBUG=gctrace=0,gcstoptheworld=0,madvdontneed=1"} {
		if got := excess(highwater.PassExact, user); got > allowed {
			t.Errorf("with %q collections took %d bytes of garbage for live", user, got)
		}
	}
	if got := excess(highwater.PassNatural); got <= allowed {
		t.Errorf("a concurrent collector took %d bytes of garbage for live, so the workload shows nothing", got)
	}
}

func TestNaturalProcessesRunAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "lock")
	passes := []highwater.Pass{highwater.PassNatural, highwater.PassExact}
	one, two := of(t, "apart-one", passes, envFile+"="+file), of(t, "apart-two", passes, envFile+"="+file)
	n := 0
	for id, ms := range measureAll(t, measure.Options{Repeats: 3, Jobs: 2}, one, two) {
		for _, m := range ms {
			n++
			if m.Outcome.Status != highwater.StatusOK {
				t.Errorf("%s, %s %d: %+v", id, m.Pass, m.Repeat, m.Outcome)
			}
		}
	}
	if n != 2*2*3 {
		t.Errorf("%d measurements, want 12", n)
	}
}

// marked lists the processes that have the setting in their environment.
func marked(t *testing.T, setting string) (pids []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil && slices.ContainsFunc(bytes.Split(text, []byte{0}), func(b []byte) bool { return string(b) == setting }) {
			pids = append(pids, strings.Split(f, "/")[2])
		}
	}
	return pids
}

func TestCancel(t *testing.T) {
	t.Parallel()
	setting := envMark + "=" + strconv.Itoa(os.Getpid())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	targets := []target.Target{of(t, "hang", naturally, setting), of(t, "good", exactly, setting)}
	ended := make(chan error, 1)
	recorded := 0
	go func() {
		ended <- measure.Run(ctx, targets, measure.Options{Timeout: time.Minute}, func(highwater.Measurement) { recorded++ })
	}()
	// The supervisor and the measured process.
	for begun := time.Now(); len(marked(t, setting)) < 2; time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("nothing was started")
		}
	}
	begun := time.Now()
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("Run did not return")
	}
	if spent := time.Since(begun); spent > 5*time.Second {
		t.Errorf("it took %s", spent)
	}
	if left := marked(t, setting); len(left) != 0 {
		t.Errorf("processes %s are left", left)
	}
	if recorded != 0 {
		t.Errorf("%d measurements of a cancelled run", recorded)
	}
}
