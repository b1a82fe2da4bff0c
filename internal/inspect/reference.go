package inspect

import (
	"debug/dwarf"
	"encoding/binary"
	"strings"
)

// reference is what is known of a word of a value.
type reference struct {
	field string // the way to it, from the beginning of the value
	via   string // the type of the reference, as the program declares it
	to    known  // what it leads to
	// The word is a part of what the value before is of: a table of a map.
	inside bool
}

// plain is what is behind the names of a type.
func plain(t dwarf.Type) dwarf.Type {
	const deepest = 16
	for range deepest {
		d, ok := t.(*dwarf.TypedefType)
		if !ok {
			break
		}
		t = d.Type
	}
	return t
}

// sizeOf a type in bytes, 0 where it is not known.
func sizeOf(t dwarf.Type) int64 {
	if t == nil {
		return 0
	}
	return max(t.Size(), 0)
}

// look follows a type down to the word at an offset of a value of it.
func (p *Process) look(t dwarf.Type, off int64, value []byte) (reference, bool) {
	const deepest = 64
	r, at := reference{}, off
	var holder *dwarf.StructType // what is around
	for range deepest {
		name := typeName(t)
		switch u := plain(t).(type) {
		case *dwarf.StructType:
			if to, via, ok := p.special(t, u, at, value, off); ok {
				r.to, r.via = to, via
				return r, true
			}
			f := fieldAt(u, at)
			if f == nil {
				return r, false
			}
			r.field += fieldName(u, f.Name)
			if isMap(u) {
				r.inside = true
			}
			holder = u
			t, at = f.Type, at-f.ByteOffset
		case *dwarf.ArrayType:
			size := sizeOf(u.Type)
			if size <= 0 || u.Count <= 0 {
				return r, false
			}
			if !isGroup(holder) { // whose slots are the elements of a map
				r.field += "[]"
			}
			t, at = u.Type, at%size
		case *dwarf.PtrType:
			if at != 0 {
				return r, false
			}
			r.via, r.to, r.inside = name, known{Type: u.Type}, r.inside || isInside(u) && strings.HasPrefix(name, "*")
			if _, ok := u.Type.(*dwarf.VoidType); ok || u.Type == nil {
				untyped(&r, holder)
			}
			p.insideMap(&r, holder, value, off)
			return r, true
		case *dwarf.FuncType:
			r.via, r.to = name, known{closure: true}
			return r, at == 0
		default:
			return r, false
		}
	}
	return r, false
}

// fieldAt is the field that an offset is in. Fields of no size may begin there, too.
func fieldAt(t *dwarf.StructType, at int64) *dwarf.StructField {
	for _, f := range t.Field {
		if size := sizeOf(f.Type); at >= f.ByteOffset && at < f.ByteOffset+size {
			return f
		}
	}
	return nil
}

// fieldName is how a field is written: those of a map as the program sees them.
func fieldName(t *dwarf.StructType, name string) string {
	switch {
	case isMap(t):
		return ""
	case isGroup(t):
		return "" // its slots
	case isSlot(t):
		if name == "key" {
			return "[key]"
		}
		return "[]"
	}
	return "." + name
}

// The structures that maps are made of since Go 1.24; the linker makes their types.
func isMap(t *dwarf.StructType) bool {
	return strings.HasPrefix(t.StructName, "map<") || strings.HasPrefix(t.StructName, "table<") || strings.HasPrefix(t.StructName, "groupReference<")
}

func isGroup(t *dwarf.StructType) bool {
	return t != nil && strings.HasPrefix(t.StructName, "noalg.map.group[")
}

func isSlot(t *dwarf.StructType) bool {
	return len(t.Field) == 2 && t.Field[0].Name == "key" && t.Field[1].Name == "elem" && strings.HasPrefix(t.StructName, "noalg.struct")
}

// insideMap corrects what a map's words lead to: a small one has one group and no tables.
func (p *Process) insideMap(r *reference, holder *dwarf.StructType, value []byte, off int64) {
	if holder == nil || !strings.HasPrefix(holder.StructName, "map<") {
		return
	}
	r.inside = true
	// The number of tables is behind the reference to them.
	if off+16 > int64(len(value)) || binary.LittleEndian.Uint64(value[off+8:]) != 0 {
		return
	}
	group := r.to.Type
	for _, path := range []string{"", "groups", "data"} { // *table, groupReference, *group
		if path != "" {
			s, ok := plain(group).(*dwarf.StructType)
			if !ok {
				return
			}
			var next dwarf.Type
			for _, f := range s.Field {
				if f.Name == path {
					next = f.Type
				}
			}
			group = next
		}
		if ptr, ok := plain(group).(*dwarf.PtrType); ok {
			group = ptr.Type
		}
	}
	r.to = known{Type: group}
}

// untyped corrects a reference without a type where the structure around it tells what it
// leads to: a channel's buffer, and atomic.Pointer, which has a field of no size for that.
func untyped(r *reference, holder *dwarf.StructType) {
	r.via, r.to = "unsafe.Pointer", known{}
	if holder == nil {
		return
	}
	if strings.HasPrefix(holder.StructName, "hchan<") {
		r.to, r.inside = known{Type: channelElement(holder)}, true
		return
	}
	for _, f := range holder.Field {
		if a, ok := plain(f.Type).(*dwarf.ArrayType); ok && a.Count == 0 {
			if ptr, ok := plain(a.Type).(*dwarf.PtrType); ok {
				r.via, r.to, r.field = typeName(ptr), known{Type: ptr.Type}, strings.TrimSuffix(r.field, ".v")
				return
			}
		}
	}
}

// channelElement follows hchan<T>.recvq.first.elem, a *T.
func channelElement(t *dwarf.StructType) dwarf.Type {
	var at dwarf.Type = t
	for _, name := range []string{"recvq", "first", "elem"} {
		s, ok := plain(at).(*dwarf.StructType)
		if !ok {
			return nil
		}
		var next dwarf.Type
		for _, f := range s.Field {
			if f.Name == name {
				next = f.Type
			}
		}
		if ptr, ok := plain(next).(*dwarf.PtrType); ok {
			next = ptr.Type
		}
		at = next
	}
	return at
}
