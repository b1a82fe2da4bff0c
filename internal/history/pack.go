package history

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/highwater-dev/highwater"
)

// Samples are packed behind one byte that says how.
const (
	packedCenter = 1 // there is one sample, and it is the centre
	packedFloats = 2 // eight bytes each, IEEE 754, least significant byte first
)

// pack makes the bytes of a point's samples; nil where it has none.
func pack(p highwater.Point) []byte {
	switch {
	case len(p.Samples) == 0:
		return nil
	case len(p.Samples) == 1 && p.Samples[0] == p.Center:
		return []byte{packedCenter}
	}
	b := make([]byte, 1, 1+8*len(p.Samples))
	b[0] = packedFloats
	for _, v := range p.Samples {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// unpack is the other way.
func unpack(b []byte, center float64) ([]float64, error) {
	switch {
	case len(b) == 0:
		return nil, nil
	case len(b) == 1 && b[0] == packedCenter:
		return []float64{center}, nil
	case b[0] != packedFloats || len(b)%8 != 1:
		return nil, fmt.Errorf("samples of %d bytes, beginning with %d, are packed in a way that this highwater does not know: update highwater, or restore the store from where it was kept", len(b), b[0])
	}
	samples := make([]float64, 0, len(b)/8)
	for b = b[1:]; len(b) > 0; b = b[8:] {
		samples = append(samples, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return samples, nil
}
