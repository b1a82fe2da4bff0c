package inspect

import (
	"debug/dwarf"
	"encoding/binary"
	"fmt"
	"strings"
)

// special are strings, slices and interfaces, whose structures say more than their
// fields do. The word is at an offset of t, which is u behind its names, and at another
// of the whole value.
func (p *Process) special(t dwarf.Type, u *dwarf.StructType, at int64, value []byte, off int64) (known, string, bool) {
	name := typeName(t)
	switch {
	case u.StructName == "string":
		return known{}, name, at == 0
	case strings.HasPrefix(u.StructName, "[]"):
		if ptr, ok := firstField(u).(*dwarf.PtrType); ok && at == 0 {
			return known{Type: ptr.Type}, name, true
		}
	case u.StructName == "runtime.eface" || u.StructName == "runtime.iface":
		if at != 8 || off < 8 || off > int64(len(value)) {
			return known{}, "", false
		}
		word := binary.LittleEndian.Uint64(value[off-8:])
		if u.StructName == "runtime.iface" {
			word = p.typeOfTable(word)
		}
		in := p.named.runtimeType(word)
		if in == nil {
			return known{}, name, true
		}
		to := known{Type: in}
		switch v := plain(in).(type) {
		case *dwarf.PtrType:
			to = known{Type: v.Type}
		case *dwarf.FuncType:
			to = known{closure: true}
		}
		return to, name + "(" + typeName(in) + ")", true
	}
	return known{}, "", false
}

func firstField(t *dwarf.StructType) dwarf.Type {
	if len(t.Field) == 0 {
		return nil
	}
	return plain(t.Field[0].Type)
}

// typeOfTable is the second word of an interface's table, that of the type in it; see
// internal/abi.ITab.
func (p *Process) typeOfTable(at uint64) uint64 {
	var b [8]byte
	if p.code.read(b[:], at+8) != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b[:])
}

// typeName is a type's name as the program writes it, without the paths of packages.
func typeName(t dwarf.Type) string {
	if t == nil {
		return ""
	}
	name := t.Common().Name
	switch u := t.(type) {
	case *dwarf.StructType:
		name = u.StructName
	case *dwarf.PtrType:
		name = "*" + typeName(u.Type)
	case *dwarf.ArrayType:
		name = fmt.Sprintf("[%d]%s", max(u.Count, 0), typeName(u.Type))
	case *dwarf.FuncType:
		if name == "" {
			name = "func"
		}
	}
	return withoutPaths(strings.ReplaceAll(name, "interface {}", "any"))
}

// withoutPaths takes off what is before the last slash of each name of a package:
// "*github.com/a/b.T" is *b.T.
func withoutPaths(name string) string {
	var b strings.Builder
	for word := ""; name != ""; {
		i := strings.IndexAny(name, "*[](){}, <>;")
		switch i {
		case 0:
			b.WriteByte(name[0])
			name = name[1:]
			continue
		case -1:
			word, name = name, ""
		default:
			word, name = name[:i], name[i:]
		}
		b.WriteString(word[strings.LastIndexByte(word, '/')+1:])
	}
	return b.String()
}
