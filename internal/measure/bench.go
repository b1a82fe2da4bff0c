package measure

import (
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
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
func fillPrinted(m *highwater.Measurement, printed []target.BenchResult, scenario string) {
	delete(m.Values, highwater.AllocBytes)
	delete(m.Values, highwater.Allocs)
	own, ok := target.Of(printed, scenario)
	if !ok {
		return
	}
	m.Values[highwater.AllocBytes] = own.Bytes
	m.Values[highwater.Allocs] = own.Allocs
}

// withoutProbe drops what the probe in a benchmark's process has itself allocated
// since the baseline: some hundred bytes, which would lead the list where a
// benchmark holds nothing.
func withoutProbe(records []heap.Record) []heap.Record {
	return slices.DeleteFunc(records, func(r heap.Record) bool { return heap.IsOwn(r.Stack) })
}
