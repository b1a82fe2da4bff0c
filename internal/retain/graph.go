package retain

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Graph is all that the roots reach. Its nodes are one above all, the groups of roots of
// one name, the roots, and the objects, in the order in which they were reached.
type Graph struct {
	heap   *heap
	roots  []Root
	groups []int32 // node of the group of each root

	slots  []int32 // object of each node, from objects on
	nodes  []int32 // node of each object, 0 for one that is not reached
	parent []int32 // from which each node was reached first,
	word   []uint32
	edges  edges

	begin int
	// While what belongs to the runtime is scanned, what others reach is settled: the
	// nodes below that number.
	last    bool
	settled int32
	tree    *tree
}

// edges are those of each node, in one list.
type edges struct {
	from, until []uint32
	to          []int32
}

func (e *edges) of(node int32) []int32 { return e.to[e.from[node]:e.until[node]] }

// top is the node above all.
const top = 0

// objects is the first node that is one.
func (g *Graph) objects() int { return g.begin }

// New finds what the roots reach, and keeps the memory that it is given. Paths lead
// through the objects at the addresses late only where there are no others: the
// scheduler's own structures are met on all stacks, and lead everywhere. What they and
// the runtime's variables refer to holds nothing that something else does, too: they are
// full of addresses that are no references, such as those of the write barrier's buffer.
func New(ctx context.Context, spans []Span, roots []Root, late []uint64) (*Graph, error) {
	h, err := newHeap(spans)
	if err != nil {
		return nil, err
	}
	g := &Graph{heap: h, roots: slices.Clone(roots), nodes: make([]int32, h.slots)}
	slices.SortStableFunc(g.roots, func(a, b Root) int { return a.rank() - b.rank() })
	g.addRoots()
	later := map[int32]bool{} // objects
	for _, addr := range late {
		if slot := h.find(addr); slot >= 0 {
			later[slot] = true
		}
	}
	first := len(g.parent) - len(g.roots)
	next := g.objects()
	var waiting []int32
	reach := func() {
		for ; next < len(g.parent) && ctx.Err() == nil; next++ {
			if later[g.slots[next-g.objects()]] {
				waiting = append(waiting, int32(next))
			} else {
				g.scanObject(int32(next))
			}
		}
	}
	for i := range g.roots {
		if g.roots[i].Kind == highwater.HolderRuntime && !g.last {
			g.last, g.settled = true, int32(len(g.parent))
		}
		g.scanRoot(int32(first+i), i)
		// All that variables reach before anything that goroutines do, and so on.
		if i+1 == len(g.roots) || g.roots[i+1].Kind != g.roots[i].Kind {
			reach()
		}
	}
	if !g.last {
		g.last, g.settled = true, int32(len(g.parent))
	}
	clear(later)
	for _, node := range waiting {
		g.scanObject(node)
		reach()
	}
	if ctx.Err() == nil {
		g.dominate()
	}
	return g, ctx.Err()
}

// addRoots makes the nodes of groups and roots, and the edges to them.
func (g *Graph) addRoots() {
	type key struct {
		kind highwater.HolderKind
		name string
	}
	groups := map[key]int32{}
	var members [][]int32
	for _, r := range g.roots {
		k := key{r.Kind, r.Name}
		at, ok := groups[k]
		if !ok {
			members = append(members, nil)
			at = int32(len(members))
			groups[k] = at
		}
		g.groups = append(g.groups, at)
	}
	n := 1 + len(members)
	for i, at := range g.groups {
		members[at-1] = append(members[at-1], int32(n+i))
	}
	g.parent = make([]int32, n, n+len(g.roots))
	g.parent = append(g.parent, g.groups...)
	g.begin = len(g.parent)
	g.word = make([]uint32, len(g.parent))
	e := &g.edges
	e.from, e.until = make([]uint32, len(g.parent)), make([]uint32, len(g.parent))
	add := func(node int, to ...int32) {
		e.from[node] = uint32(len(e.to))
		e.to = append(e.to, to...)
		e.until[node] = uint32(len(e.to))
	}
	all := make([]int32, len(members))
	for i := range all {
		all[i] = int32(i + 1)
	}
	add(top, all...)
	for i, m := range members {
		add(i+1, m...)
	}
}

func (g *Graph) scanRoot(node int32, root int) { g.scan(node, g.roots[root].Memory, nil, 0) }

func (g *Graph) scanObject(node int32) {
	_, memory := g.value(node)
	s, i := g.heap.object(g.slots[int(node)-g.objects()])
	g.scan(node, memory, s.References, int((int64(i)*s.Size+s.Header)/8))
}

// value is where the value of an object begins, and its memory, nil where it holds no
// pointers.
func (g *Graph) value(node int32) (addr uint64, memory []byte) {
	s, i := g.heap.object(g.slots[int(node)-g.objects()])
	addr = s.Start + uint64(int64(i)*s.Size+s.Header)
	if s.Memory == nil {
		return addr, nil
	}
	return addr, s.Memory[int64(i)*s.Size+s.Header : int64(i+1)*s.Size : int64(i+1)*s.Size]
}

// scan adds an edge for each object that a word of the memory leads to. The bits of its
// references, if any, begin at the first.
func (g *Graph) scan(node int32, memory, references []byte, first int) {
	e := &g.edges
	e.from[node] = uint32(len(e.to))
	low, high := g.heap.low, g.heap.high
	last := int32(-1)
	for i := 0; i+8 <= len(memory); i += 8 {
		w := binary.LittleEndian.Uint64(memory[i:])
		if w < low || w >= high {
			continue
		}
		if bit := first + i/8; references != nil && references[bit/8]&(1<<(bit%8)) == 0 {
			continue
		}
		slot := g.heap.find(w)
		if slot < 0 {
			continue
		}
		to := g.nodes[slot]
		if to == 0 {
			to = int32(len(g.parent))
			g.nodes[slot] = to
			g.slots = append(g.slots, slot)
			g.parent = append(g.parent, node)
			g.word = append(g.word, uint32(i/8))
			e.from, e.until = append(e.from, 0), append(e.until, 0)
		}
		if to != node && to != last && (!g.last || to >= g.settled) {
			e.to = append(e.to, to)
			last = to
		}
	}
	e.until[node] = uint32(len(e.to))
}

// size of a node in bytes: what an object takes of the heap, and nothing for a root.
func (g *Graph) size(node int32) int64 {
	if int(node) < g.objects() {
		return 0
	}
	s, _ := g.heap.object(g.slots[int(node)-g.objects()])
	return s.Size
}

// Reached is how many objects the roots reach, and their bytes.
func (g *Graph) Reached() (objects, bytes int64) {
	for node := g.objects(); node < len(g.parent); node++ {
		bytes += g.size(int32(node))
	}
	return int64(len(g.slots)), bytes
}
