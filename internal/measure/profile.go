package measure

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/probe"
)

// difference returns what the profile at has and base has not, scaled. Base may
// be nil.
func difference(base, at *probe.Profile) []heap.Record {
	type total struct {
		stack          []highwater.Frame
		objects, bytes int64
	}
	sums := map[string]*total{}
	var order []string
	add := func(p *probe.Profile, sign int64) {
		if p == nil {
			return
		}
		for _, r := range p.Records {
			stack := make([]highwater.Frame, len(r.Stack))
			key := make([]byte, 0, 64*len(stack))
			for i, f := range r.Stack {
				stack[i] = highwater.Frame{Func: p.Frames[f].Func, File: p.Frames[f].File, Line: p.Frames[f].Line}
				key = append(key, stack[i].Func...)
				key = append(key, byte(stack[i].Line), byte(stack[i].Line>>8), byte(stack[i].Line>>16), 0)
			}
			t := sums[string(key)]
			if t == nil {
				t = &total{stack: stack}
				sums[string(key)] = t
				order = append(order, string(key))
			}
			objects, bytes := heap.Scale(r.Objects, r.Bytes, p.Rate)
			t.objects += sign * objects
			t.bytes += sign * bytes
		}
	}
	add(at, 1)
	add(base, -1)
	var records []heap.Record
	for _, k := range order {
		if t := sums[k]; t.bytes != 0 || t.objects != 0 {
			records = append(records, heap.Record{Stack: t.stack, Objects: t.objects, Bytes: t.bytes})
		}
	}
	return records
}

// sized are the records of a profile, scaled, one for each stack and size of object as
// the runtime has them.
func sized(p *probe.Profile) []heap.Record {
	var records []heap.Record
	for _, r := range p.Records {
		if r.Objects <= 0 {
			continue
		}
		record := heap.Record{Size: r.Bytes / r.Objects}
		for _, f := range r.Stack {
			record.Stack = append(record.Stack, highwater.Frame(p.Frames[f]))
		}
		record.Objects, record.Bytes = heap.Scale(r.Objects, r.Bytes, p.Rate)
		records = append(records, record)
	}
	return records
}

// allocatedSites is how many sites are kept of those that allocate most bytes,
// and of those that allocate most objects.
const allocatedSites = 12

// fillAllocated says which sites allocated, live or not. Memory that the probe
// takes at its checkpoints is not the scenario's.
func fillAllocated(m *highwater.Measurement, t *probe.TornDown) {
	if t.Allocated == nil || t.AllocatedOps <= 0 {
		return
	}
	records := slices.DeleteFunc(sized(t.Allocated), func(r heap.Record) bool {
		return slices.ContainsFunc(r.Stack, func(f highwater.Frame) bool { return heap.IsProbe(f.Func) })
	})
	m.AllocatedOps = t.AllocatedOps
	all := heap.Sites(records, 0)
	m.Allocated = slices.Clone(all[:min(allocatedSites, len(all))])
	rest := slices.Clone(all[len(m.Allocated):])
	slices.SortStableFunc(rest, func(a, b highwater.Site) int { return cmp.Compare(b.Objects, a.Objects) })
	rest = rest[:min(allocatedSites, len(rest))]
	slices.SortStableFunc(rest, func(a, b highwater.Site) int { return cmp.Compare(b.Bytes, a.Bytes) })
	m.Allocated = append(m.Allocated, rest...)
	heap.FillSizes(m.Allocated, records)
}

func frames(fs []probe.Frame) []highwater.Frame {
	out := make([]highwater.Frame, len(fs))
	for i, f := range fs {
		out[i] = highwater.Frame{Func: f.Func, File: f.File, Line: f.Line}
	}
	return out
}
