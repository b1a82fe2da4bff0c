package main

import (
	"slices"
	"time"
)

// kind is a program in testdata.
type kind struct {
	Name string // of its folder
	What string
	// Rates are the leaks to try, in bytes a second; one of 0 is the program's own.
	// None: the program is clean, and has no twin.
	Rates []float64
	Cgo   bool
	Truth truth
	// Within is how soon a leak must be found, in the program's own time; 0: in the soak.
	Within time.Duration
}

// truth is what a leak may be laid to. Lines of the source that are marked "// LEAK"
// are always right.
type truth struct {
	// Expected is the answer for people.
	Expected string
	// Created are functions that create goroutines which leak, or begin so.
	Created []string
	// Through are functions of the library on whose behalf all is allocated that such a
	// leak keeps: what has one of them on its stack, and no line of the program.
	Through []string
	// Kind is a kind of suspect of which there is one only.
	Kind string
	// FDs is the kind of descriptors that leak.
	FDs string
	// Mappings are the names of mappings that grow. Where there are any, a finding of
	// growth off the heap is right, too.
	Mappings []string
}

var (
	usual = []float64{1e3, 10e3, 100e3}
	own   = []float64{0}
)

const line = "the allocating line"

// kinds are all programs, the leaking ones first.
var kinds = []kind{
	{Name: "sessions", What: "unbounded map", Rates: usual, Truth: truth{Expected: line}},
	{Name: "subslice", What: "sub-slice that pins a buffer", Rates: usual, Truth: truth{Expected: line}},
	{Name: "goroutine", What: "goroutine blocked for ever", Rates: usual, Truth: truth{Expected: "the go statement, or what the goroutine holds", Created: []string{"main.api.ask"}}},
	{Name: "bodies", What: "response bodies not closed", Rates: usual, Truth: truth{
		Expected: "the request, or the goroutines or sockets of net/http",
		Created:  []string{"net/http.(*Transport).", "net/http.(*Server).", "net/http.(*conn)."}, FDs: "socket", Through: []string{"net/http."},
	}},
	{Name: "contexts", What: "contexts not cancelled", Rates: usual, Truth: truth{Expected: line}},
	{Name: "timers", What: "growing heap of timers", Rates: usual, Truth: truth{Expected: line}},
	{Name: "giants", What: "giant buffers kept on a free list", Rates: usual, Truth: truth{Expected: line}},
	{Name: "audit", What: "append to a package's variable", Rates: usual, Truth: truth{Expected: line}},
	{Name: "listeners", What: "listeners never removed", Rates: usual, Truth: truth{Expected: line}},
	{Name: "mapped", What: "mmap without munmap", Rates: usual, Truth: truth{Expected: "anonymous mappings, or off-heap", Mappings: []string{"anonymous"}}},
	{Name: "callocator", What: "C's malloc without free", Rates: usual, Cgo: true, Truth: truth{Expected: "[heap] or anonymous mappings, or off-heap", Mappings: []string{"[heap]", "anonymous"}}},
	{Name: "pipes", What: "pipes not closed", Rates: usual, Truth: truth{Expected: "descriptors of kind pipe", FDs: "pipe"}},
	{Name: "files", What: "files not closed", Rates: usual, Truth: truth{Expected: "descriptors of kind file", FDs: "file"}},
	{Name: "threads", What: "threads that wait for ever", Rates: usual[1:], Truth: truth{Expected: "threads, or their goroutines", Created: []string{"main.library.session"}, Kind: "threads"}},
	{Name: "zombies", What: "children never waited for", Rates: usual[1:], Truth: truth{Expected: "child processes", Kind: "children"}},
	{Name: "drip", What: "drip on a noisy 40 MB heap", Rates: []float64{1e3}, Truth: truth{Expected: line}},
	{Name: "small", What: "480 KB/h in a program of 11 MB", Rates: own, Truth: truth{Expected: line}, Within: 10 * time.Minute},

	{Name: "cachefill", What: "cache that fills in two minutes, then stops"},
	{Name: "headroom", What: "ten times the garbage, then GOGC=400"},
	{Name: "sawtooth", What: "5 MB that are dropped every 20 s"},
	{Name: "warmup", What: "20 MB loaded ever more slowly"},
	{Name: "workers", What: "goroutines up to a maximum"},
	{Name: "pools", What: "heavy use of sync.Pool"},
}

func (k kind) leaks() bool { return len(k.Rates) > 0 }

// named returns the kind of that name.
func named(name string) (kind, bool) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.Name == name })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

func names() []string {
	var all []string
	for _, k := range kinds {
		all = append(all, k.Name)
	}
	return all
}
