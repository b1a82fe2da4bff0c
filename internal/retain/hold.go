package retain

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
)

// nearly is the share of the objects of a cluster that a step must dominate to be what
// holds them: a few may be in use elsewhere just now.
const nearly = 0.9

// group is a cluster while it is put together.
type group struct {
	state          int32
	nodes          []int32
	weights        []float64 // bytes
	objects, bytes float64
	nearest        int32 // of nodes, that with the shortest path,
	deepest        int32 // and with the longest
}

// Holders says who holds the targets: at most most holders, those of most bytes first,
// and one for the targets to which there is no path.
func (g *Graph) Holders(ctx context.Context, targets []Target, names Names, most int) ([]highwater.Holder, error) {
	c := newClusters(g, names)
	byState := map[int32]*group{}
	var groups []*group
	var lost group
	for i, t := range targets {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		node := int32(0)
		if slot := g.heap.find(t.Addr); slot >= 0 {
			node = g.nodes[slot]
		}
		to := &lost
		if node != 0 {
			at := c.find(node).state
			if to = byState[at]; to == nil {
				to = &group{state: at, nearest: node, deepest: node}
				byState[at] = to
				groups = append(groups, to)
			}
			// Nodes are numbered in the order of their distance.
			to.nearest, to.deepest = min(to.nearest, node), max(to.deepest, node)
		}
		to.nodes, to.weights = append(to.nodes, node), append(to.weights, t.Bytes)
		to.objects += t.Objects
		to.bytes += t.Bytes
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(b.bytes, a.bytes) })
	if len(groups) > most {
		groups = groups[:most]
	}
	var out []highwater.Holder
	for _, gr := range groups {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out = append(out, g.holder(c, gr))
	}
	if len(lost.nodes) > 0 {
		out = append(out, highwater.Holder{
			Sampled: len(lost.nodes), Objects: round(lost.objects), Bytes: round(lost.bytes), Shared: true,
			Reason: "no root leads to them: they are garbage that is not swept yet, or only a register or memory outside of the Go heap refers to them",
		})
	}
	return out, nil
}

func round(v float64) int64 { return int64(math.Round(min(max(v, 0), math.MaxInt64/2))) }

func (g *Graph) holder(c *clusters, gr *group) highwater.Holder {
	first := g.objects() - len(g.roots)
	root := c.find(gr.nearest).root
	r := &g.roots[int(root)-first]
	h := highwater.Holder{
		Kind: r.Kind, Root: r.Name, Sampled: len(gr.nodes), Objects: round(gr.objects), Bytes: round(gr.bytes),
		Path: c.steps(gr.state), Holds: -1, Shared: true,
	}
	roots := map[int32]bool{}
	for _, n := range gr.nodes {
		roots[c.find(n).root] = true
	}
	h.Roots = len(roots)
	for n, repeats := range g.repeats(c, gr.deepest) {
		for i, at := len(h.Path)-1, gr.state; i >= 0; i, at = i-1, c.states[at].up {
			if at == n {
				h.Path[i].Repeats = repeats
			}
		}
	}
	steps := append([]int32{g.parent[root]}, g.firsts(c, gr)...)
	for i, node := range steps {
		if i > 0 {
			h.Path[i-1].Retained = g.tree.retained[g.tree.number[node]]
		}
		// Parts of a map are of no interest: what they are of holds what they do.
		if (i == 0 || !h.Path[i-1].Inside) && g.covers(node, gr) {
			h.Shared, h.Holds, h.Retained = false, i-1, g.tree.retained[g.tree.number[node]]
		}
	}
	if h.Shared {
		h.Retained, h.Also = g.together(gr.nodes), g.also(g.uncovered(steps[0], gr), h)
	}
	return h
}

// repeats counts the nodes of each state on the path to a node.
func (g *Graph) repeats(c *clusters, node int32) map[int32]int {
	n := map[int32]int{}
	for ; int(node) >= g.objects(); node = g.parent[node] {
		n[c.find(node).state]++
	}
	return n
}

// firsts are the nodes of the path to the nearest object, the first of each state: of a
// list its head.
func (g *Graph) firsts(c *clusters, gr *group) []int32 {
	byState := map[int32]int32{}
	for n := gr.nearest; int(n) >= g.objects(); n = g.parent[n] {
		byState[c.find(n).state] = n
	}
	var nodes []int32
	for at := gr.state; c.states[at].up >= 0; at = c.states[at].up {
		nodes = append(nodes, byState[at])
	}
	slices.Reverse(nodes)
	return nodes
}

// covers reports whether all paths to nearly all objects lead through a node.
func (g *Graph) covers(node int32, gr *group) bool {
	covered := 0.0
	for i, n := range gr.nodes {
		if g.tree.dominates(node, n) {
			covered += gr.weights[i]
		}
	}
	return covered >= nearly*gr.bytes
}

// uncovered is the first of the objects that is reached without a node.
func (g *Graph) uncovered(node int32, gr *group) int32 {
	for _, n := range gr.nodes {
		if !g.tree.dominates(node, n) {
			return n
		}
	}
	return gr.nearest
}

// together is what the objects keep alive, those counted once that others of them do.
func (g *Graph) together(nodes []int32) int64 {
	t := g.tree
	sorted := slices.Clone(nodes)
	slices.SortFunc(sorted, func(a, b int32) int { return cmp.Compare(t.in[t.number[a]], t.in[t.number[b]]) })
	sum, end := int64(0), int32(-1)
	for _, n := range sorted {
		if i := t.number[n]; t.in[i] >= end {
			sum += t.retained[i]
			end = t.out[i]
		}
	}
	return sum
}
