package advise

import (
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// fromMeasurements takes allocations and live memory from the exact pass, and the
// collector's share from the collector pass, whose share repeats itself, or else from the
// natural one: both are under the user's own GOGC. It reports whether there was anything.
func (f *facts) fromMeasurements(at func(highwater.Frame) *place) bool {
	shares := map[highwater.Pass][]float64{}
	var exact *highwater.Measurement
	for i := range f.Measurements {
		m := &f.Measurements[i]
		if m.Outcome.Status != "" && m.Outcome.Status != highwater.StatusOK {
			continue
		}
		if m.GC != nil && tells(m.GC.Cycles, m.GC.Busy) {
			shares[m.Pass] = append(shares[m.Pass], m.GC.CPUShare)
		}
		// Only the first repeat of many scenarios keeps its sites.
		if m.Pass == highwater.PassExact && (exact == nil || len(exact.Allocated)+len(exact.Sites) == 0) {
			exact = m
		}
	}
	for _, pass := range []highwater.Pass{highwater.PassCollector, highwater.PassNatural} {
		if s := shares[pass]; len(s) > 0 {
			slices.Sort(s)
			f.collected, f.gcShare = true, s[len(s)/2]
			break
		}
	}
	if exact == nil {
		return false
	}
	f.unit, f.over = PerOp, float64(max(exact.AllocatedOps, 1))
	f.window = fmt.Sprintf("in %d operations of the exact pass", exact.AllocatedOps)
	for _, s := range exact.Allocated {
		at(s.Where).made(s, highwater.Allocated{Bytes: s.Bytes, Objects: s.Objects}, s.Sizes)
		f.allocated.Bytes += s.Bytes
		f.allocated.Objects += s.Objects
	}
	// The measurement keeps the largest sites. What all of them allocate follows from the
	// share of the first.
	if len(exact.Allocated) > 0 {
		if s := exact.Allocated[0]; s.Share > 0 {
			f.allocated.Bytes = max(f.allocated.Bytes, int64(float64(s.Bytes)/s.Share))
		}
	}
	for _, s := range exact.Sites {
		at(s.Where).holds(s)
		f.live += max(s.Bytes, 0)
	}
	if exact.PeakParts != nil {
		f.live = max(f.live, exact.PeakParts.Heap+exact.PeakParts.Stacks)
	}
	f.looks = []look{looked("at the peak", exact.Sites), looked("after tear-down", exact.Retained)}
	return true
}

// fromSnapshots takes allocations between the first snapshot and the last, or since the
// process began where there is one only.
func (f *facts) fromSnapshots(at func(highwater.Frame) *place) {
	if f.last == nil {
		return
	}
	first := &f.Snapshots[0]
	before := map[string]highwater.SiteUse{}
	f.window = "since the process began"
	if span := f.last.AllocatedUntil().Sub(first.AllocatedUntil()).Seconds(); len(f.Snapshots) > 1 && span > 0 {
		f.unit, f.over, f.window = PerSecond, span, fmt.Sprintf("in %.0f s", span)
		for _, s := range first.Sites {
			before[stackKey(s.Stack)] = s
		}
	}
	for _, s := range f.last.Sites {
		was := before[stackKey(s.Stack)]
		a := highwater.Allocated{Bytes: s.Allocated.Bytes - was.Allocated.Bytes, Objects: s.Allocated.Objects - was.Allocated.Objects}
		p := at(s.Where)
		p.made(s.Site, a, newer(sizesOf(s), sizesOf(was)))
		p.holds(s.Site)
		f.allocated.Bytes += max(a.Bytes, 0)
		f.allocated.Objects += max(a.Objects, 0)
	}
	f.live = f.last.Memory.Live + f.last.Memory.Stacks
	if f.profiled = !f.knowsLive(); f.profiled {
		f.live = held(f.last.Sites)
	}
	for _, s := range f.Snapshots {
		sites := make([]highwater.Site, len(s.Sites))
		for i, u := range s.Sites {
			sites[i] = u.Site
		}
		f.looks = append(f.looks, looked("at "+s.At.Format("15:04:05"), sites))
	}
	gc, was := f.last.GC, highwater.Collector{}
	if f.unit == PerSecond {
		was = first.GC
	}
	spent, user := gc.GCSeconds-was.GCSeconds, gc.UserSeconds-was.UserSeconds
	switch {
	case tells(gc.Cycles-was.Cycles, spent+user):
		f.collected, f.gcShare = true, spent/(spent+user)
	case gc.Share > 0:
		f.collected, f.gcShare, f.ofAll = true, gc.Share, true
	}
}

// knowsLive reports whether the last snapshot tells what is live: a pprof endpoint does
// not, and what of stacks it tells is no measure of what sites hold.
func (f *facts) knowsLive() bool {
	return f.last.Memory.Live > 0 && f.last.Lacks[highwater.QuantityLive] == ""
}

// held is what sites have live, in bytes.
func held(sites []highwater.SiteUse) (sum int64) {
	for _, s := range sites {
		sum += max(s.Bytes, 0)
	}
	return sum
}

// tells reports whether what the collector took says something: a share of a few
// collections may be any, and a process that was too short for one shows no idle collector.
func tells(cycles int64, seconds float64) bool {
	const fewest, least = 5, 1.0
	return seconds > 0 && (cycles >= fewest || seconds >= least)
}

// sizesOf are the sizes of what a site has allocated. One that lists none has one size,
// or its source does not tell them: the mean stands for it then, see [uniform].
func sizesOf(s highwater.SiteUse) []highwater.SizeUse {
	if a := s.Allocated; len(s.AllocatedSizes) == 0 && a.Objects > 0 && a.Bytes > 0 {
		return []highwater.SizeUse{{Size: a.Bytes / a.Objects, Objects: a.Objects}}
	}
	return s.AllocatedSizes
}

// newer takes off what had been allocated before. Sizes that only one side has are kept.
// Those that a site had alone are means, and rounded.
func newer(sizes, before []highwater.SizeUse) []highwater.SizeUse {
	const rounding = 50 // one in so many
	var out []highwater.SizeUse
	for _, s := range sizes {
		for _, b := range before {
			if d := b.Size - s.Size; max(d, -d) <= s.Size/rounding && (d == 0 || len(before) == 1 || len(sizes) == 1) {
				s.Objects -= b.Objects
			}
		}
		if s.Objects > 0 {
			out = append(out, s)
		}
	}
	return out
}

func looked(name string, sites []highwater.Site) look {
	l := look{name, map[highwater.Frame]*place{}}
	for _, s := range sites {
		p := l.live[s.Where]
		if p == nil {
			p = &place{where: s.Where}
			l.live[s.Where] = p
		}
		p.holds(s)
	}
	return l
}

func stackKey(stack []highwater.Frame) string {
	var key []byte
	for _, f := range stack {
		key = fmt.Appendf(key, "%s\n%d\n", f.Func, f.Line)
	}
	return string(key)
}
