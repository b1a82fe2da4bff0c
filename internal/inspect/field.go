package inspect

import "encoding/binary"

// field is where something is in a structure. One of no size is not there in this
// release, and reads as zero.
type field struct {
	off, size int
}

// of reads a field out of a structure. What is not there, and what is larger than a
// word, is 0.
func (f field) of(b []byte) uint64 {
	if f.off < 0 || f.size <= 0 || f.off > len(b)-f.size {
		return 0
	}
	b = b[f.off : f.off+f.size]
	switch f.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	case 8:
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (f field) int(b []byte) int64 { return int64(f.of(b)) }

// int32 reads a field of four bytes that may be negative.
func (f field) int32(b []byte) int32 { return int32(f.of(b)) }

// words are the elements of a field that is an array of words; of another size none.
func (f field) words(b []byte) []byte {
	if f.off < 0 || f.size <= 0 || f.size%8 != 0 || f.off > len(b)-f.size {
		return nil
	}
	return b[f.off : f.off+f.size]
}

func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }

func (f field) end() int { return f.off + f.size }

// slice is where a slice or a string is.
type slice struct{ array, len field }

func (s slice) of(b []byte) (array, n uint64) { return s.array.of(b), s.len.of(b) }
