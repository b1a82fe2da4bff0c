package retain

// tree says through which nodes every path to a node leads. Nodes are numbered in the
// order of a depth-first search; numbers are used throughout but at its edge.
type tree struct {
	number   []int32 // of each node
	dom      []int32 // the nearest dominator of each
	retained []int64 // bytes that are reached through it only, its own among them
	in, out  []int32 // what it dominates has its in between these

	// The nodes, not their numbers, from which there is an edge to node n are
	// preds[from[n]:from[n+1]].
	from  []uint32
	preds []int32
}

// dominate is the algorithm of Lengauer and Tarjan (A Fast Algorithm for Finding
// Dominators in a Flowgraph, ACM TOPLAS 1(1), 1979) in its simple version, with
// O(edges × log nodes) steps however long the lists of the program are. Both of its
// recursions are loops here: a list of millions is as deep.
func (g *Graph) dominate() {
	n := len(g.parent)
	t := &tree{number: make([]int32, n)}
	vertex, parent := g.search(t.number)
	from, preds := g.reversed()
	t.from, t.preds = from, preds
	semi, label := make([]int32, n), make([]int32, n)
	ancestor, dom := make([]int32, n), make([]int32, n)
	bucket, next := make([]int32, n), make([]int32, n) // lists of what waits, by its semi-dominator
	for i := range n {
		semi[i], label[i] = int32(i), int32(i)
		ancestor[i], bucket[i], next[i] = -1, -1, -1
	}
	var path []int32
	eval := func(v int32) int32 {
		if ancestor[v] < 0 {
			return v
		}
		path = path[:0]
		for u := v; ancestor[ancestor[u]] >= 0; u = ancestor[u] {
			path = append(path, u)
		}
		for i := len(path) - 1; i >= 0; i-- {
			u := path[i]
			a := ancestor[u]
			if semi[label[a]] < semi[label[u]] {
				label[u] = label[a]
			}
			ancestor[u] = ancestor[a]
		}
		return label[v]
	}
	for w := int32(n - 1); w > 0; w-- {
		node := vertex[w]
		for _, p := range preds[from[node]:from[node+1]] {
			semi[w] = min(semi[w], semi[eval(t.number[p])])
		}
		next[w], bucket[semi[w]] = bucket[semi[w]], w
		up := parent[w]
		ancestor[w] = up
		for v := bucket[up]; v >= 0; v = next[v] {
			if u := eval(v); semi[u] < semi[v] {
				dom[v] = u
			} else {
				dom[v] = up
			}
		}
		bucket[up] = -1
	}
	for w := 1; w < n; w++ {
		if dom[w] != semi[w] {
			dom[w] = dom[dom[w]]
		}
	}
	t.dom = dom
	g.tree = t
	t.fill(func(number int) int64 { return g.size(vertex[number]) }, ancestor, bucket, next)
}

// search numbers the nodes, and gives the node of each number and from which it was
// reached.
func (g *Graph) search(number []int32) (vertex, parent []int32) {
	n := len(number)
	vertex, parent = make([]int32, 1, n), make([]int32, 1, n)
	for i := range number {
		number[i] = -1
	}
	number[top] = 0
	type visit struct {
		node int32
		edge uint32
	}
	stack := []visit{{top, g.edges.from[top]}}
	for len(stack) > 0 {
		v := &stack[len(stack)-1]
		if v.edge == g.edges.until[v.node] {
			stack = stack[:len(stack)-1]
			continue
		}
		to := g.edges.to[v.edge]
		v.edge++
		if number[to] >= 0 {
			continue
		}
		number[to] = int32(len(vertex))
		vertex, parent = append(vertex, to), append(parent, number[v.node])
		stack = append(stack, visit{to, g.edges.from[to]})
	}
	return vertex, parent
}

// reversed are the nodes from which there is an edge to each: those of node n are
// preds[from[n]:from[n+1]].
func (g *Graph) reversed() (from []uint32, preds []int32) {
	n := len(g.parent)
	from = make([]uint32, n+2)
	for _, to := range g.edges.to {
		from[to+2]++
	}
	for i := 2; i < len(from); i++ {
		from[i] += from[i-1]
	}
	preds = make([]int32, len(g.edges.to))
	for node := range int32(n) {
		for _, to := range g.edges.of(node) {
			preds[from[to+1]] = node
			from[to+1]++
		}
	}
	return from[:n+1], preds
}

// fill adds up what each dominates. A dominator's number is smaller than those of what it
// dominates. The lists are used again.
func (t *tree) fill(size func(number int) int64, count, in, free []int32) {
	n := len(t.dom)
	t.retained, t.in, t.out = make([]int64, n), in, count
	for i := range n {
		t.retained[i], count[i] = size(i), 1
	}
	for i := n - 1; i > 0; i-- {
		t.retained[t.dom[i]] += t.retained[i]
		count[t.dom[i]] += count[i]
	}
	in[0], free[0] = 0, 1
	for i := 1; i < n; i++ {
		d := t.dom[i]
		in[i] = free[d]
		free[d] += count[i]
		free[i] = in[i] + 1
	}
	for i := range n {
		t.out[i] = in[i] + count[i]
	}
}

// dominates reports whether all paths to node b lead through node a.
func (t *tree) dominates(a, b int32) bool {
	x, y := t.number[a], t.number[b]
	return t.in[x] <= t.in[y] && t.in[y] < t.out[x]
}
