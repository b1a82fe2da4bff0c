package advise

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Kind is what sort of change an advice is about.
type Kind string

// The kinds, one for each rule.
const (
	KindPreallocate Kind = "preallocate"
	KindReuse       Kind = "reuse"
	KindConversion  Kind = "conversion"
	KindEscape      Kind = "escape"
	KindPinned      Kind = "pinned"
	KindMap         Kind = "map"
	KindStacks      Kind = "stacks"
	KindLayout      Kind = "layout"
	KindCollector   Kind = "collector"
	KindLimit       Kind = "limit"
)

// Severity says how much an advice is worth in this process; see [worth].
type Severity string

// The severities, the weightiest first.
const (
	Major    Severity = "major"
	Moderate Severity = "moderate"
	Minor    Severity = "minor"
)

func (s Severity) rank() int { return slices.Index([]Severity{Minor, Moderate, Major}, s) }

// Advice is one change that would save something.
type Advice struct {
	Title    string            `json:"title"`
	Kind     Kind              `json:"kind"`
	Severity Severity          `json:"severity"`
	Lines    []highwater.Frame `json:"lines,omitempty"` // to change, the most important first
	Evidence []string          `json:"evidence"`        // sentences with the figures
	How      string            `json:"how"`             // what to change
	Found    string            `json:"found"`           // by what rule and measurement

	// Known is whether the savings could be computed; otherwise they are zero.
	Known bool `json:"saving_known"`
	// SavedBytes is live memory, of the whole process. Below zero, the change costs it.
	SavedBytes int64 `json:"saved_bytes,omitempty"`
	// SavedAllocBytes and SavedObjects are allocations, per Per.
	SavedAllocBytes float64 `json:"saved_alloc_bytes,omitempty"`
	SavedObjects    float64 `json:"saved_objects,omitempty"`
	Per             Per     `json:"per,omitempty"`
	// SavedCPU is the collector's CPU time that would go, over all CPU time that the
	// process used, a ratio. What allocating itself costs is not in it.
	SavedCPU float64 `json:"saved_cpu,omitempty"`

	weight float64 // the largest share of anything that it saves
}

// Per is what allocations are counted over.
type Per string

// What there is: an operation of a scenario, a second between two snapshots, or all the
// time that the process has run.
const (
	PerOp      Per = "op"
	PerSecond  Per = "s"
	PerProcess Per = "process"
)

// Rule is one way to come from evidence to advice.
type rule struct {
	kind  Kind
	apply func(*facts) []Advice
}

// rules in the order in which they may claim a line: a line whose garbage is explained by
// one is not explained again by a later one.
var rules = []rule{
	{KindPreallocate, preallocate},
	{KindConversion, conversions},
	{KindEscape, escapes},
	{KindReuse, reuse},
	{KindPinned, pinned},
	{KindMap, outlived},
	{KindLayout, layouts},
	{KindStacks, stacks},
	{KindCollector, collector},
	{KindLimit, limits},
}

// Advise lists what the evidence supports: by severity, then by the largest share of
// anything that a change would save.
func Advise(e Evidence) []Advice {
	f := gather(e)
	var all []Advice
	for _, r := range rules {
		for _, a := range r.apply(f) {
			a.Kind = r.kind
			f.judge(&a)
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(b.Severity.rank(), a.Severity.rank()), cmp.Compare(b.weight, a.weight),
			cmp.Compare(b.SavedBytes, a.SavedBytes), cmp.Compare(b.SavedAllocBytes, a.SavedAllocBytes))
	})
	return all
}
