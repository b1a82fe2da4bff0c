package inspect

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"sort"
)

// variable is one of a package.
type variable struct {
	name       string
	addr, size uint64
}

// variablesOf are those of the program, in the order of their addresses.
type variablesOf struct {
	all   []variable
	types map[uint64]known // of those without a symbol, by address
}

// readVariables reads the symbols of variables from the program.
func readVariables(f *elf.File, moved uint64) (*variablesOf, error) {
	symbols, err := f.Symbols()
	if err != nil {
		return nil, fmt.Errorf("reading the symbols: %w", err)
	}
	v := &variablesOf{}
	for _, s := range symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_OBJECT && s.Size > 0 && s.Size < largestText {
			v.all = append(v.all, variable{s.Name, s.Value + moved, s.Size})
		}
	}
	slices.SortFunc(v.all, func(a, b variable) int { return cmp.Compare(a.addr, b.addr) })
	return v, nil
}

// within are those that begin in a part of memory.
func (v *variablesOf) within(start, end uint64) []variable {
	i := sort.Search(len(v.all), func(i int) bool { return v.all[i].addr >= start })
	j := sort.Search(len(v.all), func(i int) bool { return v.all[i].addr >= end })
	return v.all[i:max(i, j)]
}

// at is the variable that an address is in.
func (v *variablesOf) at(addr uint64) (variable, bool) {
	i := sort.Search(len(v.all), func(i int) bool { return v.all[i].addr > addr }) - 1
	if i < 0 || addr >= v.all[i].addr+v.all[i].size {
		return variable{}, false
	}
	return v.all[i], true
}

// after is where the next variable begins, 0 for none.
func (v *variablesOf) after(addr uint64) uint64 {
	i := sort.Search(len(v.all), func(i int) bool { return v.all[i].addr > addr })
	if i == len(v.all) {
		return 0
	}
	return v.all[i].addr
}

// clone is to be added to.
func (v *variablesOf) clone() *variablesOf {
	return &variablesOf{slices.Clone(v.all), map[uint64]known{}}
}
