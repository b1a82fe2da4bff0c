package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// heldLines are who holds what grew, a line each, as a soak's report has them.
func heldLines(h *highwater.Held) []string {
	switch {
	case h == nil:
		return nil
	case h.Reason != "":
		return []string{"nobody can be named: " + h.Reason}
	}
	total, shown := int64(0), int64(0)
	for _, x := range h.Holders {
		total += max(x.Bytes, 0)
	}
	var lines []string
	for i, x := range h.Holders {
		if i > 0 && float64(shown) >= mostOfIt*float64(total) {
			lines = append(lines, fmt.Sprintf("%s in %s more", bytes(total-shown), number(len(h.Holders)-i, "path", "paths")))
			break
		}
		shown += max(x.Bytes, 0)
		lines = append(lines, fmt.Sprintf("%s in %s objects, %s", bytes(x.Bytes), grouped(x.Objects), holderWords(x)))
	}
	return lines
}

// mostOfIt is the share of the bytes whose holders are told of in a report: of what is
// allocated on one line, objects of many kinds may be.
const mostOfIt = 0.9

// holderWords is a path with what it alone keeps alive.
func holderWords(h highwater.Holder) string {
	if h.Root == "" {
		return "held by nothing that is seen: " + h.Reason
	}
	path := h.String()
	if h.Roots > 1 {
		path = fmt.Sprintf("%d × %s", h.Roots, path)
	}
	text := "held by " + path
	switch {
	case h.Shared && len(h.Also) > 0:
		text += fmt.Sprintf("; also by %s: they keep %s alive themselves", strings.Join(h.Also, ", "), bytes(h.Retained))
	case h.Shared:
		text += fmt.Sprintf("; other roots reach them, too: they keep %s alive themselves", bytes(h.Retained))
	default:
		text += fmt.Sprintf("; only it keeps %s alive", bytes(h.Retained))
	}
	return text
}

// heldTitle is the heading of these lines.
func heldTitle(h *highwater.Held) string {
	title := "who holds what grows"
	if h != nil && h.Stopped > 0 {
		title += fmt.Sprintf(" (the process stood still for %s)", latency(h.Stopped))
	}
	return title
}

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
