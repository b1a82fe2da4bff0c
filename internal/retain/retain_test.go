package retain

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// made is a heap that a test makes: objects of a size each, in a span of their own size.
type made struct {
	spans []Span
	roots []Root
}

// base is where it lies.
const base = 0xc000000000

// span adds one of n objects, all of them there.
func (m *made) span(n, size int, pointers bool) []uint64 {
	start := uint64(base)
	if len(m.spans) > 0 {
		last := m.spans[len(m.spans)-1]
		start = (last.end() + page - 1) &^ (page - 1)
	}
	s := Span{Start: start, Size: int64(size), Count: n, Used: make([]byte, (n+7)/8)}
	if pointers {
		s.Memory = make([]byte, n*size)
	}
	addrs := make([]uint64, n)
	for i := range addrs {
		s.Used[i/8] |= 1 << (i % 8)
		addrs[i] = start + uint64(i*size)
	}
	m.spans = append(m.spans, s)
	return addrs
}

// put writes a word at an address.
func (m *made) put(at, word uint64) {
	for _, s := range m.spans {
		if at >= s.Start && at < s.end() {
			binary.LittleEndian.PutUint64(s.Memory[at-s.Start:], word)
		}
	}
}

func (m *made) root(kind highwater.HolderKind, name string, words ...uint64) {
	r := Root{Kind: kind, Name: name, Start: 0x500000 + uint64(len(m.roots))*1024, Memory: make([]byte, 8*len(words))}
	for i, w := range words {
		binary.LittleEndian.PutUint64(r.Memory[8*i:], w)
	}
	m.roots = append(m.roots, r)
}

