package inspect

import (
	"debug/dwarf"
	"encoding/binary"
	"strings"

	"github.com/highwater-dev/highwater/internal/retain"
)

// links gives names to references, of one picture.
type links struct {
	p *Process
	*named
	vars  *variablesOf
	large map[uint64]uint64 // what the runtime says that large objects are of, by address
}

func (n *named) of(p *Process, pic *picture, vars *variablesOf) retain.Names {
	l := &links{p, n, vars, map[uint64]uint64{}}
	for _, s := range pic.spans {
		if s.large && s.pointers && s.largeType != 0 {
			l.large[s.start] = s.largeType
		}
	}
	return l
}

// Link tells of a reference. Where the type is not known that it is in, there is still
// what the runtime has noted of the object that it leads to.
func (l *links) Link(from retain.Value, offset int64, to retain.Value, at int64) retain.Link {
	var r reference
	var ok bool
	switch k := l.typeOf(from, offset); {
	case k.closure:
		r, ok = l.captured(from, offset)
	case k.Type != nil:
		off, size := offset, sizeOf(k.Type)
		var prefix string
		if size > 0 && from.Root == nil && off >= size { // an element of several
			off %= size
		}
		if size > 0 && from.Root == nil && from.Size >= 2*size && !isInside(k.Type) {
			prefix = "[]"
		}
		value := from.Memory
		if start := offset - off; start > 0 && start < int64(len(value)) {
			value = value[start:]
		}
		if r, ok = l.p.look(k.Type, off, value); ok {
			r.field = prefix + r.field
		}
	}
	link := retain.Link{Inside: r.inside && ok}
	if ok {
		link.Field, link.Via = r.field, r.via
	}
	link.To = l.id(l.object(r.to, ok, to, at))
	if l.known[link.To].closure && len(to.Memory) >= 8 {
		link.Via += " (" + l.p.functionName(binary.LittleEndian.Uint64(to.Memory)) + ")"
	}
	if link.Via == "" {
		if own := l.own(to); own != nil {
			link.Via = "*" + typeName(own)
			if size := sizeOf(own); size > 0 && to.Size >= 2*size {
				link.Via = "[]" + typeName(own)
			}
		}
	}
	return link
}

// isInside reports a structure of a map, of which an object has several and the program
// sees none.
func isInside(t dwarf.Type) bool {
	s, ok := plain(t).(*dwarf.StructType)
	if !ok {
		ptr, pointer := plain(t).(*dwarf.PtrType)
		if !pointer {
			return false
		}
		s, ok = plain(ptr.Type).(*dwarf.StructType)
	}
	return ok && (isMap(s) || isGroup(s))
}

// typeOf is that of a value: of a variable as it is declared, of an object what the
// runtime has noted, and otherwise what the reference to it has said.
func (l *links) typeOf(v retain.Value, offset int64) known {
	if v.Root != nil {
		if off, ok := l.globals[v.Addr]; ok {
			return known{Type: l.typeAt(off)}
		}
		return l.vars.types[v.Addr]
	}
	if own := l.own(v); own != nil {
		return known{Type: own}
	}
	if v.Type > 0 && int(v.Type) < len(l.known) {
		return l.known[v.Type]
	}
	return known{}
}

// own is the type that the runtime has noted of an object when it was allocated: of those
// with pointers of more than 512 bytes.
func (l *links) own(v retain.Value) dwarf.Type {
	if len(v.Header) == headerSize {
		return l.runtimeType(binary.LittleEndian.Uint64(v.Header))
	}
	if at, ok := l.large[v.Addr]; ok {
		return l.runtimeType(at)
	}
	return nil
}

// object is the type of the whole object that a reference leads into.
func (l *links) object(k known, ok bool, to retain.Value, at int64) known {
	if !ok || k.Type == nil {
		if ok && k.closure && at == 0 {
			return k
		}
		return known{}
	}
	if s, isStruct := plain(k.Type).(*dwarf.StructType); isStruct {
		if t := l.node(s, to.Memory); t != nil {
			return known{Type: t}
		}
	}
	// Into the middle: into an element, when the object has room for whole ones only.
	if size := sizeOf(k.Type); at != 0 && (size <= 0 || at%size != 0) {
		return known{}
	}
	return k
}

// node says which of its two kinds a node of a sync.Map is: the type that leads to it is
// what both begin with.
func (l *links) node(t *dwarf.StructType, memory []byte) dwarf.Type {
	args, ok := strings.CutPrefix(t.StructName, "internal/sync.node[")
	if !ok || len(memory) == 0 {
		return nil
	}
	kind := "internal/sync.indirect["
	if memory[0] != 0 {
		kind = "internal/sync.entry["
	}
	if off, ok := l.byName[kind+args]; ok {
		return l.typeAt(off)
	}
	return nil
}

// captured tells of a variable that a function holds on to.
func (l *links) captured(v retain.Value, offset int64) (reference, bool) {
	if len(v.Memory) < 8 || l.data == nil {
		return reference{}, false
	}
	name := l.p.functionName(binary.LittleEndian.Uint64(v.Memory))
	var r reference
	at, ok := l.functions[name]
	if !ok {
		return r, false
	}
	d := l.data.Reader()
	d.Seek(at)
	if e, err := d.Next(); err != nil || e == nil || !e.Children {
		return r, false
	}
	for {
		e, err := d.Next()
		if err != nil || e == nil || e.Tag == 0 {
			return r, false
		}
		off, is := e.Val(attrClosureOffset).(int64)
		of, typed := e.Val(dwarf.AttrType).(dwarf.Offset)
		if is && typed {
			if t := l.typeAt(of); t != nil && offset >= off && offset < off+sizeOf(t) {
				variable, _ := e.Val(dwarf.AttrName).(string)
				in, ok := l.p.look(t, offset-off, v.Memory[min(off, int64(len(v.Memory))):])
				if ok {
					in.field = "captured " + variable + in.field
					return in, true
				}
			}
		}
		if e.Children {
			d.SkipChildren()
		}
	}
}
