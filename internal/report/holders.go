package report

import (
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
)

// HolderSection says who holds objects: a row for each path, those of most bytes first.
func HolderSection(all []highwater.Holder, stopped time.Duration) Section {
	s := Section{Title: "Who holds it"}
	if stopped > 0 {
		s.Title += fmt.Sprintf(" (the process stood still for %s)", latency(stopped))
	}
	g := &Grid{Columns: []GridColumn{{Head: "objects", Right: true}, {Head: "bytes", Right: true}, {Head: "only it keeps alive", Right: true}, {Head: "path from the root"}}}
	for _, h := range all {
		path := h.String()
		if h.Roots > 1 {
			path = fmt.Sprintf("%d × %s", h.Roots, path)
		}
		if h.Shared {
			path += " (and others)"
		}
		g.Rows = append(g.Rows, []string{grouped(h.Objects), bytes(h.Bytes), bytes(h.Retained), path})
	}
	s.Table = g
	return s
}
