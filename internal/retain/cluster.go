package retain

import (
	"encoding/binary"

	"github.com/highwater-dev/highwater"
)

// state is a path that has come so far, for all nodes whose paths look alike. States are
// a tree, below one for each group of roots.
type state struct {
	up    int32
	label int32
	step  highwater.HolderStep // as the first node has it
	depth int
}

// label is what makes a step of a path look like another.
type label struct {
	field, via string
	size       int64 // 0 where a type is known
	scan       bool
}

// clusters puts nodes with like paths together. Paths are those by which nodes were
// reached first.
type clusters struct {
	g      *Graph
	names  Names
	states []state
	of     map[int32]known // by node
	labels map[label]int32
	next   map[[2]int32]int32 // state by the one before it and a label
}

type known struct {
	state int32
	root  int32 // the node of the root that its path begins at
	of    Type
}

func newClusters(g *Graph, names Names) *clusters {
	if names == nil {
		names = unnamed{}
	}
	return &clusters{g: g, names: names, of: map[int32]known{}, labels: map[label]int32{}, next: map[[2]int32]int32{}}
}

// find is the state of a node. The way up is walked once for all nodes that share it.
func (c *clusters) find(node int32) known {
	first := c.g.objects() - len(c.g.roots)
	var path []int32
	for {
		if _, ok := c.of[node]; ok {
			break
		}
		if int(node) < first { // a group
			c.states = append(c.states, state{up: -1, label: -1})
			c.of[node] = known{state: int32(len(c.states) - 1)}
			break
		}
		path = append(path, node)
		node = c.g.parent[node]
	}
	k := c.of[node]
	for i := len(path) - 1; i >= 0; i-- {
		n := path[i]
		if int(n) >= c.g.objects() {
			k = c.step(node, n, k)
		} else {
			k.root = n
		}
		c.of[n] = k // a root is where its group is
		node = n
	}
	return k
}

// step is the state of a node that was reached from another.
func (c *clusters) step(from, node int32, k known) known {
	offset := 8 * int64(c.g.word[node])
	v, to := c.g.valueOf(from, k.of), c.g.valueOf(node, 0)
	at := int64(0)
	if offset+8 <= int64(len(v.Memory)) {
		at = int64(binary.LittleEndian.Uint64(v.Memory[offset:]) - to.Addr)
	}
	l := c.names.Link(v, offset, to, at)
	key := label{field: l.Field, via: l.Via}
	s := highwater.HolderStep{Field: l.Field, Type: l.Via, Inside: l.Inside, Size: c.g.size(node)}
	if l.Via == "" {
		key.size, key.scan = s.Size, to.Memory != nil
		if s.Size > largestSmall {
			key.size = largestSmall + 1
		}
	}
	id, ok := c.labels[key]
	if !ok {
		id = int32(len(c.labels))
		c.labels[key] = id
	}
	return known{c.follow(k.state, id, s), k.root, l.To}
}

// largestSmall is the largest size that the runtime has a class for. Larger ones, which
// are rounded to pages, are all alike where no type is known.
const largestSmall = 32 << 10

// longestPeriod is how many steps in a row are noticed when they come again: one in a
// list, two where each node holds the next through a slice, …
const longestPeriod = 4

// mostSteps bounds a path that never comes again.
const mostSteps = 64

// follow goes on by a label. A node of a list whose path ends as that of the node before
// did is where that is, however long the list has become.
func (c *clusters) follow(at, label int32, s highwater.HolderStep) int32 {
	key := [2]int32{at, label}
	if to, ok := c.next[key]; ok {
		return to
	}
	to := c.again(at, label)
	if to < 0 {
		to = int32(len(c.states))
		c.states = append(c.states, state{up: at, label: label, step: s, depth: c.states[at].depth + 1})
	}
	c.next[key] = to
	return to
}

// again is the earlier state that looks like the last steps with the label, or -1.
func (c *clusters) again(at, label int32) int32 {
	if c.states[at].depth >= mostSteps {
		return at
	}
	for period := 1; period <= longestPeriod; period++ {
		// The path with the label is compared with itself, shifted by the period.
		behind := at
		for range period - 1 {
			if behind >= 0 {
				behind = c.states[behind].up
			}
		}
		if behind < 0 || c.states[behind].label != label {
			continue
		}
		same, a, b := true, at, c.states[behind].up
		for range period - 1 {
			if b < 0 || c.states[a].label != c.states[b].label || c.states[b].label < 0 {
				same = false
				break
			}
			a, b = c.states[a].up, c.states[b].up
		}
		if same {
			return behind
		}
	}
	return -1
}

// steps are those of a path up to a state, without its root.
func (c *clusters) steps(at int32) []highwater.HolderStep {
	var reversed []highwater.HolderStep
	for ; c.states[at].up >= 0; at = c.states[at].up {
		reversed = append(reversed, c.states[at].step)
	}
	steps := make([]highwater.HolderStep, 0, len(reversed))
	for i := len(reversed) - 1; i >= 0; i-- {
		steps = append(steps, reversed[i])
	}
	return steps
}
