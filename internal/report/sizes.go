package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater/internal/anatomy"
)

// sizeTitle is the heading of the objects by size.
func sizeTitle(s *anatomy.Sizes) string {
	if s.Sampled {
		return "Live objects by size, as the samples of the heap profile have them"
	}
	return fmt.Sprintf("Objects by size class: %s in spans of %s, of which %s is unused", bytes(s.Used), bytes(s.Bytes), percent(s.Fragmentation))
}

// sizeGrid lists the sizes that take most memory, the smallest first, with what all the
// others have together at the end. Bars are shares of the memory.
func sizeGrid(s *anatomy.Sizes, most int) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "size up to", Right: true}, {Head: "objects", Right: true}, {Head: "used", Right: true}}}
	if !s.Sampled {
		g.Columns = append(g.Columns, GridColumn{Head: "unused", Right: true}, GridColumn{Head: "of it", Right: true})
	}
	weight := func(r anatomy.SizeRow) int64 { return max(r.Bytes, r.Used) }
	rows := slices.Clone(s.Classes)
	slices.SortStableFunc(rows, func(a, b anatomy.SizeRow) int { return cmp.Compare(weight(b), weight(a)) })
	rows = rows[:min(most, len(rows))]
	rest := anatomy.SizeRow{Objects: s.Objects, Used: s.Used, Bytes: s.Bytes, Unused: s.Bytes - s.Used}
	for _, r := range rows {
		rest.Objects -= r.Objects
		rest.Used -= r.Used
		rest.Bytes -= r.Bytes
		rest.Unused -= r.Unused
	}
	slices.SortFunc(rows, func(a, b anatomy.SizeRow) int { return cmp.Compare(uint64(a.Size-1), uint64(b.Size-1)) })
	add := func(label string, r anatomy.SizeRow) {
		cells := []string{label, grouped(r.Objects), bytes(r.Used)}
		if !s.Sampled {
			cells = append(cells, bytes(r.Unused), percent(ratio(r.Unused, r.Bytes)))
		}
		g.Rows = append(g.Rows, cells)
		g.Bars = append(g.Bars, ratio(weight(r), max(s.Bytes, s.Used)))
	}
	for _, r := range rows {
		label := "above 32 KiB"
		if r.Size > 0 {
			label = grouped(r.Size) + " B"
		}
		add(label, r)
	}
	if n := len(s.Classes) - len(rows); n > 0 {
		add(number(n, "other", "others"), rest)
	}
	return g
}

func ratio(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
