package inspect

import (
	"debug/buildinfo"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// program is what the executable of a process tells.
type program struct {
	version string // of Go
	symbols map[string]symbol
	layout  *layout
	entry   uint64
	amd64   bool
}

// symbol is a variable's address before the program was loaded, and its size.
type symbol struct{ addr, size uint64 }

// variables are those of package runtime that are read; the second half may be missing.
var (
	variables = []string{
		"runtime.memstats", "runtime.gcController", "runtime.work", "runtime.gcphase", "runtime.gcCPULimiter",
		"runtime.allglen", "runtime.allgptr", "runtime.allp", "runtime.sched", "runtime.firstmoduledata",
		"runtime.mbuckets", "runtime.mProfCycle", "runtime.MemProfileRate", "runtime.waitReasonStrings",
		"runtime.gStatusStrings", "runtime.buildVersion",
	}
	perhaps = []string{
		"runtime.disableMemoryProfiling", "runtime.fingStatus", "runtime.mheap_", "runtime.allm",
		"internal/runtime/gc.SizeClassToSize", "runtime.class_to_size", // the second until Go 1.24
	}
)

// readProgram reads an executable.
func readProgram(r io.ReaderAt) (*program, error) {
	// Package buildinfo has no error of its own for what is no Go program, and there is
	// little else that can be wrong with an executable that is running.
	info, err := buildinfo.Read(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotGo, err)
	}
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	if f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB {
		return nil, fmt.Errorf("%w on this processor: only 64-bit, little-endian programs are", ErrUnknown)
	}
	p := &program{version: info.GoVersion, symbols: map[string]symbol{}, entry: f.Entry, amd64: f.Machine == elf.EM_X86_64}
	if err := p.readSymbols(f); err != nil {
		return nil, err
	}
	t, err := readTypes(f)
	if err != nil {
		return nil, err
	}
	if p.layout, err = newLayout(t); err != nil {
		return nil, fmt.Errorf("%s: %w", p.version, err)
	}
	return p, nil
}

func (p *program) readSymbols(f *elf.File) error {
	if s := f.Section(".symtab"); s != nil && s.Size > largestSection {
		return fmt.Errorf("its symbol table has %d bytes, which is not believed", s.Size)
	}
	all, err := f.Symbols()
	if errors.Is(err, elf.ErrNoSymbols) {
		return ErrStripped
	}
	if err != nil {
		return fmt.Errorf("reading the symbols: %w", err)
	}
	wanted := map[string]bool{}
	for _, name := range variables {
		wanted[name] = true
	}
	for _, name := range perhaps {
		wanted[name] = true
	}
	for _, s := range all {
		if wanted[s.Name] {
			p.symbols[s.Name] = symbol{s.Value, s.Size}
		}
	}
	for _, name := range variables {
		if p.symbols[name].addr == 0 {
			return fmt.Errorf("%s: %w: there is no %s", p.version, ErrUnknown, name)
		}
	}
	return nil
}

// bias is by how much a program lies elsewhere than it was linked for. The kernel
// tells a program where it begins, and keeps what it told.
func (p *program) bias(auxv string) (uint64, error) {
	b, err := os.ReadFile(auxv)
	if err != nil {
		return 0, err
	}
	const entry = 9 // AT_ENTRY, see getauxval(3)
	for ; len(b) >= 16; b = b[16:] {
		if binary.LittleEndian.Uint64(b) == entry {
			return binary.LittleEndian.Uint64(b[8:]) - p.entry, nil
		}
	}
	return 0, fmt.Errorf("%w: the kernel does not say where it lies", errTorn)
}
