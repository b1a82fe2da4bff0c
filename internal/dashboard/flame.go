package dashboard

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// flame is the allocation sites of the peak as one tree of their stacks, and beside each
// node what the baseline has there: it is drawn as it is, and as the difference.
type flame struct {
	// Nodes are depth, frame, bytes, and the baseline's bytes where there is one, a
	// parent before its children.
	Nodes   [][]int64 `json:"nodes"`
	Total   int64     `json:"total"`
	Base    int64     `json:"base,omitempty"`
	HasBase bool      `json:"hasBase,omitempty"`
	Left    int       `json:"left,omitempty"` // nodes that are not here, the smallest
}

// node is a function called by those above it. Functions and not lines make a node, so
// that a line that moved is no difference.
type node struct {
	name     string
	place    string
	now, was int64
	children map[string]*node
}

func (n *node) child(f highwater.Frame) *node {
	c := n.children[f.Func]
	if c == nil {
		c = &node{name: report.ShortFunc(f.Func), place: report.Place(f), children: map[string]*node{}}
		n.children[f.Func] = c
	}
	return c
}

// add counts a site in at all of its stack, the outermost first.
func (n *node) add(s highwater.Site, count func(*node)) {
	stack := s.Stack
	if len(stack) == 0 {
		stack = []highwater.Frame{s.Where}
	}
	at := n
	count(at)
	for i := len(stack) - 1; i >= 0; i-- {
		at = at.child(stack[i])
		count(at)
	}
}

// size is what decides whether a node is shown.
func (n *node) size() int64 { return max(n.now, n.was) }

// flame is of the row's sites, and against the baseline's typical measurement.
func (d *document) flame(row *highwater.Row, ms, base []highwater.Measurement) *flame {
	sites := row.Sites
	if m, ok := typical(ms); ok && len(m.Sites) > 0 {
		sites = m.Sites
	}
	if len(sites) == 0 {
		return nil
	}
	root := &node{children: map[string]*node{}}
	f := &flame{}
	for _, s := range sites {
		root.add(s, func(n *node) { n.now += s.Bytes })
	}
	if m, ok := typical(base); ok && len(m.Sites) > 0 {
		f.HasBase = true
		for _, s := range m.Sites {
			root.add(s, func(n *node) { n.was += s.Bytes })
		}
	}
	f.Total, f.Base = root.now, root.was
	least, left := root.cut(d.detail.nodes, d.detail.depth)
	d.nodes(f, root, 0, least)
	if f.Left = left; left > 0 {
		d.thinned("flame graphs have their largest %d frames", d.detail.nodes)
	}
	return f
}

// cut returns the least size that a node must have to be among the largest, and how many
// are not.
func (n *node) cut(most, depth int) (least int64, left int) {
	var sizes []int64
	deep := 0
	var walk func(*node, int)
	walk = func(n *node, level int) {
		for _, c := range n.children {
			if level >= depth {
				deep++
			} else {
				sizes = append(sizes, c.size())
			}
			walk(c, level+1)
		}
	}
	walk(n, 0)
	if len(sizes) <= most {
		return math.MinInt64, deep
	}
	slices.SortFunc(sizes, func(a, b int64) int { return cmp.Compare(b, a) })
	return sizes[most-1], deep + len(sizes) - most
}

// nodes writes the tree down, the largest child first.
func (d *document) nodes(f *flame, n *node, depth int, least int64) {
	children := make([]*node, 0, len(n.children))
	for _, c := range n.children {
		children = append(children, c)
	}
	slices.SortFunc(children, func(a, b *node) int {
		return cmp.Or(cmp.Compare(b.size(), a.size()), strings.Compare(a.name, b.name))
	})
	for _, c := range children {
		if c.size() < least || depth >= d.detail.depth || len(f.Nodes) >= d.detail.nodes {
			continue
		}
		text := c.name
		if c.place != "" {
			text += " (" + c.place + ")"
		}
		entry := []int64{int64(depth), int64(d.frame(text)), c.now}
		if f.HasBase {
			entry = append(entry, c.was)
		}
		f.Nodes = append(f.Nodes, entry)
		d.nodes(f, c, depth+1, least)
	}
}
