package inspect

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"strings"
)

// types are the runtime's structures and constants, from the debug information.
type types struct {
	data    *dwarf.Data
	structs map[string]dwarf.Offset
	consts  map[string]int64
}

// largestSection bounds what is unpacked of a program that says how large it is itself.
const largestSection = 1 << 30

// readDebug opens a program's debug information, and gives the section with its entries
// too. Of the sections only those are read that types need: those for lines and variables
// are many times as large.
func readDebug(f *elf.File) (*dwarf.Data, []byte, error) {
	section := func(name string) ([]byte, error) {
		s := f.Section(".debug_" + name)
		if s == nil {
			return nil, nil
		}
		if s.Size > largestSection {
			return nil, fmt.Errorf("its section %s has %d bytes, which is not believed", s.Name, s.Size)
		}
		return s.Data()
	}
	var parts [3][]byte
	for i, name := range []string{"abbrev", "info", "str"} {
		b, err := section(name)
		if err != nil {
			return nil, nil, fmt.Errorf("debug information: %w", err)
		}
		parts[i] = b
	}
	abbrev, info, str := parts[0], parts[1], parts[2]
	if len(abbrev) == 0 || len(info) == 0 {
		return nil, nil, ErrStripped
	}
	d, err := dwarf.New(abbrev, nil, nil, info, nil, nil, nil, str)
	if err != nil {
		return nil, nil, fmt.Errorf("debug information: %w", err)
	}
	for _, name := range []string{"addr", "str_offsets", "line_str"} {
		b, err := section(name)
		if err == nil && len(b) > 0 {
			err = d.AddSection(".debug_"+name, b)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("debug information: %w", err)
		}
	}
	return d, info, nil
}

// readTypes finds the runtime's types.
func readTypes(f *elf.File) (*types, error) {
	d, info, err := readDebug(f)
	if err != nil {
		return nil, err
	}
	t := &types{data: d, structs: map[string]dwarf.Offset{}, consts: map[string]int64{}}
	for _, at := range units(info) {
		if err := t.unit(at); err != nil {
			return nil, fmt.Errorf("debug information: %w", err)
		}
	}
	return t, nil
}

// units are where the entries of the compilation units begin. Most units are passed
// over, which package dwarf can do only by reading them.
func units(info []byte) []dwarf.Offset {
	var all []dwarf.Offset
	for at := uint64(0); at+16 <= uint64(len(info)); {
		n, head := uint64(binary.LittleEndian.Uint32(info[at:])), uint64(4)
		if n == 0xffffffff {
			n, head = binary.LittleEndian.Uint64(info[at+4:]), 12
		}
		if n > uint64(len(info)) || at+head+2 > uint64(len(info)) {
			break
		}
		// The version, the offset of the abbreviations, the size of an address; since
		// version 5 the kind of unit.
		size := head + 2 + 1
		if head == 4 {
			size += 4
		} else {
			size += 8
		}
		if binary.LittleEndian.Uint16(info[at+head:]) >= 5 {
			size++
		}
		all = append(all, dwarf.Offset(at+size))
		at += head + n
	}
	return all
}

// unit notes the types and constants of a unit of the runtime. All types of a program
// are in one of the units of that name, whosever they are.
func (t *types) unit(at dwarf.Offset) error {
	r := t.data.Reader()
	r.Seek(at)
	e, err := r.Next()
	if err != nil || e == nil || e.Tag != dwarf.TagCompileUnit || !e.Children {
		return err
	}
	if name, _ := e.Val(dwarf.AttrName).(string); name != "runtime" && name != "internal/abi" {
		return nil
	}
	for {
		e, err := r.Next()
		if err != nil || e == nil || e.Tag == 0 {
			return err
		}
		name, _ := e.Val(dwarf.AttrName).(string)
		if strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "internal/abi.FuncID") {
			switch e.Tag {
			case dwarf.TagStructType:
				t.structs[name] = e.Offset
			case dwarf.TagConstant:
				if v, ok := e.Val(dwarf.AttrConstValue).(int64); ok {
					t.consts[name] = v
				}
			}
		}
		if e.Children {
			r.SkipChildren()
		}
	}
}

// entry is the type at an offset, behind its other names.
func (t *types) entry(at dwarf.Offset) (*dwarf.Entry, *dwarf.Reader) {
	const deepest = 16
	for range deepest {
		r := t.data.Reader()
		r.Seek(at)
		e, err := r.Next()
		if err != nil || e == nil {
			return nil, nil
		}
		to, named := e.Val(dwarf.AttrType).(dwarf.Offset)
		if e.Tag != dwarf.TagTypedef || !named {
			return e, r
		}
		at = to
	}
	return nil, nil
}

// member finds a field of the structure at an offset.
func (t *types) member(at dwarf.Offset, name string) (off int64, of dwarf.Offset, ok bool) {
	e, r := t.entry(at)
	if e == nil || e.Tag != dwarf.TagStructType || !e.Children {
		return 0, 0, false
	}
	for {
		m, err := r.Next()
		if err != nil || m == nil || m.Tag == 0 {
			return 0, 0, false
		}
		if n, _ := m.Val(dwarf.AttrName).(string); n == name && m.Tag == dwarf.TagMember {
			off, located := m.Val(dwarf.AttrDataMemberLoc).(int64)
			of, typed := m.Val(dwarf.AttrType).(dwarf.Offset)
			return off, of, located && typed
		}
		if m.Children {
			r.SkipChildren()
		}
	}
}

// size of a type in bytes.
func (t *types) size(at dwarf.Offset) int64 {
	e, r := t.entry(at)
	if e == nil {
		return 0
	}
	if n, ok := e.Val(dwarf.AttrByteSize).(int64); ok {
		return n
	}
	switch e.Tag {
	case dwarf.TagPointerType:
		return 8
	case dwarf.TagArrayType:
		of, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
		if sub, err := r.Next(); err == nil && sub != nil && sub.Tag == dwarf.TagSubrangeType {
			n, _ := sub.Val(dwarf.AttrCount).(int64)
			return n * t.size(of)
		}
	}
	return 0
}

// largestStruct bounds offsets and sizes of what the runtime has.
const largestStruct = 1 << 20

// find follows a path of fields, such as "sched.sp". At its end, the value within an
// atomic type is meant.
func (t *types) find(name, path string) (field, bool) {
	at, ok := t.structs[name]
	if !ok {
		return field{}, false
	}
	off := int64(0)
	for part := range strings.SplitSeq(path, ".") {
		o, of, ok := t.member(at, part)
		if !ok {
			return field{}, false
		}
		off, at = off+o, of
	}
	if o, of, ok := t.member(at, "value"); ok {
		off, at = off+o, of
	}
	size := t.size(at)
	if off < 0 || size <= 0 || off > largestStruct || size > largestStruct {
		return field{}, false
	}
	return field{int(off), int(size)}, true
}
