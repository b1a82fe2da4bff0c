package highwater

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SizeClass is what the heap has of objects of one size. Objects of a size lie in spans
// of their own, and those that hold pointers apart from those that do not.
type SizeClass struct {
	Size     int64 `json:"size_bytes"` // of an object, as it is rounded up; 0 for large ones
	Pointers bool  `json:"pointers"`
	Spans    int64 `json:"spans"`
	Bytes    int64 `json:"bytes"` // of these spans
	// Objects are those that are there, garbage that is not swept yet among them, and Used
	// is their bytes.
	Objects int64 `json:"objects"`
	Used    int64 `json:"used_bytes"`
}

// Unused is what of the spans no object takes: the fragmentation of this size.
func (c SizeClass) Unused() int64 { return c.Bytes - c.Used }

// HolderKind is a kind of root.
type HolderKind string

// The kinds.
const (
	HolderGlobal    HolderKind = "global"    // a variable of a package
	HolderGoroutine HolderKind = "goroutine" // a goroutine's stack
	HolderSpecial   HolderKind = "special"   // what the runtime keeps for an object: its finalizer, its cleanup
	HolderRuntime   HolderKind = "runtime"   // a variable of the runtime
)

// Holder is what holds objects: a path from a root that all of them share.
type Holder struct {
	Kind HolderKind `json:"kind,omitempty"`
	// Root is the name of the variable, or of what the goroutines have in common; it is
	// empty where there is no path, and Reason then says why.
	Root string `json:"root,omitempty"`
	// Roots is how many of that name lead to the objects: how many goroutines.
	Roots int `json:"roots,omitempty"`
	// Path are the steps from the root to the objects, the shortest there is.
	Path []HolderStep `json:"path,omitempty"`

	// Sampled is how many of the objects in question are behind it, and Objects and Bytes
	// what these stand for.
	Sampled int   `json:"sampled"`
	Objects int64 `json:"objects"`
	Bytes   int64 `json:"bytes"`

	// Retained is how many bytes only Holds keeps alive, which is an index of Path, or -1
	// for the root: the step nearest to the objects through which all paths to nearly all
	// of them lead. Shared says that there is none, because other roots reach them as
	// well, of which Also names some; Retained is then what the objects themselves keep.
	Retained int64    `json:"retained_bytes"`
	Holds    int      `json:"holds"`
	Shared   bool     `json:"shared,omitempty"`
	Also     []string `json:"also,omitempty"`

	Reason string `json:"reason,omitempty"`
}

// Held is who holds what has grown in a soak, as the process was asked at its end.
type Held struct {
	Holders []Holder `json:"holders,omitempty"` // those of most bytes first
	// Stopped is for how long the process stood still for it.
	Stopped time.Duration `json:"stopped_ns,omitempty"`
	// Reason says why nobody is named.
	Reason string `json:"reason,omitempty"`
}

// HolderStep is a reference and the object that it leads to.
type HolderStep struct {
	Field string `json:"field,omitempty"` // where the reference is in what was before: ".history", "[]"
	Type  string `json:"type,omitempty"`  // of the reference: "[]Line"; empty where it is not known
	// Inside says that it is a part of what the step before is of, such as a table of a
	// map. It is left out when a path is printed.
	Inside bool  `json:"inside,omitempty"`
	Size   int64 `json:"size_bytes"` // of one such object in the heap
	// Repeats is how many of such steps there are in a row on the longest path: nodes of a
	// list.
	Repeats  int   `json:"repeats"`
	Retained int64 `json:"retained_bytes"` // only it keeps them alive: the first such object
}

// String is the path on one line, or the reason why there is none:
//
//	main.store *Store → .sessions map[string]*Session → [] *Session → .history []Line
func (h Holder) String() string {
	if h.Root == "" {
		return h.Reason
	}
	var b strings.Builder
	b.WriteString(h.Root)
	for i, s := range h.Path {
		switch {
		case s.Inside:
			continue
		case i == 0 && s.Type != "": // what the variable itself is, or a field of it
			b.WriteString(" ")
		default:
			b.WriteString(" → ")
		}
		b.WriteString(s.String())
	}
	return b.String()
}

// String is the step for people.
func (s HolderStep) String() string {
	text := s.Type
	if text == "" {
		text = fmt.Sprintf("object of %d bytes", s.Size)
	}
	if s.Field != "" {
		text = s.Field + " " + text
	}
	if s.Repeats > 1 {
		text += " ×" + strconv.Itoa(s.Repeats)
	}
	return text
}
