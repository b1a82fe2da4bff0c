package advise

import (
	"cmp"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
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
	// Source are the lines around the first of Lines, where the source is at hand.
	Source []SourceLine `json:"source,omitempty"`
	// Foreign says that the first line is none of the program's own module.
	Foreign bool `json:"foreign,omitempty"`

	// Known is whether the savings could be computed; otherwise they are zero.
	Known bool `json:"saving_known"`
	// Modelled says that the savings are forecast by a model that is fitted to the process,
	// and no count of what was seen.
	Modelled bool `json:"modelled,omitempty"`
	// SavedBytes is live memory, of the whole process. Below zero, the change costs it.
	SavedBytes int64 `json:"saved_bytes,omitempty"`
	// SavedAllocBytes and SavedObjects are allocations, per Per.
	SavedAllocBytes float64 `json:"saved_alloc_bytes,omitempty"`
	SavedObjects    float64 `json:"saved_objects,omitempty"`
	Per             Per     `json:"per,omitempty"`
	// SavedCPU is the collector's CPU time that would go, over all CPU time that the
	// process used, a ratio. What allocating itself costs is not in it.
	SavedCPU float64 `json:"saved_cpu,omitempty"`
	// CPUOfAll says that SavedCPU is over all CPU time that there was, idle time among it,
	// and so is smaller: a pprof endpoint does not tell how much of that the process used.
	CPUOfAll bool `json:"saved_cpu_of_all,omitempty"`

	// Weight is the largest share of anything that it saves, a ratio.
	Weight float64 `json:"weight"`

	judged bool // the rule has set severity and weight
}

// What shares of CPU time are of. A program that waits for most of the time has a small
// share by the one and may have a large one by the other.
const (
	UsedCPU = "the CPU time that the program uses"
	AllCPU  = "all CPU time, idle included"
)

// LeastCPU is the least saving of CPU time that is told, a ratio.
const LeastCPU = 0.001

// WholeCPU says what [Advice.SavedCPU] is a part of.
func (a Advice) WholeCPU() string {
	if a.CPUOfAll {
		return AllCPU
	}
	return UsedCPU
}

// NotKnown begins the sentence of the evidence that says why a saving is not known.
const NotKnown = "the saving is not known"

// SourceLine is a line of source.
type SourceLine struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
	Here   bool   `json:"here,omitempty"` // it is the line in question
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

// Advise lists what the evidence supports: by severity, of the program's own lines first,
// then by the largest share of anything that a change would save.
func Advise(e Evidence) []Advice {
	f := gather(e)
	var all []Advice
	for _, r := range rules {
		for _, a := range r.apply(f) {
			a.Kind = r.kind
			a.CPUOfAll = f.ofAll && a.SavedCPU != 0
			f.judge(&a)
			f.stoodIn(&a)
			f.place(&a)
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(b.Severity.rank(), a.Severity.rank()), compareBool(a.Foreign, b.Foreign), cmp.Compare(b.Weight, a.Weight),
			cmp.Compare(b.SavedBytes, a.SavedBytes), cmp.Compare(b.SavedAllocBytes, a.SavedAllocBytes))
	})
	return all
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// around is how many lines of source are shown above a line and below.
const around = 1

// place adds what the source and the module say of the first line.
func (f *facts) place(a *Advice) {
	if len(a.Lines) == 0 {
		return
	}
	at := a.Lines[0]
	if pkg := strings.TrimSuffix(heap.Package(at.Func), "_test"); f.Module != "" && !heap.InModule(pkg, f.Module) {
		a.Foreign = true
		a.Evidence = append(a.Evidence, "the line is not of module "+f.Module+": its own module would have to change, or how it is called")
	}
	c, ok := f.text(at)
	if !ok || at.Line <= 0 {
		return
	}
	lines := strings.Split(c.Text, "\n")
	for n := max(at.Line-around, c.First); n <= min(at.Line+around, c.First+len(lines)-1); n++ {
		a.Source = append(a.Source, SourceLine{Number: n, Text: lines[n-c.First], Here: n == at.Line})
	}
}
