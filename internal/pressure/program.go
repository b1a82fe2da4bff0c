package pressure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// node is an object with as many pointers as data words.
type node struct {
	left, right *node
	a, b        int
}

//go:noinline
func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1), a: depth, b: -depth}
}

// spin is work that allocates nothing.
//
//go:noinline
func spin(n int) uint64 {
	x := uint64(n)*2654435761 + 1
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// What is assigned to package variables escapes to the heap.
var (
	sinkBytes []byte
	sinkNode  *node
	sinkMap   map[int]*node
	sinkAny   any
	total     uint64

	_ = []any{&sinkBytes, &sinkNode, &sinkMap, &sinkAny, &total}
)

// Scenarios are the twelve programs: what is live, what is garbage, and how much
// other work there is beside them.
func Scenarios() []highwater.Scenario {
	var all []highwater.Scenario
	add := func(name, doc string, prepare func(*highwater.M), op func()) {
		all = append(all, highwater.Scenario{
			Suite: "pressure", Name: name, Doc: doc, Ops: 50,
			Run: func(m *highwater.M) {
				prepare(m)
				m.Start()
				for m.Loop() {
					op()
				}
			},
		})
	}
	none := func(*highwater.M) {}
	trees := func(depth int) func(*highwater.M) {
		return func(m *highwater.M) { m.KeepAlive(tree(depth)) }
	}
	blocks := func(mb int) func(*highwater.M) {
		return func(m *highwater.M) {
			for range mb {
				m.KeepAlive(make([]byte, 1<<20))
			}
		}
	}
	garbage := func(kb int) {
		for range kb {
			sinkBytes = make([]byte, 1024)
		}
	}
	add("compute", "no allocation at all", none, func() { total += spin(2_000_000) })
	add("compute_some_garbage", "much computing, 100 KB of garbage beside it", trees(12), func() { total += spin(2_000_000); garbage(100) })
	add("buffers_no_pointers", "garbage beside 64 MB of live data without pointers", blocks(64), func() { garbage(4000) })
	add("json", "encoding and decoding JSON, nothing live", none, func() {
		for i := range 100 {
			b, err := json.Marshal(map[string]any{"id": i, "name": "highwater", "tags": []string{"a", "b", "c"}})
			if err == nil {
				_ = json.Unmarshal(b, &sinkAny)
			}
		}
	})
	add("json_beside_1MB", "the same beside a live tree of 1 MB", trees(14), func() {
		for i := range 100 {
			b, err := json.Marshal(map[string]any{"id": i, "name": "highwater", "tags": []string{"a", "b", "c"}})
			if err == nil {
				_ = json.Unmarshal(b, &sinkAny)
			}
		}
	})
	add("strings_beside_2MB", "building strings beside a live tree of 2 MB", trees(15), func() {
		for i := range 200 {
			var sb strings.Builder
			for j := range 50 {
				fmt.Fprintf(&sb, "%d-%d ", i, j)
			}
			sinkBytes = bytes.ToUpper([]byte(sb.String()))
		}
	})
	add("trees_short_lived", "trees of 1,000 nodes that die at once", none, func() {
		for range 50 {
			sinkNode = tree(9)
		}
	})
	add("map_churn_beside_4MB", "maps that come and go beside a live tree of 4 MB", trees(16), func() {
		sinkMap = map[int]*node{}
		for i := range 10_000 {
			sinkMap[i] = &node{a: i}
		}
	})
	add("trees_beside_8MB", "short-lived trees and some computing beside a live tree of 8 MB", trees(17), func() {
		for range 50 {
			sinkNode = tree(9)
		}
		total += spin(1_000_000)
	})
	add("trees_beside_32MB", "short-lived trees beside a live tree of 32 MB", trees(19), func() {
		for range 50 {
			sinkNode = tree(9)
		}
	})
	add("garbage_beside_16MB", "plain garbage beside a live tree of 16 MB", trees(18), func() { garbage(4000) })
	add("large_garbage_beside_16MB", "large blocks, allocated in no time, beside a live tree of 16 MB", trees(18), func() {
		for range 16 {
			sinkBytes = make([]byte, 1<<20)
		}
	})
	return all
}

// ByID finds a program, for measure.ChildMain.
func ByID(id string) (highwater.Scenario, bool) {
	for _, s := range Scenarios() {
		if s.ID() == id {
			return s, true
		}
	}
	return highwater.Scenario{}, false
}
