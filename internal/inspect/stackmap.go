package inspect

import (
	"encoding/binary"
	"slices"
	"strings"
)

// The tables that say which words of a frame are references just now; see
// internal/abi/symtab.go and stkframe.getStackMap in the runtime.
const (
	tableStackMap     = 1 // PCDATA_StackMapIndex
	tableArgsPointers = 0 // FUNCDATA_ArgsPointerMaps
	tablePointers     = 1 // FUNCDATA_LocalsPointerMaps
	tableStackObjects = 2 // FUNCDATA_StackObjects
)

// mostBits bounds a frame, in words.
const mostBits = 1 << 20

// live are the frames with what the collector would not look at set to zero: a variable
// that is no longer used holds nothing, though its word is still there. Variables whose
// address is taken are all kept. Where the tables do not suffice, as in a goroutine that
// was stopped anywhere, a frame stays as it is, and so do those of other processors than
// amd64.
func (p *Process) live(frames []frame) []frame {
	if !p.amd64 {
		return frames
	}
	out := slices.Clone(frames)
	for i := range out {
		f, ok := p.function(frames[i].pc - 1)
		if frames[i].pc == 0 || !ok || p.anywhere(frames, i) {
			continue
		}
		end := frames[i].start + uint64(len(frames[i].bytes)) // where the frame pointer is saved
		locals, known := p.pointers(f, tablePointers, frames[i].pc-1)
		if !known {
			continue
		}
		words := make([]byte, len(frames[i].bytes))
		keep := func(addr uint64) {
			if off := addr - frames[i].start; addr >= frames[i].start && off+8 <= uint64(len(words)) {
				copy(words[off:off+8], frames[i].bytes[off:])
			}
		}
		begin := end - 8*uint64(len(locals))
		for j, is := range locals {
			if is {
				keep(begin + 8*uint64(j))
			}
		}
		for _, o := range p.stackObjects(f) {
			for at := end + uint64(o[0]); o[0] < 0 && at < end+uint64(o[0])+uint64(o[1]); at += 8 {
				keep(at)
			}
		}
		p.keepArguments(frames, i, begin, keep)
		out[i].bytes = words
	}
	return out
}

// keepArguments keeps what a frame has laid down for the function that it has called, at
// its beginning.
func (p *Process) keepArguments(frames []frame, i int, end uint64, keep func(uint64)) {
	if i == 0 {
		return
	}
	args, known := []bool(nil), false
	if f, ok := p.function(frames[i-1].pc - 1); ok {
		args, known = p.pointers(f, tableArgsPointers, frames[i-1].pc-1)
		for _, o := range p.stackObjects(f) {
			for at := frames[i].start + uint64(o[0]); o[0] >= 0 && at < frames[i].start+uint64(o[0])+uint64(o[1]); at += 8 {
				keep(at)
			}
		}
	}
	for at := frames[i].start; at < end; at += 8 {
		if j := int(at-frames[i].start) / 8; !known || j < len(args) && args[j] {
			keep(at)
		}
	}
}

// anywhere reports a frame that was left at no call, or whose words the runtime finds in
// another way.
func (p *Process) anywhere(frames []frame, i int) bool {
	special := func(i int) bool {
		c := p.call(frames[i].pc)
		if c == nil {
			return true
		}
		name := c.levels[len(c.levels)-1].frame.Func
		return name == "runtime.asyncPreempt" || name == "runtime.sigpanic" || strings.HasPrefix(name, "runtime.debugCall") ||
			name == "reflect.makeFuncStub" || name == "reflect.methodValueCall"
	}
	return special(i) || i > 0 && special(i-1)
}

// table is where one of the tables is that a function points to.
func (p *Process) table(f function, n uint64) (uint64, bool) {
	l := &p.layout.module
	npcdata, nfuncdata := l.npcdata.of(f.head), l.nfuncdata.of(f.head)
	if npcdata > mostTables || nfuncdata <= n || nfuncdata > mostTables {
		return 0, false
	}
	off, err := p.code.uint32(f.tail + 4*npcdata + 4*n)
	if err != nil || off == ^uint32(0) {
		return 0, false
	}
	return f.data + uint64(off), true
}

// pointers are the words that are references at an address: runtime.stackmap. It is not
// known where there is no table.
func (p *Process) pointers(f function, n uint64, pc uint64) ([]bool, bool) {
	at, ok := p.table(f, n)
	var head [8]byte
	if !ok || p.code.read(head[:], at) != nil {
		return nil, false
	}
	maps, bits := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[4:])
	if bits > mostBits || maps == 0 {
		return nil, false
	}
	index := int32(-1)
	if p.layout.module.npcdata.of(f.head) > tableStackMap {
		if off, err := p.code.uint32(f.tail + 4*tableStackMap); err == nil {
			index = p.value(f, off, pc)
		}
	}
	// At its beginning, a function has none yet, and the first is meant.
	if index = max(index, 0); uint32(index) >= maps {
		return nil, false
	}
	b := make([]byte, (bits+7)/8)
	if p.code.read(b, at+8+uint64(index)*uint64(len(b))) != nil {
		return nil, false
	}
	words := make([]bool, bits)
	for i := range words {
		words[i] = b[i/8]&(1<<(i%8)) != 0
	}
	return words, true
}

// stackObjects are the variables of a function whose address is taken: where they are and
// how many bytes have references. A negative offset is from where the frame ends, and
// others are of arguments. See runtime.stackObjectRecord.
func (p *Process) stackObjects(f function) [][2]int64 {
	const most, size = 1 << 12, 16
	at, ok := p.table(f, tableStackObjects)
	var head [8]byte
	if !ok || p.code.read(head[:], at) != nil {
		return nil
	}
	n := binary.LittleEndian.Uint64(head[:])
	if n > most {
		return nil
	}
	b := make([]byte, n*size)
	if p.code.read(b, at+8) != nil {
		return nil
	}
	var all [][2]int64
	for ; len(b) >= size; b = b[size:] {
		off, bytes := int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[8:]))
		if bytes > 0 && bytes < 8*mostBits {
			all = append(all, [2]int64{int64(off), int64(bytes)})
		}
	}
	return all
}
