package inspect

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/retain"
)

// named is what the program's file tells of its variables and types. What of the debug
// information cannot be read is missing: there is a path without it, too.
type named struct {
	variables *variablesOf
	data      *dwarf.Data
	globals   map[uint64]dwarf.Offset // types of variables, by address
	byRuntime map[uint64]dwarf.Offset // types, by where the runtime describes them
	byName    map[string]dwarf.Offset
	functions map[string]dwarf.Offset

	known  []known // by retain.Type, from 1 on
	number map[dwarf.Type]retain.Type
}

// known is a type that was met. A closure's is that of the function in it.
type known struct {
	dwarf.Type
	closure bool
}

// Attributes that Go adds; see cmd/internal/dwarf.
const (
	attrRuntimeType   dwarf.Attr = 0x2904
	attrClosureOffset dwarf.Attr = 0x2907
)

// openNames reads the program's file again: it takes about as long as [Open], and is
// done once, before anything is stopped.
func (p *Process) openNames() error {
	if p.named != nil {
		return nil
	}
	exe, err := os.Open(filepath.Join(p.dir, "exe"))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGone, cause(err))
	}
	defer exe.Close()
	f, err := elf.NewFile(exe)
	if err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	n := &named{
		globals: map[uint64]dwarf.Offset{}, byRuntime: map[uint64]dwarf.Offset{}, byName: map[string]dwarf.Offset{},
		functions: map[string]dwarf.Offset{}, known: make([]known, 1), number: map[dwarf.Type]retain.Type{},
	}
	if n.variables, err = readVariables(f, p.moved); err != nil {
		return err
	}
	if data, info, err := readDebug(f); err == nil {
		n.data = data
		for _, at := range units(info) {
			p.indexUnit(n, at)
		}
	}
	p.named = n
	return nil
}

// indexUnit notes where the variables, types and functions of a unit are described.
func (p *Process) indexUnit(n *named, at dwarf.Offset) {
	r := n.data.Reader()
	r.Seek(at)
	e, err := r.Next()
	if err != nil || e == nil || e.Tag != dwarf.TagCompileUnit || !e.Children {
		return
	}
	for {
		e, err := r.Next()
		if err != nil || e == nil || e.Tag == 0 {
			return
		}
		name, _ := e.Val(dwarf.AttrName).(string)
		switch e.Tag {
		case dwarf.TagVariable:
			of, typed := e.Val(dwarf.AttrType).(dwarf.Offset)
			where, located := e.Val(dwarf.AttrLocation).([]byte)
			const opAddr = 3 // DW_OP_addr
			if typed && located && len(where) == 9 && where[0] == opAddr {
				n.globals[binary.LittleEndian.Uint64(where[1:])+p.moved] = of
			}
		case dwarf.TagSubprogram:
			n.functions[name] = e.Offset
		default:
			if at, ok := e.Val(attrRuntimeType).(uint64); ok && at != 0 {
				n.byRuntime[p.described(at)] = e.Offset
			}
			if strings.HasPrefix(name, "internal/sync.") {
				n.byName[name] = e.Offset
			}
		}
		if e.Children {
			r.SkipChildren()
		}
	}
}

// described is where the runtime describes a type: debug information has the address as
// it was linked, or, since Go 1.26, its distance from where they all begin.
func (p *Process) described(at uint64) uint64 {
	if types := p.modules[0].types; at+p.moved < types {
		return types + at
	}
	return at + p.moved
}

// typeAt is the type at an offset of the debug information, nil where it cannot be read.
func (n *named) typeAt(at dwarf.Offset) dwarf.Type {
	if n.data == nil {
		return nil
	}
	t, err := n.data.Type(at)
	if err != nil {
		return nil
	}
	return t
}

// runtimeType is what the runtime describes at an address.
func (n *named) runtimeType(at uint64) dwarf.Type {
	if off, ok := n.byRuntime[at]; ok {
		return n.typeAt(off)
	}
	return nil
}

// id is a type's number.
func (n *named) id(k known) retain.Type {
	if k.Type == nil && !k.closure {
		return 0
	}
	if k.closure { // there is one, of all
		k.Type = nil
	}
	if id, ok := n.number[k.Type]; ok {
		return id
	}
	id := retain.Type(len(n.known))
	n.known = append(n.known, k)
	n.number[k.Type] = id
	return id
}
