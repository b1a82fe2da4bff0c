package live

import (
	"encoding/json"

	"github.com/highwater-dev/highwater"
)

// PartHeap is what of resident memory is objects, where the source does not tell the live
// ones from the others: [highwater.PartLive] and [highwater.PartNew] together.
const PartHeap = "heap, live or not"

// Parts are those that the resident memory of a snapshot consists of: they add up to it,
// to the byte. They are [highwater.Memory.Parts], which take a live heap that is not known
// for none; here it is no part of its own then.
func Parts(s *highwater.Snapshot) []highwater.Part {
	return partsOf(s.Memory, tellsLive(s))
}

// tellsLive reports whether the source of a snapshot tells what is live.
func tellsLive(s *highwater.Snapshot) bool { return s.Lacks[highwater.QuantityLive] == "" }

func partsOf(m highwater.Memory, live bool) []highwater.Part {
	all := m.Parts()
	if live {
		return all
	}
	var parts []highwater.Part
	for _, p := range all {
		if p.Name == highwater.PartLive || p.Name == highwater.PartNew {
			p.Name = PartHeap
			if len(parts) > 0 && parts[len(parts)-1].Name == PartHeap {
				parts[len(parts)-1].Bytes += p.Bytes
				continue
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// PartRow is a part of resident memory: their Bytes add up to RSS.
type PartRow struct {
	highwater.Part
	Change int64 // since the reset
}

// partRows counts changes in parts that both looks have: where only the later one tells
// what is live, nobody knows by how much that has changed.
func partRows(now, base *highwater.Snapshot) []PartRow {
	seen := tellsLive(now)
	before := map[string]int64{}
	known := false
	for _, p := range partsOf(base.Memory, seen && tellsLive(base)) {
		before[p.Name], known = p.Bytes, true
	}
	_, merged := before[PartHeap]
	var rows []PartRow
	for _, p := range partsOf(now.Memory, seen) {
		row := PartRow{Part: p}
		if known && !(merged && (p.Name == highwater.PartLive || p.Name == highwater.PartNew)) {
			row.Change = p.Bytes - before[p.Name]
		}
		rows = append(rows, row)
	}
	return rows
}

// Memory is that of a snapshot as JSON writes it for others to read: live bytes that are
// not known are null, and not 0.
type Memory struct {
	highwater.Memory
	NoLive bool // what is live is not known
}

// MemoryOf is the memory of a snapshot.
func MemoryOf(s *highwater.Snapshot) Memory {
	return Memory{s.Memory, !tellsLive(s)}
}

// MarshalJSON writes the fields of [highwater.Memory].
func (m Memory) MarshalJSON() ([]byte, error) {
	if !m.NoLive {
		return json.Marshal(m.Memory)
	}
	return json.Marshal(struct {
		Live *int64 `json:"live_bytes"` // in the place of the field of this name below
		highwater.Memory
	}{nil, m.Memory})
}
