package advise

import (
	"cmp"
	"debug/dwarf"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Struct is a struct type of an executable.
type Struct struct {
	Name string // example.com/m.node
	Size int64  // in bytes
	// Best is its size with the fields in the best order that a sort by alignment finds,
	// and Order the fields in it.
	Best  int64
	Order []string
	File  string // of the source where the executable tells it; "" otherwise
}

// field is one of a struct.
type field struct {
	name        string
	size, align int64
}

// mostStructs bounds what is read of an executable.
const mostStructs = 1 << 17

// Structs lists the struct types of an executable's debug information that would be
// smaller with their fields in another order.
func Structs(d *dwarf.Data) ([]Struct, error) {
	var all []Struct
	seen := map[string]bool{}
	for r := d.Reader(); len(seen) < mostStructs; {
		e, err := r.Next()
		if err != nil {
			return nil, fmt.Errorf("read the types of the executable: %w", err)
		}
		if e == nil {
			break
		}
		name, _ := e.Val(dwarf.AttrName).(string)
		if e.Tag != dwarf.TagStructType || !strings.Contains(name, ".") || seen[name] || strings.HasPrefix(name, "struct {") {
			continue
		}
		seen[name] = true
		t, err := d.Type(e.Offset)
		if err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			continue // a type that package dwarf does not understand
		}
		s, ok := t.(*dwarf.StructType)
		if !ok {
			continue
		}
		if packed, ok := pack(s); ok {
			packed.Name = name
			all = append(all, packed)
		}
	}
	slices.SortFunc(all, func(a, b Struct) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

func pack(s *dwarf.StructType) (Struct, bool) {
	fields := make([]field, len(s.Field))
	for i, f := range s.Field {
		fields[i] = field{f.Name, f.Type.Size(), alignment(f.Type)}
		if fields[i].size < 0 || f.ByteOffset%max(fields[i].align, 1) != 0 {
			return Struct{}, false // not laid out as we think
		}
	}
	order, best := reorder(fields)
	if best >= s.Size() || s.Size() <= 0 {
		return Struct{}, false
	}
	return Struct{Size: s.Size(), Best: best, Order: order}, true
}

// reorder sorts the fields by alignment, the largest first, which leaves no gaps between
// fields whose sizes are multiples of their alignments, as Go's all are; fields of no size
// come first, since one at the end would take room (cmd/compile/internal/types: size.go).
func reorder(fields []field) (order []string, size int64) {
	sorted := slices.Clone(fields)
	slices.SortStableFunc(sorted, func(a, b field) int {
		if (a.size == 0) != (b.size == 0) {
			return cmp.Compare(a.size, b.size)
		}
		return cmp.Or(cmp.Compare(b.align, a.align), cmp.Compare(b.size, a.size))
	})
	largest := int64(1)
	for _, f := range sorted {
		align := max(f.align, 1)
		largest = max(largest, align)
		size = (size+align-1)/align*align + f.size
		order = append(order, f.name)
	}
	return order, (size + largest - 1) / largest * largest
}

// alignment is that of a Go type on a 64-bit platform.
func alignment(t dwarf.Type) int64 {
	const word = 8
	switch t := t.(type) {
	case *dwarf.TypedefType:
		return alignment(t.Type)
	case *dwarf.ArrayType:
		return alignment(t.Type)
	case *dwarf.StructType:
		most := int64(1)
		for _, f := range t.Field {
			most = max(most, alignment(f.Type))
		}
		return most
	case *dwarf.ComplexType:
		return min(max(t.Size()/2, 1), word)
	}
	return min(max(t.Size(), 1), word)
}
