package measure

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

func site(name string, bytes int64) highwater.Site {
	return highwater.Site{Bytes: bytes, Objects: 1, Fingerprint: name, Where: highwater.Frame{Func: name, File: "a.go", Line: 1}}
}

func group(name string, n int) highwater.GoroutineSeries {
	return highwater.GoroutineSeries{Fingerprint: name, Created: highwater.Frame{Func: name}, Counts: []int{n}}
}

// Reading i has figures that follow from i, so that every point that is kept can be
// told, and nothing that was done is lost.
func TestSoakThinning(t *testing.T) {
	for _, readings := range []int{1, 2, maxPoints, maxPoints + 1, maxPoints + 2, 2*maxPoints + 1, 5*maxPoints + 3} {
		r := NewSoakRecorder(highwater.SourceProbe, time.Second, time.Hour)
		for i := range readings {
			var sites []highwater.Site
			if i%11 != 5 { // not there now and then
				sites = append(sites, site("x", int64(i)))
			}
			r.Add(highwater.SoakPoint{Op: int64(i), Work: &highwater.SoakWork{
				Ops: 2, Busy: 3, CPU: 5, P50: time.Duration(i), Max: time.Duration(i),
			}}, sites, []highwater.GoroutineSeries{group("g", i+1)}, nil)
		}
		s := r.Soak()
		n := len(s.Points)
		if n > maxPoints || n < min(readings, maxPoints/2) || s.Points[n-1].Op != int64(readings-1) {
			t.Fatalf("%d readings: %d points, the last of reading %d", readings, n, s.Points[n-1].Op)
		}
		var done highwater.SoakWork
		for i, p := range s.Points {
			op := int64(i * s.Thinned)
			if i == n-1 {
				op = int64(readings - 1)
			}
			held := op
			if op%11 == 5 {
				held = 0
			}
			if p.Op != op || s.Goroutines[0].Counts[i] != int(op)+1 || readings > 1 && s.Sites[0].Bytes[i] != held {
				t.Fatalf("%d readings: point %d is of reading %d, want %d: %d goroutines, %d bytes",
					readings, i, p.Op, op, s.Goroutines[0].Counts[i], s.Sites[0].Bytes[i])
			}
			done = highwater.SoakWork{Ops: done.Ops + p.Work.Ops, Busy: done.Busy + p.Work.Busy, CPU: done.CPU + p.Work.CPU}
			if p.Work.Max != time.Duration(op) {
				t.Fatalf("%d readings: the longest operation up to %d took %d", readings, op, p.Work.Max)
			}
		}
		all := int64(readings)
		if want := (highwater.SoakWork{Ops: 2 * all, Busy: time.Duration(3 * all), CPU: time.Duration(5 * all)}); done != want {
			t.Errorf("%d readings: %+v was done, want %+v", readings, done, want)
		}
	}
}

func TestTogether(t *testing.T) {
	a := &highwater.SoakWork{Ops: 1, P50: 10, P95: 20, P99: 30, Max: 40}
	b := &highwater.SoakWork{Ops: 3, P50: 50, P95: 60, P99: 70, Max: 35}
	want := highwater.SoakWork{Ops: 4, P50: 40, P95: 50, P99: 60, Max: 40}
	if got := *together(a, b); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	idle := &highwater.SoakWork{CPU: 7}
	if got := *together(idle, b); got.P50 != 50 || got.CPU != 7 {
		t.Errorf("an idle interval changes the percentiles: %+v", got)
	}
	if together(nil, nil) != nil || together(a, nil) != a || together(nil, b) != b {
		t.Error("nothing and something is something")
	}
}

// A program that makes and drops sites, a thousand at a time, costs a bounded amount
// of memory, and a slow leak among them is kept from its first byte.
func TestSoakChurn(t *testing.T) {
	r := NewSoakRecorder(highwater.SourceProbe, time.Second, time.Hour)
	const readings = 120
	for i := range readings {
		sites := []highwater.Site{site("leak", int64(1000*(i+1))), site("large", 50<<20), site("filled", min(int64(i), 20)<<20)}
		for j := range 1000 {
			sites = append(sites, site(fmt.Sprintf("%d-%d", i, j), 20_000))
		}
		r.Add(highwater.SoakPoint{}, sites, nil, nil)
		if n := len(r.sites.by); n > maxTracks || r.sites.held > maxValues {
			t.Fatalf("after %d readings %d sites with %d values are kept", i, n, r.sites.held)
		}
	}
	s := r.Soak()
	if len(s.Sites) > mostGrowing+mostRisen+leastPicked {
		t.Errorf("%d sites", len(s.Sites))
	}
	for _, name := range []string{"leak", "large", "filled"} {
		i := slices.IndexFunc(s.Sites, func(s highwater.SiteSeries) bool { return s.Site.Fingerprint == name })
		if i < 0 {
			t.Errorf("%s is not among the sites", name)
			continue
		}
		if b := s.Sites[i].Bytes; len(b) != readings || name == "leak" && (b[0] != 1000 || b[readings-1] != 1000*readings) {
			t.Errorf("%s: %d values, from %d to %d", name, len(b), b[0], b[len(b)-1])
		}
	}
}

