package measure

import (
	"cmp"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// together is what was done in two intervals that follow each other. The percentiles
// of both cannot be had from those of each: they are the mean, weighted by the
// operations. Either may be nil.
func together(a, b *highwater.SoakWork) *highwater.SoakWork {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	mean := func(x, y time.Duration) time.Duration {
		switch {
		case a.Ops <= 0:
			return y
		case b.Ops <= 0:
			return x
		}
		share := float64(b.Ops) / float64(a.Ops+b.Ops)
		return x + time.Duration(share*float64(y-x))
	}
	return &highwater.SoakWork{
		Ops: a.Ops + b.Ops, Busy: a.Busy + b.Busy, CPU: a.CPU + b.CPU,
		P50: mean(a.P50, b.P50), P95: mean(a.P95, b.P95), P99: mean(a.P99, b.P99),
		Max: max(a.Max, b.Max),
	}
}

// maxMappings is how many mappings are told of.
const maxMappings = 40

// moved are the mappings before and after, those first that changed most.
func moved(before, after []highwater.Mapping) []highwater.Mapping {
	var out []highwater.Mapping
	index := map[string]int{}
	find := func(name string) *highwater.Mapping {
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			out = append(out, highwater.Mapping{Name: name})
		}
		return &out[i]
	}
	for _, m := range before {
		find(m.Name).Before += m.After
	}
	for _, m := range after {
		find(m.Name).After += m.After
	}
	size := func(n int64) int64 { return max(n, -n) }
	slices.SortStableFunc(out, func(a, b highwater.Mapping) int {
		return cmp.Or(cmp.Compare(size(b.After-b.Before), size(a.After-a.Before)), cmp.Compare(b.After, a.After))
	})
	return out[:min(maxMappings, len(out))]
}
