//go:build unix

package attach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

func TestURL(t *testing.T) {
	_, address, end := start(t, "server", "GODEBUG=memprofilerate=4096")
	s, err := URL("http://user:secret@"+address+"?token=secret", URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if want := "http://" + address + "/debug/pprof"; s.Name() != want || s.Kind() != highwater.SourcePprof {
		t.Errorf("it is called %q, a %s, want %q", s.Name(), s.Kind(), want)
	}
	first, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const held = servedObjects * servedSize
	p := r.Point
	if p.Heap < held || p.Heap > held+4<<20 {
		t.Errorf("live heap %d, want a little over %d", p.Heap, held)
	}
	if p.Stacks <= 0 || p.Runtime < p.Heap+p.Stacks {
		t.Errorf("stacks %d, held by the runtime %d", p.Stacks, p.Runtime)
	}
	if d := math.Abs(float64(p.Heap - first.Point.Heap)); d > 256<<10 {
		t.Errorf("between two readings the live heap moved by %.0f bytes", d)
	}
	if r.Rate != 4096 {
		t.Errorf("profile rate %d", r.Rate)
	}
	// 2,500 samples: a standard deviation of two percent.
	if s := r.Sites[0]; s.Where.Func != "github.com/highwater-dev/highwater/internal/attach.serve" ||
		!strings.HasSuffix(s.Where.File, "main_test.go") || math.Abs(float64(s.Bytes)/held-1) > 0.12 {
		t.Errorf("the largest site is %+v, want %d bytes in serve", s, held)
	}
	g := r.Goroutines[0]
	if g.Counts[0] != servedBlocked || g.State != "chan receive" ||
		!strings.HasSuffix(g.Created.Func, "attach.serve") || !strings.HasSuffix(g.Stack[0].Func, "attach.blocked") || g.Fingerprint == "" {
		t.Errorf("the largest group is %+v", g)
	}
	sum := 0
	for _, g := range r.Goroutines {
		sum += g.Counts[0]
	}
	if p.Goroutines < servedBlocked || p.Goroutines > servedBlocked+8 || sum < servedBlocked {
		t.Errorf("%d goroutines, %d in groups", p.Goroutines, sum)
	}
	if p.Threads <= 0 || p.RSS != 0 || s.Lacks()[highwater.QuantityRSS] == "" || s.Lacks()[highwater.QuantityLive] != "" {
		t.Errorf("%d threads, RSS %d, lacks %v", p.Threads, p.RSS, s.Lacks())
	}
	end()
	within(t, "the end", func() bool {
		_, err := s.Read(t.Context())
		if err != nil && !errors.Is(err, ErrGone) {
			t.Logf("on the way: %v", err)
		}
		return errors.Is(err, ErrGone)
	})
}

// Sites have the fingerprints that the probe would give them.
func TestFingerprints(t *testing.T) {
	defer func(rate int) { runtime.MemProfileRate = rate }(runtime.MemProfileRate)
	runtime.MemProfileRate = 1
	kept := [][]byte{generic[int](3000), generic[string](5000)}
	server := httptest.NewServer(http.DefaultServeMux)
	defer server.Close()
	s, err := URL(server.URL, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(kept)
	// As the probe does: see its resolve.
	records := make([]runtime.MemProfileRecord, 100_000)
	n, ok := runtime.MemProfile(records, true)
	if !ok {
		t.Fatal("too many records")
	}
	want := map[string]bool{}
	for _, record := range records[:n] {
		var stack []highwater.Frame
		found := false
		frames := runtime.CallersFrames(record.Stack())
		for {
			f, more := frames.Next()
			stack = append(stack, highwater.Frame{Func: f.Function, File: f.File, Line: f.Line})
			found = found || strings.Contains(f.Function, "attach.generic")
			if !more {
				break
			}
		}
		if found {
			want[heap.Fingerprint(stack)] = true
		}
	}
	got := map[string]bool{}
	for _, s := range r.Sites {
		if strings.Contains(s.Where.Func, "attach.generic") {
			got[s.Fingerprint] = true
		}
	}
	if len(got) == 0 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

//go:noinline
func generic[T any](n int) []byte { return make([]byte, n) }

// With too many goroutines to print, the profile alone is taken.
func TestManyGoroutines(t *testing.T) {
	server := httptest.NewServer(http.DefaultServeMux)
	defer server.Close()
	s, err := URL(server.URL, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stop := make(chan bool)
	defer close(stop)
	crowd := func(n int) {
		for range n {
			go func() { <-stop }()
		}
	}
	find := func(want int) highwater.GoroutineSeries {
		t.Helper()
		r, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range r.Goroutines {
			if g.Counts[0] == want {
				return g
			}
		}
		t.Fatalf("no group of %d among %+v", want, r.Goroutines)
		return highwater.GoroutineSeries{}
	}
	crowd(100)
	few := find(100)
	crowd(mostPrinted)
	many := find(100 + mostPrinted)
	if few.Fingerprint != many.Fingerprint || few.Created != many.Created || few.State != many.State || many.State != "chan receive" {
		t.Errorf("few: %+v\nmany: %+v", few, many)
	}
}

func TestSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.DefaultServeMux}
	go func() { _ = server.Serve(listener) }()
	s, err := URL("unix:"+path, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Read(t.Context()); err != nil || r.Point.Heap == 0 {
		t.Errorf("%+v, %v", r.Point, err)
	}
	_ = server.Close()
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrGone) {
		t.Errorf("after its end: %v", err)
	}
}

// What answers is not always a pprof endpoint.
func TestBadEndpoints(t *testing.T) {
	stats := func(total int) string {
		return fmt.Sprintf("# runtime.MemStats\n# HeapAlloc = 1\n# TotalAlloc = %d\n# Sys = 1\n# HeapReleased = 1\n# Stack = 1 / 1\n", total)
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"404":     {http.NotFound, `there is no pprof endpoint at`},
		"500":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, `answers "500 Internal Server Error"`},
		"401":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, "put what it wants into the address"},
		"garbage": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>hello</html>")) }, "no heap profile of a Go program"},
		"no size": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Replace(stats(1), "Sys = 1", "Sys = -1", 1))
		}, "Sys is no size"},
		"statistics alone": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, stats(1)) }, "is no profile"},
		"hanging":          {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "did not answer within 100ms"},
		"hanging in the middle": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "heap profile")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "did not answer within 100ms"},
		"redirecting": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "redirects more than 5 times"},
		"two gigabytes": {func(w http.ResponseWriter, _ *http.Request) {
			line := []byte(strings.Repeat("#\n", 32<<10))
			for range 2 << 30 / len(line) {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		}, "larger than 64 MiB"},
		"one long line": {func(w http.ResponseWriter, _ *http.Request) {
			line := make([]byte, 64<<10)
			for range 64 {
				_, _ = w.Write(line)
			}
		}, "no heap profile of a Go program"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "heap")
		}, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			o := URLOptions{Timeout: time.Minute}
			if strings.HasPrefix(name, "hanging") {
				o.Timeout = 100 * time.Millisecond
			}
			s, err := URL(strings.Replace(server.URL, "//", "//user:secret@", 1)+"/x?token=secret", o)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			_, err = s.Read(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), server.URL+"/x") {
				t.Fatalf("%v\nwant %s", err, c.want)
			}
			if strings.Contains(err.Error(), "secret") || errors.Is(err, ErrGone) {
				t.Errorf("%v", err)
			}
			if strings.HasPrefix(name, "hanging") && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
			l, err := LiveURL(strings.Replace(server.URL, "//", "//user:secret@", 1)+"/x?token=secret", o)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			want := c.want
			if name == "statistics alone" {
				want = "lacks figures"
			}
			s2, err := l.Look(t.Context(), true)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), server.URL+"/x") ||
				strings.Contains(err.Error(), "secret") || errors.Is(err, ErrGone) || s2.PID != 0 {
				t.Errorf("a look: %v\nwant %s", err, want)
			}
			if err := l.Collect(t.Context()); name != "statistics alone" && (err == nil || strings.Contains(err.Error(), "secret")) {
				t.Errorf("a collection: %v", err)
			}
			if _, err := l.Profile(t.Context(), "heap"); err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("a profile: %v", err)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	for _, bad := range []string{"", "localhost:6060", "ftp://x/debug", "http://", "unix:", "http://user:secret@[::1/", "1234"} {
		if _, err := URL(bad, URLOptions{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for at, want := range map[string]string{
		"http://h:1":                 "http://h:1/debug/pprof",
		"http://h:1/":                "http://h:1/debug/pprof",
		"https://h/p/":               "https://h/p",
		"http://u:p@h:1/debug/pprof": "http://h:1/debug/pprof",
		"unix:///run/x":              "unix:/run/x",
	} {
		if s, err := URL(at, URLOptions{}); err != nil || s.Name() != want {
			t.Errorf("%s: %v, want %s", at, s, want)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()
	s, err := URL("http://"+free.Addr().String(), URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "is the program running") || errors.Is(err, ErrGone) {
		t.Errorf("nobody there: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Read(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Another process behind the same address is not the one that was looked at.
func TestRestarted(t *testing.T) {
	total := 1 << 40
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("gc") == "" {
			http.DefaultServeMux.ServeHTTP(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, "# runtime.MemStats\n# HeapAlloc = 1\n# TotalAlloc = %d\n# Sys = 1\n# HeapReleased = 1\n# Stack = 1 / 1\n", total)
	}))
	defer server.Close()
	s, err := URL(server.URL, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	total = 1
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), "restarted") {
		t.Errorf("%v", err)
	}
}

// Goroutines that can never go on are those that the runtime has marked; a build without
// its leak profile has none to tell of.
func TestBlocked(t *testing.T) {
	const text = "goroutine 1 [running]:\nmain.main()\n\t/a/main.go:9 +0x1\n\n" +
		"goroutine 18 [chan receive (leaked), 2 minutes]:\nmain.wait(...)\n\t/a/main.go:30\ncreated by main.begin in goroutine 1\n\t/a/main.go:20 +0x5\n\n" +
		"goroutine 19 [chan receive (leaked)]:\nmain.wait(...)\n\t/a/main.go:30\ncreated by main.begin in goroutine 1\n\t/a/main.go:20 +0x5\n\n" +
		"goroutine 20 [chan receive]:\nmain.wait(...)\n\t/a/main.go:30\ncreated by main.begin in goroutine 1\n\t/a/main.go:20 +0x5\n"
	has := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !has || !strings.HasSuffix(r.URL.Path, "/goroutineleak") || r.URL.Query().Get("debug") != "2" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, text)
	}))
	defer server.Close()
	s, err := URL(server.URL, URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := s.(Blocker)
	groups, ok, err := b.Blocked(t.Context())
	if err != nil || !ok || len(groups) != 1 || groups[0].Count != 2 ||
		groups[0].Detail != "chan receive at main.wait (main.go:30), created by main.begin (main.go:20)" {
		t.Errorf("%+v, %v, %v", groups, ok, err)
	}
	has = false
	if groups, ok, err = b.Blocked(t.Context()); err != nil || ok || groups != nil {
		t.Errorf("without the profile: %+v, %v, %v", groups, ok, err)
	}
}