func (m *made) graph(t testing.TB, late ...uint64) *Graph {
	t.Helper()
	g, err := New(context.Background(), m.spans, m.roots, late)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (m *made) holders(t testing.TB, g *Graph, addrs ...uint64) []highwater.Holder {
	t.Helper()
	var targets []Target
	for _, a := range addrs {
		targets = append(targets, Target{Addr: a, Objects: 1, Bytes: 16})
	}
	h, err := g.Holders(context.Background(), targets, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// What an object retains is what can no longer be reached without it: found by leaving
// each out in turn.
func TestRetainedBytes(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := &made{}
		var all []uint64
		for range 1 + r.IntN(3) {
			all = append(all, m.span(2+r.IntN(20), 16*(1+r.IntN(3)), true)...)
		}
		all = append(all, m.span(3, 32, false)...)
		for range r.IntN(3 * len(all)) {
			// Into the middle, too.
			if at := all[r.IntN(len(all)-3)]; true {
				m.put(at+uint64(8*r.IntN(2)), all[r.IntN(len(all))]+uint64(r.IntN(16)))
			}
		}
		for i := range 1 + r.IntN(4) {
			m.root(highwater.HolderGlobal, fmt.Sprint("v", i%3), all[r.IntN(len(all))], all[r.IntN(len(all))])
		}
		g := m.graph(t)
		reached := func(without int32) int64 {
			seen, bytes := map[int32]bool{without: true}, int64(0)
			var visit func(int32)
			visit = func(n int32) {
				if seen[n] {
					return
				}
				seen[n] = true
				bytes += g.size(n)
				for _, to := range g.edges.of(n) {
					visit(to)
				}
			}
			visit(top)
			return bytes
		}
		whole := reached(-1)
		if _, bytes := g.Reached(); bytes != whole {
			t.Fatalf("seed %d: %d bytes are reached, want %d", seed, bytes, whole)
		}
		for n := range int32(len(g.parent)) {
			want := whole - reached(n)
			if got := g.tree.retained[g.tree.number[n]]; got != want {
				t.Fatalf("seed %d: node %d retains %d bytes, want %d", seed, n, got, want)
			}
			for v := range int32(len(g.parent)) {
				if up := g.parent[v]; v != top && up >= 0 && g.tree.number[up] < 0 {
					t.Fatalf("seed %d: node %d has no way up", seed, v)
				}
			}
		}
	}
}

// A list is one holder, however long it is, and so are goroutines that do the same.
func TestClusters(t *testing.T) {
	m := &made{}
	const n = 100_000
	list := m.span(n, 32, true)
	for i := range n - 1 {
		m.put(list[i], list[i+1])
	}
	// A queue whose nodes hold their values through an object between.
	nodes, between, values := m.span(50, 48, true), m.span(50, 24, true), m.span(50, 64, false)
	for i := range nodes {
		m.put(nodes[i]+8, between[i])
		m.put(between[i], values[i]+5)
		if i > 0 {
			m.put(between[i-1]+8, nodes[i])
		}
	}
	own := m.span(30, 128, false)
	m.root(highwater.HolderGlobal, "main.list", 0, list[0])
	m.root(highwater.HolderGlobal, "main.queue", nodes[0])
	for i := range own {
		m.root(highwater.HolderGoroutine, "main.work", 1, own[i])
	}
	g := m.graph(t)
	for _, c := range []struct {
		addrs    []uint64
		want     string // the first
		clusters int
		roots    int
		retained int64
		holds    int
	}{
		{list[1:], "main.list → object of 32 bytes ×100000", 1, 1, n * 32, 0},
		{own, "main.work → object of 128 bytes", 1, 30, 30 * 128, -1},
		{values, "", 0, 1, 0, 0},
	} {
		h := m.holders(t, g, c.addrs...)
		if c.clusters == 0 { // the first node looks like the others only after it
			if len(h) > 3 || h[0].Root != "main.queue" || h[0].Shared || len(h[0].Path) > 6 {
				t.Errorf("%d: %s", len(h), h)
			}
			continue
		}
		if len(h) != c.clusters || h[0].String() != c.want {
			t.Errorf("%d: %s\nwant %s", len(h), h, c.want)
		}
		if h[0].Roots != c.roots || h[0].Retained != c.retained || h[0].Holds != c.holds || h[0].Shared {
			t.Errorf("%s: %d roots, %d retained by %d", h[0], h[0].Roots, h[0].Retained, h[0].Holds)
		}
	}
}

// What several roots hold no single one does, and what none holds has a reason.
func TestShared(t *testing.T) {
	m := &made{}
	objects := m.span(20, 64, true)
	m.root(highwater.HolderGlobal, "main.a", objects[:10]...)
	m.root(highwater.HolderGoroutine, "main.b", objects[:10]...)
	g := m.graph(t)
	h := m.holders(t, g, append([]uint64{1}, objects...)...)
	if len(h) != 2 || !h[0].Shared || h[0].Holds != -1 || h[0].Sampled != 10 || h[0].Retained != 640 || fmt.Sprint(h[0].Also) != "[main.b]" || h[0].Root != "main.a" {
		t.Errorf("%+v", h)
	}
	if lost := h[1]; lost.Sampled != 11 || lost.Root != "" || !strings.Contains(lost.String(), "garbage") || lost.Objects != 11 || lost.Bytes != 176 {
		t.Errorf("%+v", lost)
	}
}

// What the runtime's own structures refer to holds nothing that something else does, and
// is found where nothing else does.
func TestRuntimeLast(t *testing.T) {
	m := &made{}
	objects := m.span(4, 64, true)
	processor, only, both := objects[0], objects[1], objects[2]
	m.put(processor, only)
	m.put(processor+8, both)
	m.root(highwater.HolderRuntime, "runtime.allp", processor, both)
	m.root(highwater.HolderGoroutine, "main.f", processor)
	m.root(highwater.HolderGoroutine, "main.g", both)
	g := m.graph(t, processor)
	h := m.holders(t, g, both)
	if h[0].String() != "main.g → object of 64 bytes" || h[0].Shared || h[0].Retained != 64 {
		t.Errorf("%+v", h)
	}
	if h := m.holders(t, g, only); h[0].String() != "main.f → object of 64 bytes ×2" {
		t.Errorf("%+v", h)
	}
}

// Words that are known to be no references lead nowhere.
func TestReferences(t *testing.T) {
	m := &made{}
	objects := m.span(3, 16, true)
	m.put(objects[0], objects[1])
	m.put(objects[0]+8, objects[2])
	m.spans[0].References = []byte{0b01}
	m.root(highwater.HolderGlobal, "main.v", objects[0])
	if n, bytes := m.graph(t).Reached(); n != 2 || bytes != 32 {
		t.Errorf("%d objects, %d bytes", n, bytes)
	}
}

func FuzzGraph(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint16(seed*97), []byte("xyz"))
	}
	f.Fuzz(func(t *testing.T, seed uint64, odd uint16, memory []byte) {
		r := rand.New(rand.NewPCG(seed, uint64(odd)))
		var spans []Span
		at := uint64(base)
		for range r.IntN(5) {
			s := Span{Start: at, Size: int64(r.IntN(80)) - 2, Count: r.IntN(60) - 1, Header: int64(8 * r.IntN(2))}
			s.Used = make([]byte, r.IntN(10))
			for i := range s.Used {
				s.Used[i] = byte(r.Uint32())
			}
			if r.IntN(3) > 0 && s.Size > 0 && s.Count > 0 {
				s.Size &^= 7
				s.Memory = make([]byte, int(s.Size)*s.Count)
				copy(s.Memory, memory)
				for i := 0; i+8 <= len(s.Memory); i += 8 {
					if r.IntN(2) == 0 {
						binary.LittleEndian.PutUint64(s.Memory[i:], base+uint64(r.IntN(40_000)))
					}
				}
			}
			spans = append(spans, s)
			at += uint64(r.IntN(3) * page / 2)
		}
		roots := []Root{{Kind: highwater.HolderGlobal, Name: "v", Memory: memory}, {Kind: "odd", Name: "w", Memory: binary.LittleEndian.AppendUint64(nil, base)}}
		g, err := New(context.Background(), spans, roots, []uint64{base})
		if err != nil {
			return
		}
		_, whole := g.Reached()
		h, err := g.Holders(context.Background(), []Target{{base, 1, 1}, {base + uint64(odd), 1, 1}}, nil, 3)
		if err != nil || len(h) == 0 {
			t.Fatalf("%v, %v", h, err)
		}
		for _, v := range h {
			if v.Retained < 0 || v.Retained > whole || v.String() == "" {
				t.Errorf("%+v of %d", v, whole)
			}
		}
	})
}
