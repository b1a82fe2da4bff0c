package retain

import (
	"slices"

	"github.com/highwater-dev/highwater"
)

// Bounds of a search for other roots: nodes, and names.
const (
	mostSeen = 1 << 20
	mostAlso = 3
)

// also are the names of other roots that lead to a node, the nearest first.
func (g *Graph) also(node int32, h highwater.Holder) []string {
	from, preds := g.tree.from, g.tree.preds
	first := g.objects() - len(g.roots)
	seen := map[int32]bool{node: true}
	queue := []int32{node}
	var names []string
	for i := 0; i < len(queue) && len(seen) < mostSeen && len(names) < mostAlso; i++ {
		for _, p := range preds[from[queue[i]]:from[queue[i]+1]] {
			if seen[p] {
				continue
			}
			seen[p] = true
			if int(p) >= g.objects() {
				queue = append(queue, p)
				continue
			}
			if int(p) < first {
				continue
			}
			if r := &g.roots[int(p)-first]; (r.Kind != h.Kind || r.Name != h.Root) && !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
	}
	return names
}
