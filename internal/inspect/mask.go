package inspect

import "encoding/binary"

// The fields of the runtime's description of a type; see internal/abi.Type, which has
// been like this since Go 1.20.
const (
	typeSize      = 0
	typePointers  = 8 // bytes up to the last reference
	typeFlags     = 20
	typeMask      = 32
	typeHead      = 40
	flagMaskLater = 1 << 4 // TFlagGCMaskOnDemand, since Go 1.24: the mask is made when it is needed
)

// mask says which words of an object are references.
type mask struct {
	words []bool // up to the last reference
	size  int    // of one element, in words
}

// masks remembers those of types.
func (p *Process) masks() func(at uint64) *mask {
	known := map[uint64]*mask{}
	return func(at uint64) *mask {
		m, ok := known[at]
		if !ok {
			m = p.maskOf(at)
			known[at] = m
		}
		return m
	}
}

// maskOf is that of a type that the runtime describes at an address, nil where it cannot
// be told.
func (p *Process) maskOf(at uint64) *mask {
	const most = 1 << 17
	var head [typeHead]byte
	if at == 0 || p.code.read(head[:], at) != nil {
		return nil
	}
	size, pointers := binary.LittleEndian.Uint64(head[typeSize:]), binary.LittleEndian.Uint64(head[typePointers:])
	bits := binary.LittleEndian.Uint64(head[typeMask:])
	if size == 0 || size%8 != 0 || size > 8*most || pointers == 0 || pointers > size || pointers%8 != 0 || head[typeFlags]&flagMaskLater != 0 {
		return nil
	}
	b := make([]byte, (pointers/8+7)/8)
	if p.code.read(b, bits) != nil {
		return nil
	}
	m := &mask{make([]bool, pointers/8), int(size / 8)}
	for i := range m.words {
		m.words[i] = b[i/8]&(1<<(i%8)) != 0
	}
	return m
}

// mark notes the references in an object at a word of a span: one value of the type, or
// several.
func (m *mask) mark(references []byte, first, words int) {
	for i := range words {
		if j := i % m.size; j < len(m.words) && m.words[j] {
			references[(first+i)/8] |= 1 << ((first + i) % 8)
		}
	}
}

// references are the words of a span that are references, a bit for each, as the collector
// knows them: neither a number nor what is left of something else behind the end of a
// value is one. It is nil where that cannot be told.
func (p *Process) references(s span, memory, used []byte, of func(uint64) *mask) []byte {
	if memory == nil {
		return nil
	}
	if s.size <= headerAbove {
		return p.smallReferences(s, memory)
	}
	all := make([]byte, (len(memory)/8+7)/8)
	if s.large {
		m := of(s.largeType)
		if m == nil {
			return nil
		}
		m.mark(all, 0, len(memory)/8)
		return all
	}
	words := int(s.size / 8)
	for n := range s.count {
		if used[n/8]&(1<<(n%8)) == 0 {
			continue
		}
		m := of(binary.LittleEndian.Uint64(memory[8*n*words:]))
		if m == nil {
			m = &mask{[]bool{true}, 1} // any word may be one
		}
		m.mark(all, n*words+headerSize/8, words-headerSize/8)
	}
	return all
}

// smallReferences are those of spans with a bit for each word at their end, before the
// marks of the collector where these lie in the span, too; see spanHeapBitsRange in the
// runtime.
func (p *Process) smallReferences(s span, memory []byte) []byte {
	n, end := uint64(len(memory))/64, uint64(len(memory))
	if s.size >= 16 {
		end -= uint64(p.layout.sizes.marks)
	}
	if s.size*uint64(s.count)+n > end {
		return nil // this is not how it is
	}
	return memory[end-n : end]
}
