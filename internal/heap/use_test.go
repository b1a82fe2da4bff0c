package heap

import (
	"bytes"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

var kept [][]byte

//go:noinline
func keep(n, size int) {
	kept = make([][]byte, n)
	for i := range kept {
		kept[i] = make([]byte, size)
	}
}

//go:noinline
func churn(n, size int) {
	for range n {
		kept[0] = make([]byte, size)
	}
}

// At a rate of one every allocation is in the runtime's own profile: what was kept, and
// what was allocated and is garbage.
func TestUses(t *testing.T) {
	defer func(rate int) { runtime.MemProfileRate, kept = rate, nil }(runtime.MemProfileRate)
	runtime.MemProfileRate = 1
	keep(100, 2048)
	churn(1000, 4096)
	kept[0] = nil
	// A profile is as of the collection before the last.
	runtime.GC()
	runtime.GC()
	var b bytes.Buffer
	if err := pprof.Lookup("heap").WriteTo(&b, 0); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	uses, err := ProfileUses(p)
	if err != nil {
		t.Fatal(err)
	}
	find := func(name string, size int64) (found highwater.SiteUse) {
		for _, u := range uses {
			if strings.HasSuffix(u.Stack[0].Func, "heap."+name) && u.Allocated.Bytes >= 100*size {
				found = u
			}
		}
		return found
	}
	if u := find("keep", 2048); u.Objects != 99 || u.Bytes != 99*2048 || u.Allocated != (highwater.Allocated{Bytes: 100 * 2048, Objects: 100}) {
		t.Errorf("kept: %+v", u)
	}
	// The runtime allocates a little of its own there.
	const churned = 1000 * 4096
	u := find("churn", 4096)
	if a := u.Allocated; a.Bytes < churned || a.Bytes > churned+4096 || a.Objects < 1000 || u.Bytes >= 4096 || u.Where.Func == "" || u.Fingerprint == "" {
		t.Errorf("churned: %+v", u)
	}
	for i := 1; i < len(uses); i++ {
		if uses[i].Bytes > uses[i-1].Bytes {
			t.Fatal("not the most live bytes first")
		}
	}
	if _, err := ProfileUses(Profile(nil, 1)); err == nil || !strings.Contains(err.Error(), "alloc_space") {
		t.Errorf("a profile of what is live alone: %v", err)
	}
}
