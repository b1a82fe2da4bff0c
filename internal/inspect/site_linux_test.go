package inspect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// record is what the program says of a record of its memory profile.
type record struct {
	Stack                                            []highwater.Frame
	AllocObjects, AllocBytes, FreeObjects, FreeBytes int64
}

// What a program allocates is there at once, and what of it is live after a collection.
func TestSitesNow(t *testing.T) {
	prog := start(t, build(t), "GODEBUG=memprofilerate=1")
	p := prog.open()
	prog.do("hold 3000")
	prog.do("gc")
	prog.do("gc")
	prog.do("gogc -1")
	allocated := func(read func() ([]highwater.SiteUse, int, error)) (now, live int64) {
		t.Helper()
		sites, _, err := read()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sites {
			now, live = now+s.Allocated.Bytes, live+s.Bytes
		}
		return now, live
	}
	before, liveBefore := allocated(p.SitesNow)
	published, _ := allocated(p.Sites)
	prog.do("hold 50000")
	after, liveAfter := allocated(p.SitesNow)
	if again, _ := allocated(p.Sites); again != published {
		t.Errorf("%d bytes were published without a collection", again-published)
	}
	if after-before < 50_000 || liveAfter != liveBefore {
		t.Errorf("%d bytes more, want more than 50,000 objects have; live changed by %d", after-before, liveAfter-liveBefore)
	}
}

func TestSites(t *testing.T) {
	for _, rate := range []int{1, 4096} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			prog := start(t, build(t), fmt.Sprintf("GODEBUG=memprofilerate=%d", rate))
			p := prog.open()
			prog.do("hold 3000")
			prog.do("gc")
			prog.do("gogc -1") // nothing published later
			var records []record
			prog.ask("profile", &records)
			got, r, err := p.Sites()
			if err != nil || r != rate {
				t.Fatalf("rate %d, want %d: %v", r, rate, err)
			}
			live := map[string]highwater.SiteUse{}
			sizes := map[string]map[int64]int64{}
			for _, v := range records {
				key := stackKey(v.Stack)
				s := live[key]
				objects, bytes := heap.Scale(v.AllocObjects-v.FreeObjects, v.AllocBytes-v.FreeBytes, rate)
				s.Objects, s.Bytes = s.Objects+objects, s.Bytes+bytes
				objects, bytes = heap.Scale(v.AllocObjects, v.AllocBytes, rate)
				s.Allocated.Objects, s.Allocated.Bytes = s.Allocated.Objects+objects, s.Allocated.Bytes+bytes
				live[key] = s
				if sizes[key] == nil {
					sizes[key] = map[int64]int64{}
				}
				if v.AllocObjects > 0 { // of one record all objects are of one size
					sizes[key][v.AllocBytes/v.AllocObjects] += objects
				}
			}
			for key, s := range live {
				if s.Allocated.Bytes == 0 {
					delete(live, key)
				}
			}
			if len(got) != len(live) || len(got) < 10 {
				t.Errorf("%d sites, want %d", len(got), len(live))
			}
			if !slices.ContainsFunc(got, func(s highwater.SiteUse) bool { return len(s.AllocatedSizes) == 4 }) { // main.churn
				t.Error("no site has objects of several sizes")
			}
			functions := ""
			for _, s := range got {
				want, ok := live[stackKey(s.Stack)]
				if !ok || s.Bytes != want.Bytes || s.Objects != want.Objects || s.Allocated != want.Allocated {
					t.Errorf("%d bytes, %d objects, %+v; want %d, %d, %+v: %+v", s.Bytes, s.Objects, s.Allocated, want.Bytes, want.Objects, want.Allocated, s.Stack)
				}
				if want := heap.SizesOf(sizes[stackKey(s.Stack)]); !slices.Equal(s.AllocatedSizes, want) {
					t.Errorf("sizes %v, want %v: %+v", s.AllocatedSizes, want, s.Stack)
				}
				functions += stackKey(s.Stack)
				if s.Where != heap.Where(s.Stack) || s.Fingerprint != heap.Fingerprint(s.Stack) {
					t.Errorf("%+v", s)
				}
			}
			for _, name := range []string{"main.further ", "main.inlined ", "main.generic[...] ", "main.base.grow ", "main.hold.func1 ", "main.churn "} {
				if !strings.Contains(functions, name) {
					t.Errorf("no %s", name)
				}
			}
		})
	}
}

func stackKey(stack []highwater.Frame) string {
	var b strings.Builder
	for _, f := range stack {
		fmt.Fprintf(&b, "%s %s:%d\n", f.Func, f.File, f.Line)
	}
	return b.String()
}

// At rate 1 the buckets have every allocation, also those that no collection has
// published.
func TestBuckets(t *testing.T) {
	prog := start(t, build(t), "GODEBUG=memprofilerate=1")
	p := prog.open()
	prog.do("gogc -1")
	total := func() (objects, bytes int64) {
		err := p.Buckets(func(stack []uint64, size, allocObjects, allocBytes, freeObjects, freeBytes int64) {
			for _, f := range p.Frames(stack) {
				if f.Func == "main.churn" {
					objects += allocObjects
					bytes += allocBytes
					if allocBytes != size*allocObjects || freeObjects > allocObjects || freeBytes > allocBytes {
						t.Errorf("%d objects of %d: %d; freed %d, %d", allocObjects, size, allocBytes, freeObjects, freeBytes)
					}
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return objects, bytes
	}
	const n = 1000
	want := int64(0)
	for i := range n {
		want += int64(64 + 64*(i%4))
	}
	for i := range int64(3) {
		if objects, bytes := total(); objects != i*n || bytes != i*want {
			t.Errorf("after %d rounds: %d objects, %d bytes; want %d, %d", i, objects, bytes, i*n, i*want)
		}
		prog.do(fmt.Sprint("hold ", n))
	}
}

func TestNoProfile(t *testing.T) {
	prog := start(t, build(t), "GODEBUG=memprofilerate=0")
	if _, _, err := prog.open().Sites(); !errors.Is(err, ErrNoProfile) || !strings.Contains(err.Error(), "memprofilerate=0") {
		t.Errorf("%v", err)
	}
}
