package probe

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestSpecDecodeErrors(t *testing.T) {
	good := Spec{Socket: "/tmp/s", Scenario: "a/b", Pass: "exact"}.Encode()
	if _, err := decodeSpec(good); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":        "",
		"no socket":    Spec{}.Encode(),
		"bad escape":   good + "&x=%zz",
		"bad time":     strings.Replace(good, "mintime=0s", "mintime=soon", 1),
		"bad high":     strings.Replace(good, "high=0", "high=lots", 1),
		"no such text": "true",
	} {
		if text == good {
			t.Fatalf("%s: nothing was replaced in %s", name, good)
		}
		if _, err := decodeSpec(text); err == nil || !strings.Contains(err.Error(), EnvSpec) {
			t.Errorf("%s: got %v, want an error that names %s", name, err, EnvSpec)
		}
	}
}

func TestFromEnvironment(t *testing.T) {
	unset(t, EnvSpec)
	if _, ok, err := FromEnvironment(); ok || err != nil {
		t.Errorf("without a spec: %v, %v", ok, err)
	}
	t.Setenv(EnvSpec, "nonsense")
	if _, ok, err := FromEnvironment(); !ok || err == nil {
		t.Errorf("with nonsense: %v, %v; want an error, never an ordinary start", ok, err)
	}

	t.Setenv("GOGC", "100")
	t.Setenv("GOMEMLIMIT", "off")
	t.Setenv("GOMAXPROCS", "1")
	want := Spec{
		Socket: "/tmp/s", Scenario: "suite/name@variant", Pass: "natural", MinTime: 1500 * time.Millisecond, High: 1 << 30, Compared: true,
		Restore: map[string]string{"GOGC": "50", "GOMEMLIMIT": "1GiB"}, Unset: []string{"GOMAXPROCS"},
	}
	t.Setenv(EnvSpec, want.Encode())
	got, ok, err := FromEnvironment()
	if !ok || err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, %v; want %+v", got, ok, err, want)
	}
	for name, want := range map[string]string{"GOGC": "50", "GOMEMLIMIT": "1GiB"} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{EnvSpec, "GOMAXPROCS"} {
		if v, ok := os.LookupEnv(name); ok {
			t.Errorf("%s is still set, to %q", name, v)
		}
	}
}

// unset takes a variable out of the environment for the length of the test.
func unset(t *testing.T, name string) {
	t.Setenv(name, "") // restores it at the end
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}

func FuzzSpec(f *testing.F) {
	f.Add("/tmp/highwater-1/probe", "terminal_operations/scrollback@vt10x", "exact", int64(1e9), int64(1<<30), true, "gctrace=1,madvdontneed=1", true)
	f.Add("s", "a b&c=d%20ü\x00\xff\n", "", int64(-1), int64(-1<<63), false, "", false)
	f.Add("x", "", "natural", int64(1<<63-1), int64(0), false, "=;&", true)
	f.Fuzz(func(t *testing.T, socket, scenario, pass string, minTime, high int64, list bool, old string, wasSet bool) {
		want := Spec{Socket: socket, Scenario: scenario, Pass: pass, MinTime: time.Duration(minTime), High: high, List: list, Restore: map[string]string{}}
		if wasSet {
			want.Restore["GODEBUG"] = old
		} else {
			want.Unset = []string{"GODEBUG", "GOGC"}
		}
		text := want.Encode()
		if strings.ContainsAny(text, "\x00\n") {
			t.Errorf("%q does not fit into an environment variable", text)
		}
		got, err := decodeSpec(text)
		if socket == "" {
			if err == nil {
				t.Error("a spec without a socket was accepted")
			}
			return
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	})
}

func FuzzDecodeSpec(f *testing.F) {
	f.Add(Spec{Socket: "s", Restore: map[string]string{"GOGC": "1"}, Unset: []string{"GODEBUG"}}.Encode())
	f.Add("socket=s&mintime=1s&high=1&env.PATH=/evil&unset=HOME")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := decodeSpec(text)
		if err != nil {
			return
		}
		// Only the variables that highwater sets are ever touched.
		for _, name := range append(s.Unset, keys(s.Restore)...) {
			if !strings.HasPrefix(name, "GO") {
				t.Errorf("%s is to be changed", name)
			}
		}
	})
}

func keys(m map[string]string) (ks []string) {
	for k := range m {
		ks = append(ks, k)
	}
	return ks
}
