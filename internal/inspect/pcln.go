package inspect

import (
	"encoding/binary"
	"strings"
)

// value looks an address up in a table of a function that is at an offset: pairs of
// variable-length numbers, how much the value changes and for how many steps it holds.
// It is -1 where there is none. See runtime.pcvalue.
func (p *Process) value(f function, off uint32, pc uint64) int32 {
	if off == 0 || uint64(off) >= f.values.n {
		return -1
	}
	at, end := f.values.start+uint64(off), f.values.end()
	var buffer []byte
	number := func() (uint32, bool) {
		var v uint32
		for shift := 0; shift < 35; shift += 7 {
			if len(buffer) == 0 {
				if at >= end {
					return 0, false
				}
				rest, err := p.code.rest(at)
				if err != nil {
					return 0, false
				}
				buffer = rest[:min(uint64(len(rest)), end-at)]
				at += uint64(len(buffer))
			}
			b := buffer[0]
			buffer = buffer[1:]
			v |= uint32(b&0x7f) << shift
			if b&0x80 == 0 {
				return v, true
			}
		}
		return 0, false
	}
	val, until := int32(-1), f.entry
	for first := true; ; first = false {
		change, ok := number()
		if !ok || change == 0 && !first {
			return -1
		}
		steps, ok := number()
		if !ok {
			return -1
		}
		val += int32(-(change & 1) ^ (change >> 1)) // zigzag
		until += uint64(steps) * f.step
		if pc < until {
			return val
		}
	}
}

// The tables that a function points to, by number; see internal/abi/symtab.go.
const (
	tableInlineIndex = 2 // PCDATA_InlTreeIndex
	tableInlineTree  = 3 // FUNCDATA_InlTree
)

// mostTables is more than a function has.
const mostTables = 256

// inlined are the calls that were inlined at an address: where the tree is of those of
// the function, and the index in it, which is negative where there are none.
func (p *Process) inlined(f function, pc uint64) (tree uint64, index int32) {
	l := &p.layout.module
	npcdata, nfuncdata := l.npcdata.of(f.head), l.nfuncdata.of(f.head)
	if npcdata <= tableInlineIndex || npcdata > mostTables || nfuncdata <= tableInlineTree || nfuncdata > mostTables {
		return 0, -1
	}
	tree32, err := p.code.uint32(f.tail + 4*npcdata + 4*tableInlineTree)
	if err != nil || tree32 == ^uint32(0) {
		return 0, -1
	}
	off, err := p.code.uint32(f.tail + 4*tableInlineIndex)
	if err != nil {
		return 0, -1
	}
	return f.data + uint64(tree32), p.value(f, off, pc)
}

// position is the file and the line of an address, of the innermost call there.
func (p *Process) position(f function, pc uint64) (string, int) {
	l := &p.layout.module
	file := p.value(f, uint32(l.file.of(f.head)), pc)
	line := p.value(f, uint32(l.line.of(f.head)), pc)
	unit := l.unit.of(f.head)
	if file < 0 || line < 0 || 4*(unit+uint64(file)) >= f.units.n {
		return "?", 0
	}
	off, err := p.code.uint32(f.units.start + 4*(unit+uint64(file)))
	if err != nil || uint64(off) >= f.files.n {
		return "?", 0
	}
	name, err := p.code.name(f.files.start+uint64(off), f.files.end())
	if err != nil {
		return "?", 0
	}
	return name, int(line)
}

// name is that of a function at an offset, with type arguments as the runtime prints
// them: main.F[...].
func (p *Process) name(m *module, off uint64) string {
	if off == 0 || off >= m.names.n {
		return ""
	}
	name, err := p.code.name(m.names.start+off, m.names.end())
	if err != nil {
		return ""
	}
	i, j := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if i < 0 || j <= i {
		return name
	}
	return name[:i] + "[...]" + name[j+1:]
}

// inlinedCall is an entry of a tree.
type inlinedCall struct {
	id     uint64
	name   uint64
	parent uint64 // offset of where it was called, in the function
}

// mostInlined bounds an index into a tree.
const mostInlined = 1 << 20

func (p *Process) inlinedCall(tree uint64, index int32) (inlinedCall, bool) {
	l := &p.layout.module
	if index < 0 || index >= mostInlined {
		return inlinedCall{}, false
	}
	b := make([]byte, l.inlinedSize)
	if p.code.read(b, tree+uint64(index)*uint64(l.inlinedSize)) != nil {
		return inlinedCall{}, false
	}
	return inlinedCall{
		id: l.inlined.id.of(b), name: l.inlined.name.of(b),
		parent: uint64(binary.LittleEndian.Uint32(b[l.inlined.parent.off:])),
	}, true
}