// The bound on values holds where the one on sites does not bind.
func TestSoakValues(t *testing.T) {
	if testing.Short() {
		t.Skip("four million values")
	}
	r := NewSoakRecorder(highwater.SourceProbe, time.Second, time.Hour)
	for range maxValues/maxTracks + 20 {
		sites := []highwater.Site{site("large", 1<<30)}
		for j := range maxTracks - 1 {
			sites = append(sites, highwater.Site{Fingerprint: "s", Where: highwater.Frame{Line: j}, Bytes: 1})
		}
		r.Add(highwater.SoakPoint{}, sites, nil, nil)
		if r.sites.held > maxValues {
			t.Fatalf("%d values", r.sites.held)
		}
	}
	if s := r.Soak(); s.Sites[0].Site.Fingerprint != "large" || slices.Contains(s.Sites[0].Bytes, 0) {
		t.Error("the course of the largest site is not whole")
	}
}

// What grows after a warm-up, at a small site among many large ones, is picked; so are
// lines of one function apart, and what is gone holds nothing.
func TestSoakPick(t *testing.T) {
	r := NewSoakRecorder(highwater.SourceProbe, time.Second, time.Hour)
	for i := range 100 {
		var sites []highwater.Site
		for j := range 200 {
			sites = append(sites, site(fmt.Sprint("steady", j), int64(1<<20+(i*7919+j*104729)%4096)))
		}
		leak := site("leak", 300_000)
		if i >= 30 { // at first it holds more, which it gives back
			leak.Bytes = int64(1000 * i)
		}
		other := leak
		other.Where.Line, other.Bytes = 2, 10<<20
		sites = append(sites, leak, other)
		if i < 50 {
			sites = append(sites, site("gone", 100<<20))
		}
		r.Add(highwater.SoakPoint{}, sites, nil, nil)
	}
	s := r.Soak()
	lines := map[int]int64{}
	for _, s := range s.Sites {
		if s.Site.Fingerprint == "leak" {
			lines[s.Site.Where.Line] = s.Bytes[99]
		}
		if s.Site.Fingerprint == "gone" && s.Site.Bytes != 0 {
			t.Errorf("what is gone holds %d", s.Site.Bytes)
		}
	}
	if want := map[int]int64{1: 99_000, 2: 10 << 20}; !reflect.DeepEqual(lines, want) {
		t.Errorf("%v, want %v", lines, want)
	}
}

func TestSoakMappings(t *testing.T) {
	r := NewSoakRecorder(highwater.SourceProcess, time.Second, time.Hour)
	r.Add(highwater.SoakPoint{}, nil, nil, []highwater.Mapping{{Name: "a", After: 5}, {Name: "b", After: 7}})
	r.Add(highwater.SoakPoint{}, nil, nil, []highwater.Mapping{{Name: "a", After: 99}})
	r.Add(highwater.SoakPoint{}, nil, nil, []highwater.Mapping{{Name: "c", After: 1}, {Name: "a", After: 6}})
	r.Add(highwater.SoakPoint{}, nil, nil, nil) // not to be had this time
	want := []highwater.Mapping{
		{Name: "b", Before: 7, Bytes: []int64{7, 0, 0, 0}},
		{Name: "a", Before: 5, After: 6, Bytes: []int64{5, 99, 6, 6}},
		{Name: "c", After: 1, Bytes: []int64{0, 0, 1, 1}},
	}
	if got := r.Soak().Mappings; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A Soak stays what it was while readings go on, from another goroutine.
func TestSoakCopies(t *testing.T) {
	r := NewSoakRecorder(highwater.SourceProbe, time.Second, time.Hour)
	add := func() {
		r.Add(highwater.SoakPoint{Work: &highwater.SoakWork{Ops: 1}}, []highwater.Site{site("x", 1)}, []highwater.GoroutineSeries{group("g", 1)}, nil)
	}
	for range maxPoints - 5 {
		add()
	}
	var done sync.WaitGroup
	done.Go(func() {
		for range 500 {
			add()
		}
	})
	for range 50 {
		s := r.Soak()
		n := len(s.Points)
		if len(s.Sites[0].Bytes) != n || len(s.Goroutines[0].Counts) != n {
			t.Fatalf("%d points, %d and %d values", n, len(s.Sites[0].Bytes), len(s.Goroutines[0].Counts))
		}
		for i := range n {
			s.Points[i].Work, s.Sites[0].Bytes[i], s.Goroutines[0].Counts[i] = nil, -1, -1 // ours to spoil
		}
	}
	done.Wait()
	s := r.Soak()
	var ops int64
	for i, p := range s.Points {
		if ops += p.Work.Ops; s.Sites[0].Bytes[i] != 1 || s.Goroutines[0].Counts[i] != 1 {
			t.Fatal("a Soak shares memory with the recorder")
		}
	}
	if ops != maxPoints-5+500 {
		t.Errorf("%d operations", ops)
	}
}
