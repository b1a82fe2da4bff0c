package measure

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

func TestMergeGODEBUG(t *testing.T) {
	for _, c := range []struct{ user, want string }{
		{"", "a=1,b=2"},
		{"gctrace=1", "gctrace=1,a=1,b=2"},
		{"a=0,x=y", "a=0,x=y,a=1,b=2"}, // the last one counts
	} {
		if got := mergeGODEBUG(c.user, "a=1", "b=2"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.user, got, c.want)
		}
	}
}

func TestEnviron(t *testing.T) {
	user := []string{"PATH=/bin", "GOGC=50", "GODEBUG=gctrace=1", "GOGC=60", "GOMAXPROCSX=9"}
	extra := []string{"TERM=dumb", "GOMEMLIMIT=1GiB"}
	for pass, want := range map[highwater.Pass]struct {
		set     map[string]string // "" for a variable that is not there
		restore map[string]string
		unset   []string
	}{
		highwater.PassNatural: {
			map[string]string{"GOGC": "60", "GODEBUG": "gctrace=1,memprofilerate=0", "GOMEMLIMIT": "1GiB", "GOMAXPROCS": ""},
			map[string]string{"GODEBUG": "gctrace=1"},
			nil,
		},
		highwater.PassCollector: {
			map[string]string{"GOGC": "60", "GODEBUG": "gctrace=1,memprofilerate=0", "GOMEMLIMIT": "1GiB", "GOMAXPROCS": "1"},
			map[string]string{"GODEBUG": "gctrace=1"},
			[]string{"GOMAXPROCS"},
		},
		highwater.PassExact: {
			map[string]string{
				"GOGC": "100", "GOMEMLIMIT": "off", "GOMAXPROCS": "1",
				"GODEBUG": "gctrace=1,gcstoptheworld=2,adaptivestackstart=0,memprofilerate=4096",
			},
			map[string]string{"GOGC": "60", "GODEBUG": "gctrace=1", "GOMEMLIMIT": "1GiB"},
			[]string{"GOMAXPROCS"},
		},
	} {
		spec := probe.Spec{Socket: "s", Pass: string(pass)}
		before := slices.Clone(user)
		env := environ(user, target.Target{Env: extra}, pass, 4096, &spec)
		if !slices.Equal(user, before) {
			t.Errorf("%s: the caller's environment was changed", pass)
		}
		for name, v := range want.set {
			if got := lookup(env, name); got != v {
				t.Errorf("%s: %s=%s, want %q", pass, name, got, v)
			}
		}
		for name, v := range map[string]string{"PATH": "/bin", "TERM": "dumb", "GOMAXPROCSX": "9"} {
			if got := lookup(env, name); got != v {
				t.Errorf("%s: %s=%s, want %q", pass, name, got, v)
			}
		}
		if !maps.Equal(spec.Restore, want.restore) || !slices.Equal(spec.Unset, want.unset) {
			t.Errorf("%s: restores %v and unsets %v, want %v and %v", pass, spec.Restore, spec.Unset, want.restore, want.unset)
		}
		// What the process is told is what was noted, to the letter.
		if last := env[len(env)-1]; last != probe.EnvSpec+"="+spec.Encode() {
			t.Errorf("%s: the last variable is %s", pass, last)
		}
	}
}

func TestLookup(t *testing.T) {
	env := []string{"A=1", "AB=2", "A=3=4", "C"}
	for name, want := range map[string]string{"A": "3=4", "AB": "2", "C": "", "B": ""} {
		if got := lookup(env, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestProfileRate(t *testing.T) {
	for _, c := range []struct {
		allocated uint64
		want      int
	}{
		{0, 512}, // unknown
		{1, 1},
		{100_000, 1},
		{399_999, 1},
		{400_000, 2},
		{200_000 * 4096, 4096},
		{200_000*8192 - 1, 4096},
		{200_000 * 8192, 8192},
		{1 << 63, 512 << 10}, // the runtime's own rate is the largest
	} {
		got := profileRate(c.allocated, 200_000)
		if got != c.want || got&(got-1) != 0 {
			t.Errorf("%d bytes: rate %d, want %d", c.allocated, got, c.want)
		}
	}
}

func TestProfileName(t *testing.T) {
	for scenario, want := range map[string]string{
		"terminal_operations/scrollback@vt10x": "terminal_operations-scrollback@vt10x.",
		"../../etc/passwd":                     "-..-etc-passwd.",
		"...":                                  ".",
		"a b\x00\x1b[31m/ü":                    "a-b---31m--.",
		strings.Repeat("x", 500):               strings.Repeat("x", 100) + ".",
	} {
		got := profileName(&highwater.Measurement{Scenario: scenario, Repeat: 2})
		if !strings.HasPrefix(got, want) || strings.ContainsAny(got, "/\\ \x00\x1b") || !strings.HasSuffix(got, ".2.pb.gz") {
			t.Errorf("%q: got %q, want %q and more", scenario, got, want)
		}
	}
}
