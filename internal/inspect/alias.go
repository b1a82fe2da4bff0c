package inspect

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// nameless finds the variables that the linker made and gave no symbol: the values that
// variables of the program point to from the beginning, as in var x = &T{}. They are
// called what refers to them, which may be another of them.
func (p *Process) nameless(pic *picture, vars *variablesOf) {
	const deepest = 4
	all := vars.all
	for range deepest {
		var found []variable
		for _, r := range pic.globals {
			end := r.start + uint64(len(r.bytes))
			for _, v := range all {
				if v.addr >= r.start && v.addr+v.size <= end {
					found = append(found, p.namelessOf(v, r.bytes[v.addr-r.start:][:v.size], pic, vars)...)
				}
			}
		}
		if len(found) == 0 {
			return
		}
		vars.all = append(vars.all, found...)
		slices.SortFunc(vars.all, func(a, b variable) int { return cmp.Compare(a.addr, b.addr) })
		all = found
	}
}

// namelessOf are those that the words of a variable lead to.
func (p *Process) namelessOf(v variable, value []byte, pic *picture, vars *variablesOf) (found []variable) {
	t := vars.types[v.addr]
	if at, ok := p.named.globals[v.addr]; ok {
		t = known{Type: p.named.typeAt(at)}
	}
	if t.Type == nil {
		return nil
	}
	for i := 0; i+8 <= len(value); i += 8 {
		to := binary.LittleEndian.Uint64(value[i:])
		if to == 0 || to%8 != 0 || !pic.global(to) {
			continue
		}
		if _, taken := vars.at(to); taken {
			continue
		}
		r, ok := p.look(t.Type, int64(i), value)
		if !ok || r.to.Type == nil {
			continue
		}
		size := sizeOf(r.to.Type)
		if next := vars.after(to); size <= 0 || next != 0 && to+uint64(size) > next || !pic.global(to+uint64(size)-1) {
			continue
		}
		if _, twice := vars.types[to]; !twice {
			vars.types[to] = r.to
			found = append(found, variable{v.name + r.field + " " + r.via, to, uint64(size)})
		}
	}
	return found
}

// global reports an address within what was read of variables.
func (pic *picture) global(addr uint64) bool {
	return slices.ContainsFunc(pic.globals, func(r region) bool { return addr >= r.start && addr < r.start+uint64(len(r.bytes)) })
}
