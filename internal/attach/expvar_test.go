//go:build unix

package attach

import (
	"expvar"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/pprof"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// expvars is a program whose heap profile as text takes a while, and what its package
// expvar publishes, too.
type expvars struct {
	live                   Live
	textTakes, varsTakes   time.Duration
	textStatus, varsStatus atomic.Int64 // of the answers, if they are none
	texts, vars            int64        // that were asked for
}

func serveExpvars(t *testing.T, textTakes, varsTakes time.Duration) *expvars {
	x := &expvars{textTakes: textTakes, varsTakes: varsTakes}
	mux := http.NewServeMux()
	mux.HandleFunc("/x/debug/pprof/", func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/x")
		if strings.HasSuffix(r.URL.Path, "/heap") && r.FormValue("debug") == "1" {
			atomic.AddInt64(&x.texts, 1)
			time.Sleep(x.textTakes)
			if status := x.textStatus.Load(); status != 0 {
				w.WriteHeader(int(status))
				return
			}
		}
		pprof.Index(w, r)
	})
	mux.HandleFunc("/x/debug/vars", func(w http.ResponseWriter, r *http.Request) {
		atomic.AddInt64(&x.vars, 1)
		time.Sleep(x.varsTakes)
		if status := x.varsStatus.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		expvar.Handler().ServeHTTP(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var err error
	if x.live, err = LiveURL(server.URL+"/x/debug/pprof", URLOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.live.Close() })
	return x
}

// look looks some times, and says how often it was asked for what.
func (x *expvars) look(t *testing.T, times int) (s highwater.Snapshot, texts, vars int64) {
	t.Helper()
	texts, vars = atomic.LoadInt64(&x.texts), atomic.LoadInt64(&x.vars)
	for range times {
		var err error
		if s, err = x.live.Look(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	return s, atomic.LoadInt64(&x.texts) - texts, atomic.LoadInt64(&x.vars) - vars
}

func (x *expvars) rest() time.Duration { return x.live.(Rester).Rest() }

// Where the text of the heap profile costs the process much, its figures come from package
// expvar, if it publishes them, and from the profile again when it does not any more.
func TestFiguresFromExpvar(t *testing.T) {
	const long = 300 * time.Millisecond // longer than anything else here, on a busy machine too
	x := serveExpvars(t, long, 0)
	if _, texts, vars := x.look(t, 4); texts != 4 || vars != 0 {
		t.Errorf("the first looks: %d texts, %d times expvar", texts, vars)
	}
	if x.rest() < long*restThrift/2 {
		t.Errorf("left alone for %v", x.rest())
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, texts, vars := x.look(t, 4)
	runtime.ReadMemStats(&after)
	if texts != 0 || vars != 5 { // once to see whether it is there
		t.Errorf("the next looks: %d texts, %d times expvar", texts, vars)
	}
	if n := s.Allocated.Bytes; n < int64(before.TotalAlloc) || n > int64(after.TotalAlloc) {
		t.Errorf("%d bytes allocated, want %d to %d", n, before.TotalAlloc, after.TotalAlloc)
	}
	if n := s.GC.Cycles; n < int64(before.NumGC) || n > int64(after.NumGC) {
		t.Errorf("%d collections, want %d to %d", n, before.NumGC, after.NumGC)
	}
	if x.rest() > long*restThrift/2 {
		t.Errorf("it is left alone for %v still", x.rest())
	}
	// An answer that is none now is no reason to do without it for ever.
	x.varsStatus.Store(http.StatusServiceUnavailable)
	if _, texts, vars := x.look(t, 1); texts != 1 || vars != 1 {
		t.Errorf("without an answer: %d texts, %d times expvar", texts, vars)
	}
	x.varsStatus.Store(0)
	if _, texts, vars := x.look(t, 2); texts != 0 || vars != 2 {
		t.Errorf("with one again: %d texts, %d times expvar", texts, vars)
	}
	x.varsStatus.Store(http.StatusNotFound)
	if _, texts, vars := x.look(t, 3); texts != 3 || vars != 1 {
		t.Errorf("when it has gone: %d texts, %d times expvar", texts, vars)
	}
}

// What is dearer than the text is not asked for again, and a look that fails is no cheap one.
func TestExpvarThatIsDearer(t *testing.T) {
	x := serveExpvars(t, 50*time.Millisecond, time.Second)
	x.look(t, 4)
	if _, texts, vars := x.look(t, 3); texts != 3 || vars != 1 {
		t.Errorf("%d texts, %d times expvar", texts, vars)
	}
	x.textStatus.Store(http.StatusServiceUnavailable)
	before := x.rest()
	if _, err := x.live.Look(t.Context(), false); err == nil {
		t.Fatal("an answer that is none is none")
	}
	if x.rest() != before {
		t.Errorf("after a look that failed it is left alone for %v, and was for %v", x.rest(), before)
	}
}

// Both ways of telling runtime.MemStats say the same.
func TestMemStats(t *testing.T) {
	var s runtime.MemStats
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Uint64, reflect.Uint32:
			f.SetUint(uint64(1000 + i))
		case reflect.Array:
			for j := range f.Len() {
				if f.Index(j).Kind() == reflect.Uint64 {
					f.Index(j).SetUint(uint64(10_000*i + j))
				}
			}
		}
	}
	s.GCCPUFraction = 0.25
	// As runtime/pprof writes it (writeHeapInternal).
	text := fmt.Sprintf(`heap profile: 0: 0 [0: 0] @ heap/1048576

# runtime.MemStats
# Alloc = %d
# TotalAlloc = %d
# Sys = %d
# Lookups = %d
# Mallocs = %d
# Frees = %d
# HeapAlloc = %d
# HeapSys = %d
# HeapIdle = %d
# HeapInuse = %d
# HeapReleased = %d
# HeapObjects = %d
# Stack = %d / %d
# MSpan = %d / %d
# MCache = %d / %d
# BuckHashSys = %d
# GCSys = %d
# OtherSys = %d
# NextGC = %d
# LastGC = %d
# PauseNs = %d
# PauseEnd = %d
# NumGC = %d
# NumForcedGC = %d
# GCCPUFraction = %v
# DebugGC = %v
`, s.Alloc, s.TotalAlloc, s.Sys, s.Lookups, s.Mallocs, s.Frees, s.HeapAlloc, s.HeapSys, s.HeapIdle, s.HeapInuse, s.HeapReleased,
		s.HeapObjects, s.StackInuse, s.StackSys, s.MSpanInuse, s.MSpanSys, s.MCacheInuse, s.MCacheSys, s.BuckHashSys, s.GCSys, s.OtherSys,
		s.NextGC, s.LastGC, s.PauseNs, s.PauseEnd, s.NumGC, s.NumForcedGC, s.GCCPUFraction, s.DebugGC)
	want, err := readMemStats(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := memoryOf(&s)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) || !got.complete {
		t.Errorf("%+v, want %+v", got, want)
	}
	s.Sys = 1 << 63
	if _, err := memoryOf(&s); err == nil {
		t.Error("a size of 8 EB is one")
	}
}
