package measure_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s is %.0f, want %.0f within %.0f", what, got, want, within)
	}
}

const mib = 1 << 20

// A program that ends by itself: its peak, with the site; its allocations.
func TestProgramEnds(t *testing.T) {
	p := program(t, "./cmd/tool", "")
	plain, err := exec.Command(p.Path, "-mode", "stats").Output()
	if err != nil {
		t.Fatal(err)
	}
	var total, mallocs float64
	if _, err := fmt.Sscanf(string(plain[strings.Index(string(plain), "total"):]), "total %f %f", &total, &mallocs); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"return", "exit"} {
		t.Run(mode, func(t *testing.T) {
			got, dir := passes(t, p, target.Drive{}, 0, "-mode", mode, "one", "two")
			for _, pass := range highwater.Passes() {
				if m := got[pass]; m.Outcome.Status != highwater.StatusOK {
					t.Fatalf("%s: %+v", pass, m.Outcome)
				}
			}
			exact := got[highwater.PassExact]
			near(t, "peak", exact.Values[highwater.Peak], 21*mib, 0.01*21*mib)
			if len(exact.Sites) == 0 || exact.Sites[0].Where.Func != "example.com/tool/internal/work.Spike" {
				t.Errorf("sites: %+v", exact.Sites)
			}
			if _, ok := exact.Values[highwater.Retained]; ok || exact.Unsupported[highwater.Retained] == "" {
				t.Errorf("retained: %v, %q", exact.Values, exact.Unsupported)
			}
			if len(exact.Notes) > 0 {
				t.Errorf("notes: %q", exact.Notes)
			}
			natural := got[highwater.PassNatural]
			near(t, "alloc_bytes", natural.Values[highwater.AllocBytes], total, 0.003*total)
			near(t, "allocs", natural.Values[highwater.Allocs], mallocs, 0.1*mallocs)
			if f := natural.Values[highwater.Footprint]; f < 20*mib || f > 80*mib {
				t.Errorf("footprint is %.0f", f)
			}
			if _, ok := got[highwater.PassCollector].Values[highwater.GCPressure]; !ok {
				t.Error("no gc_pressure")
			}
			log, err := filepath.Glob(filepath.Join(dir, "*natural.0.log"))
			if err != nil || len(log) != 1 {
				t.Fatalf("logs: %q, %v", log, err)
			}
			// The program sees the user's own settings and nothing of the probe's.
			if text, err := os.ReadFile(log[0]); err != nil || string(text) != "args: one two "+os.Getenv("GOGC")+" \n" {
				t.Errorf("it printed %q, %v", text, err)
			}
		})
	}
}

// A program that ends in another way than it should is an error that says how.
func TestProgramFails(t *testing.T) {
	p := program(t, "./cmd/tool", "")
	for _, c := range []struct {
		mode   string
		expect int
		status highwater.Status
		detail string
	}{
		{"fatal", 0, highwater.StatusExited, "ended with status 1 by itself, and not with 0"},
		{"fatal", 1, highwater.StatusOK, ""},
		{"panic", 0, highwater.StatusPanicked, "panic: upside down (main.go:"},
		{"kill", 0, highwater.StatusKilled, "was killed by a signal: killed"},
		{"exec", 0, highwater.StatusExited, "the last readings could not be taken"},
		{"return", 2, highwater.StatusExited, "ended with status 0 by itself, and not with 2"},
	} {
		t.Run(fmt.Sprintf("%s as %d", c.mode, c.expect), func(t *testing.T) {
			got, _ := passes(t, p, target.Drive{ExpectExit: c.expect}, 0, "-mode", c.mode)
			o := got[highwater.PassNatural].Outcome
			if o.Status != c.status || !strings.Contains(o.Detail, c.detail) {
				t.Errorf("outcome %+v, want %s: %s", o, c.status, c.detail)
			}
			if c.mode == "fatal" && c.expect == 0 && !strings.Contains(o.Stderr, "no more disk") {
				t.Errorf("its output is not there: %q", o.Stderr)
			}
		})
	}
}

// A program that does not end by itself is ended after the duration.
func TestProgramDuration(t *testing.T) {
	p := program(t, "./cmd/tool", "")
	got, _ := passes(t, p, target.Drive{Ready: listening(t), Duration: 300 * time.Millisecond}, 0, "-mode", "hang")
	exact := got[highwater.PassExact]
	if exact.Outcome.Status != highwater.StatusOK {
		t.Fatalf("%+v", exact.Outcome)
	}
	near(t, "peak", exact.Values[highwater.Peak], 21*mib, 0.01*21*mib)
}

func TestProgramTags(t *testing.T) {
	for tags, want := range map[string]float64{"": 0, "big": 5 * mib} {
		got, _ := passes(t, program(t, "./cmd/tagged", tags), target.Drive{}, 0)
		exact := got[highwater.PassExact]
		// What is left is the runtime's own.
		if peak := exact.Values[highwater.Peak]; exact.Outcome.Status != highwater.StatusOK || peak < want || peak > want+mib {
			t.Errorf("with tags %q: peak %.0f, %+v", tags, peak, exact.Outcome)
		}
	}
}

