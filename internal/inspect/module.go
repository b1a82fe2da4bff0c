package inspect

import (
	"encoding/binary"
	"fmt"
	"sort"
)

// table is a part of memory that does not change.
type table struct{ start, n uint64 }

func (t table) end() uint64 { return t.start + t.n }

// module is the program, or a plugin, as the runtime knows it: where its functions
// are, and what is known of them. See runtime/symtab.go.
type module struct {
	names, units, files, values, funcs table
	index                              table // of functions by address, in entries of 8 bytes
	text, minPC, maxPC                 uint64
	data                               uint64  // what functions point to
	step                               uint64  // of program counters
	types                              uint64  // where the runtime's own descriptions of types begin
	variables                          []table // that may hold pointers
}

// Bounds of what a program may say of itself.
const (
	mostModules = 64
	largestText = 1 << 32
)

func (p *Process) readModules() error {
	m := &p.layout.module
	addr := p.at("runtime.firstmoduledata")
	for range mostModules {
		if addr == 0 {
			break
		}
		b := make([]byte, extent(m.next, m.data, m.maxPC, m.sections.len, m.index.len, m.dataEnd, m.bssEnd, m.types))
		if err := p.mem.read(b, addr); err != nil {
			return fmt.Errorf("reading the table of functions: %w", err)
		}
		part := func(s slice, size uint64) table {
			start, n := s.of(b)
			if n > largestText/size || start >= highest {
				return table{}
			}
			return table{start, n * size}
		}
		one := module{
			names: part(m.names, 1), units: part(m.units, 4), files: part(m.files, 1), values: part(m.values, 1),
			funcs: part(m.funcs, 1), index: part(m.index, 8),
			text: m.text.of(b), minPC: m.minPC.of(b), maxPC: m.maxPC.of(b), data: m.data.of(b),
		}
		var step [1]byte
		if err := p.mem.read(step[:], m.header.of(b)+uint64(m.step.off)); err != nil {
			return fmt.Errorf("reading the table of functions: %w", err)
		}
		one.step, one.types = uint64(step[0]), m.types.of(b)
		for _, v := range [][2]field{{m.dataStart, m.dataEnd}, {m.bssStart, m.bssEnd}} {
			if start, end := v[0].of(b), v[1].of(b); start < end && end-start <= largestText && end < highest {
				one.variables = append(one.variables, table{start, end - start})
			}
		}
		// Only programs of other processors have their code in several parts.
		if _, parts := m.sections.of(b); parts <= 1 && one.maxPC-one.minPC <= largestText && one.index.n >= 16 {
			p.modules = append(p.modules, one)
		}
		addr = m.next.of(b)
	}
	if len(p.modules) == 0 {
		return fmt.Errorf("%w: it has no table of functions", ErrUnknown)
	}
	return nil
}

// module of the code at an address, or nil.
func (p *Process) module(pc uint64) *module {
	for i := range p.modules {
		if m := &p.modules[i]; m.minPC <= pc && pc < m.maxPC {
			return m
		}
	}
	return nil
}

// function is one that there is code of.
type function struct {
	*module
	head  []byte // a _func
	tail  uint64 // where its tables begin
	entry uint64
}

// function finds that of an address.
func (p *Process) function(pc uint64) (function, bool) {
	m := p.module(pc)
	if m == nil || pc < m.text || pc-m.text > largestText {
		return function{}, false
	}
	off := uint32(pc - m.text)
	var failed error
	entry := func(i int) (uint32, uint32) {
		var b [8]byte
		if err := p.code.read(b[:], m.index.start+8*uint64(i)); err != nil {
			failed = err
		}
		return binary.LittleEndian.Uint32(b[:]), binary.LittleEndian.Uint32(b[4:])
	}
	// The last entry is the end of the one before it.
	n := int(m.index.n/8) - 1
	i := sort.Search(n, func(i int) bool { at, _ := entry(i); return at > off }) - 1
	if i < 0 || failed != nil {
		return function{}, false
	}
	begin, at := entry(i)
	size := uint64(p.layout.sizes.fn)
	if uint64(at)+size > m.funcs.n {
		return function{}, false
	}
	f := function{module: m, head: make([]byte, size), tail: m.funcs.start + uint64(at) + size, entry: m.text + uint64(begin)}
	if failed != nil || p.code.read(f.head, m.funcs.start+uint64(at)) != nil {
		return function{}, false
	}
	return f, true
}
