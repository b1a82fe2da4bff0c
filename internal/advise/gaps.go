package advise

import (
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Gap is advice that could not be looked for, whatever there may be to save.
type Gap struct {
	Kinds  []Kind `json:"kinds"`
	Why    string `json:"why"`
	Remedy string `json:"remedy"` // what would allow it
}

// Remedies.
const (
	watchIt   = "watch it: --pid, or a main package that highwater starts with the probe"
	measureIt = "a benchmark or scenario is measured with all that it allocates; --pid and a main package show it of a process"
)

// Gaps lists the kinds of advice for which there is no evidence at all: that none of them
// was given says nothing.
func Gaps(e Evidence) []Gap {
	f := gather(e)
	var all []Gap
	add := func(k Kind, why, remedy string) {
		if i := slices.IndexFunc(all, func(g Gap) bool { return g.Why == why && g.Remedy == remedy }); i >= 0 {
			all[i].Kinds = append(all[i].Kinds, k)
			return
		}
		all = append(all, Gap{[]Kind{k}, why, remedy})
	}
	ofAllocations := []Kind{KindPreallocate, KindConversion, KindEscape, KindReuse}
	scenario := f.unit == PerOp
	if why := f.lack(highwater.QuantityAllocated, "nothing that it has allocated was seen"); !scenario && f.allocated.Bytes == 0 {
		for _, k := range ofAllocations {
			add(k, why, measureIt)
		}
	}
	// Of a process that is watched for a short while samples may be few. Two hundred of them
	// give the sum to within 15 %, in two cases of three within 7 %.
	const enough = 200
	if one := f.sample(); f.unit == PerSecond && one > 1 && f.allocated.Bytes > 0 && float64(f.allocated.Bytes) < enough*one {
		for _, k := range ofAllocations {
			add(k, fmt.Sprintf("what was allocated %s are about %.0f samples of the heap profile, which takes one in %s: a line that has a few of them gets no advice, and figures are rough",
				f.window, float64(f.allocated.Bytes)/one, f.size(one)), "watch it for longer (--monitoring-duration), or start it with GODEBUG=memprofilerate=4096")
		}
	}
	held := slices.ContainsFunc(f.looks, func(l look) bool { return len(l.live) > 0 })
	if why := f.lack(highwater.QuantitySites, "nothing that is live was seen"); !scenario && !held {
		for _, k := range []Kind{KindPinned, KindLayout} {
			add(k, why, measureIt)
		}
	}
	if e.NoCode != "" {
		for _, k := range []Kind{KindEscape, KindPinned, KindLayout} {
			add(k, e.NoCode, "run highwater where the source is, on a program that was built there without -trimpath")
		}
	}
	if e.NoEscapes != "" && e.NoCode == "" {
		add(KindEscape, e.NoEscapes, "a module that the go command can build on this machine")
	}
	if e.NoStructs != "" {
		add(KindLayout, e.NoStructs, "a program with its debug information, on this machine: --pid, a package, or a scenario")
	}
	if f.left {
		why := "the profile leaves the runtime's functions out, which tell growth, conversions and tables of maps from other allocations"
		add(KindMap, why, watchIt)
		if e.NoEscapes != "" || e.NoCode != "" { // the compiler cannot stand in for them
			for _, k := range []Kind{KindPreallocate, KindConversion, KindEscape} {
				add(k, why, watchIt)
			}
		}
	} else if len(f.looks) < 2 {
		add(KindMap, "a map that has outlived its peak shows at two moments only, and there is one", watchIt+"; or a scenario")
	}
	if f.last == nil || len(f.last.Groups) == 0 {
		why := "the processes of a measured scenario do not tell what goroutines wait in"
		if f.last != nil {
			why = f.lack(highwater.QuantityGoroutines, "no goroutines were seen")
		}
		add(KindStacks, why, watchIt)
	}
	if m, ok := f.model(); !ok && e.Frontier == nil {
		why := "there were too few collections to tell the collector's share of the CPU time"
		if f.last != nil {
			why = f.lack(highwater.QuantityGCCPU, why)
		}
		remedy := "look for longer"
		switch {
		case m.GOGC < 0:
			why = "GOGC is off"
		case f.collected:
			why, remedy = f.lack(highwater.QuantityLive, f.lack(highwater.QuantityMemory, "what is live is not known")), watchIt
		}
		add(KindCollector, why, remedy+"; --frontier runs a scenario at several settings")
	}
	if e.Frontier == nil && (f.last == nil || f.last.Memory.HighWater <= 0 || f.last.Memory.Total <= 0) {
		why := "a benchmark or scenario is not the process that a limit is set for"
		if f.last != nil {
			why = f.lack(highwater.QuantityRSS, "the high-water mark of its memory is not known")
		}
		add(KindLimit, why, watchIt+"; --frontier finds the least limit of a scenario")
	}
	return all
}

// lack is why a quantity could not be seen, where the source says so.
func (f *facts) lack(q highwater.Quantity, otherwise string) string {
	if f.last != nil && f.last.Lacks[q] != "" {
		return f.last.Lacks[q]
	}
	return otherwise
}