// load is a command line that makes requests to the server whose address is in a
// file: "/path*times" and "sleep*milliseconds".
func load(t *testing.T, address string, requests ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, r := range requests {
		if !strings.HasPrefix(r, "sleep") {
			r = "http://$(cat '" + address + "')" + r
		}
		words = append(words, r)
	}
	return envClient + `="` + strings.Join(words, " ") + `" '` + self + "'"
}

func listening(t *testing.T) *target.Ready {
	t.Helper()
	r, err := target.ParseReady("listening on")
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

// A server under load: what it holds meanwhile is told from what it held before, and
// from what it does not give back.
func TestProgramLoad(t *testing.T) {
	p := program(t, "./cmd/server", "")
	address := filepath.Join(t.TempDir(), "address")

	t.Run("given back", func(t *testing.T) {
		d := target.Drive{Ready: listening(t), Load: load(t, address, "/fill*1", "sleep*2000", "/drop*1")}
		got, _ := passes(t, p, d, 0, "-address", address)
		exact := got[highwater.PassExact]
		if exact.Outcome.Status != highwater.StatusOK {
			t.Fatalf("%+v", exact.Outcome)
		}
		near(t, "peak", exact.Values[highwater.Peak], 13*mib, 0.04*13*mib)
		near(t, "sustained", exact.Values[highwater.Sustained], 13*mib, 0.04*13*mib)
		near(t, "retained", exact.Values[highwater.Retained], 0, 64<<10)
		for _, name := range []string{highwater.Goroutines, highwater.FDs, highwater.Children} {
			if v, ok := exact.Values[name]; !ok || v != 0 {
				t.Errorf("%s: %v, %v: %+v", name, v, ok, exact.Leftovers)
			}
		}
		if m := got[highwater.PassNatural]; m.Values[highwater.Footprint] < 3*mib || m.Footprint == nil {
			t.Errorf("natural: %+v", m)
		}
	})
	t.Run("leaks", func(t *testing.T) {
		const requests = 200
		got, _ := passes(t, p, target.Drive{Ready: listening(t), Load: load(t, address, fmt.Sprintf("/leak*%d", requests))}, requests, "-address", address)
		exact := got[highwater.PassExact]
		if exact.Outcome.Status != highwater.StatusOK {
			t.Fatalf("%+v", exact.Outcome)
		}
		near(t, "retained", exact.Values[highwater.Retained], requests*8<<10, 100<<10)
		if len(exact.Retained) == 0 || exact.Retained[0].Where.Func != "main.leak" {
			t.Errorf("retained sites: %+v", exact.Retained)
		}
		// Per request: what it leaks, and what package net/http takes.
		if b := got[highwater.PassNatural].Values[highwater.AllocBytes]; b < 8<<10 || b > 16<<10 {
			t.Errorf("alloc_bytes is %.0f", b)
		}
	})
	for _, c := range []struct {
		name   string
		drive  target.Drive
		args   []string
		detail string
	}{
		{"load fails", target.Drive{Ready: listening(t), Load: "echo no client; exit 4"}, nil, "the load failed: exit status 4: no client"},
		{"program ends first", target.Drive{Ready: listening(t), Load: load(t, address, "/die*1", "/leak*1")}, nil, "ended with status 3 while the load was running, and not with 0 (--expect-exit); the load then failed: exit status 7"},
		{"never ready", target.Drive{Ready: listening(t), ReadyTimeout: 100 * time.Millisecond, Load: "true"}, []string{"-never"}, "was not ready: no line that it printed has listening on: waited for 100ms"},
		{"ends before it is ready", target.Drive{Ready: listening(t), Load: "true"}, []string{"-wrong"}, "ended with status 2 before it was ready"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := passes(t, p, c.drive, 0, append([]string{"-address", address}, c.args...)...)
			o := got[highwater.PassNatural].Outcome
			if o.Status == highwater.StatusOK || !strings.Contains(o.Detail, c.detail) {
				t.Errorf("outcome %+v, want %s", o, c.detail)
			}
		})
	}
	t.Run("load outlasts the duration", func(t *testing.T) {
		got, _ := passes(t, p, target.Drive{Ready: listening(t), Load: "sleep 600", Duration: 200 * time.Millisecond}, 0, "-address", address)
		exact := got[highwater.PassExact]
		if exact.Outcome.Status != highwater.StatusOK || !strings.Contains(strings.Join(exact.Notes, " "), "the load was ended after 200ms") {
			t.Errorf("%+v %q", exact.Outcome, exact.Notes)
		}
		near(t, "peak", exact.Values[highwater.Peak], 3*mib, 0.2*mib)
	})
}
