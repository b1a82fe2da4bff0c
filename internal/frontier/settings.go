package frontier

import (
	"slices"

	"github.com/highwater-dev/highwater"
)

// Collectors are the values of GOGC that are tried first. Each step up takes about half as
// much again of headroom, or doubles it (go.dev/doc/gc-guide, section "GOGC").
func Collectors() []highwater.CollectorSetting {
	var all []highwater.CollectorSetting
	for _, gogc := range []int{25, 50, 100, 200, 400} {
		all = append(all, highwater.CollectorSetting{GOGC: gogc})
	}
	return all
}

// headrooms are what a limit leaves beside what is live, in parts of it.
var headrooms = []float64{0.1, 0.25, 0.5, 1, 2, 4}

// Limits proposes memory limits with GOGC off, which is when the limit alone decides
// (go.dev/doc/gc-guide, section "Memory limit"), from the memory of a natural process: what
// is live and what the runtime holds besides, and of headroom a tenth of the live heap to
// four times it. None is under what is live, where the collector would work without end.
// It is nil where the measurement does not tell.
func Limits(m highwater.Measurement) []highwater.CollectorSetting {
	f := m.Footprint
	if f == nil || f.LiveHeap <= 0 {
		return nil
	}
	fixed := f.LiveHeap + f.Fragmentation + f.Stacks + f.Metadata
	var all []highwater.CollectorSetting
	for _, h := range headrooms {
		limit := fixed + int64(h*float64(f.LiveHeap))
		limit = (limit + highwater.MiB - 1) / highwater.MiB * highwater.MiB
		s := highwater.CollectorSetting{GOGC: -1, Limit: limit}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
