package measure

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// lastSteady leaves only the last reading of a benchmark in the steady phase:
// testing calls it with one operation first, and nobody knows before its end
// which call was the last.
func (h *heard) lastSteady() {
	for i := range h.checkpoints {
		h.checkpoints[i].Steady = i == len(h.checkpoints)-1
	}
}

// fillPrinted takes the allocations from testing's own result line, so that they
// are those of go test -benchmem: the benchmark may have stopped the timer, which
// only testing knows. Without the line they are absent, and so an error.
func fillPrinted(m *highwater.Measurement, printed []target.BenchResult) {
	delete(m.Values, highwater.AllocBytes)
	delete(m.Values, highwater.Allocs)
	if len(printed) == 0 {
		return
	}
	last := printed[len(printed)-1]
	m.Values[highwater.AllocBytes] = last.Bytes
	m.Values[highwater.Allocs] = last.Allocs
}
