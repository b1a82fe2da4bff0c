package highwater

import (
	"fmt"
	"math"
	"strconv"
)

// Unit says what a metric's values count.
type Unit string

// The units that metrics use.
const (
	UnitBytesPerSession Unit = "B/session"
	UnitBytesPerOp      Unit = "B/op"
	UnitAllocsPerOp     Unit = "allocs/op"
	UnitBytes           Unit = "B"
	UnitRatio           Unit = "ratio"
	UnitCount           Unit = "count"
)

// Metric describes one measured quantity. Statistics, tables, thresholds and
// exporters all work from [Metrics], so adding a metric is adding a value.
type Metric struct {
	Name  string
	Title string // column heading
	Unit  Unit
	Doc   string // one sentence, for help and docs
	Pass  Pass   // the kind of process that yields it

	// HigherIsBetter is set for efficiency only; for all else less is better.
	HigherIsBetter bool

	// PriorCV is the coefficient of variation (a ratio) that repeats of an
	// unchanged program are expected to show, and PriorAbs the same in the
	// metric's unit (for a scenario of one session; see [Metric.For]); the larger
	// holds. They are what a comparison assumes
	// before it has seen enough repeats, from measurements of unchanged programs.
	PriorCV, PriorAbs float64

	// Relative is the default regression threshold against a baseline. Its zero
	// value means that the metric is shown and not judged against baselines.
	Relative Threshold

	// ProcessFloor is for metrics per operation what the Go runtime itself may add to
	// a whole process, now and not the next time: a thread that it starts in the
	// middle of the measurement is seven objects of 5.5 KB together. Less of a change,
	// over all operations, is never told.
	ProcessFloor float64

	// Footprint marks metrics that depend on the operating system, the kernel,
	// the CPU and the container limit besides what all metrics depend on.
	Footprint bool

	// Exact marks counts that must be equal: any increase is a regression.
	Exact bool

	// Optional marks metrics that only some scenarios have, such as the cost of a
	// session where their number varies. Without one there is nothing missing,
	// unless the baseline has it.
	Optional bool
}

// The metrics by name, for code that needs one in particular.
const (
	Peak          = "peak"
	Sustained     = "sustained"
	Retained      = "retained"
	AllocBytes    = "alloc_bytes"
	Allocs        = "allocs"
	GCPressure    = "gc_pressure"
	Footprint     = "footprint"
	Efficiency    = "efficiency"
	Fragmentation = "fragmentation"
	Growth        = "growth"
	Goroutines    = "goroutines"
	FDs           = "fds"
	Children      = "children"
	Threads       = "threads"
	SessionCost   = "session_cost"
	FixedCost     = "fixed_cost"
	ChildMemory   = "child_memory"
	TreePSS       = "tree_pss"
	TreeFootprint = "tree_footprint"
	TreeCgroup    = "tree_cgroup"
	Orphans       = "orphans"
)

// Metrics lists every metric in the order in which tables show them.
func Metrics() []Metric { return metrics }

// For returns the metric as it applies to a scenario. What repeats of a process
// differ by, and what nobody is to be told of, is a size of the whole process: for
// peak, sustained and retained, which are divided by sessions, PriorAbs and the
// floor of Relative are so, too. For metrics per operation they are no less than what
// ProcessFloor is over the scenario's operations: an eighth of it for PriorAbs.
func (m Metric) For(s ScenarioInfo) Metric {
	m.PriorAbs = math.Max(m.PriorAbs/m.Divisor(s), m.RuntimeFloor(s)/8)
	m.Relative = m.Applied(m.Relative, s)
	return m
}

// Applied is a threshold on the metric as it applies to a scenario; see [Metric.For].
// One that judges nothing stays so.
func (m Metric) Applied(t Threshold, s ScenarioInfo) Threshold {
	if !t.IsZero() {
		t.Floor = math.Max(t.Floor/m.Divisor(s), m.RuntimeFloor(s))
	}
	return t
}

// RuntimeFloor is ProcessFloor in the metric's unit, 0 for metrics without one.
func (m Metric) RuntimeFloor(s ScenarioInfo) float64 {
	return m.ProcessFloor / float64(max(s.Ops, 1))
}

// Outside reports whether the metric can be had without a probe, of a process that
// is only seen from outside.
func (m Metric) Outside() bool {
	switch m.Name {
	case Footprint, TreePSS, TreeFootprint, TreeCgroup, Orphans:
		return true
	default:
		return false
	}
}

// Divisor is what sizes of the whole process are divided by: the sessions, for
// metrics that are, and else 1.
func (m Metric) Divisor(s ScenarioInfo) float64 {
	switch m.Name {
	case Peak, Sustained, Retained:
		return float64(max(s.Sessions, 1))
	default:
		return 1
	}
}

// MetricByName returns the metric called name.
func MetricByName(name string) (Metric, bool) {
	for _, m := range metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

var metrics = []Metric{
	{
		Name: Peak, Title: "peak", Unit: UnitBytesPerSession, Pass: PassExact, PriorCV: 0.005, PriorAbs: 4096,
		Relative: Threshold{Relative: 0.10, Floor: 64 << 10},
		Doc:      "highest live heap and goroutine stacks, less what was there before the scenario, divided by sessions",
	},
	{
		Name: Sustained, Title: "sustained", Unit: UnitBytesPerSession, Pass: PassExact, PriorCV: 0.003, PriorAbs: 4096,
		Relative: Threshold{Relative: 0.10, Floor: 64 << 10},
		Doc:      "median of live heap and goroutine stacks over the checkpoints of the steady phase, after a forced collection, per session",
	},
	{
		Name: Retained, Title: "retained", Unit: UnitBytesPerSession, Pass: PassExact, PriorCV: 0.01, PriorAbs: 4096,
		Relative: Threshold{Relative: 0.10, Floor: 64 << 10},
		Doc:      "live heap and goroutine stacks after tear-down, less what was there before: what a finished scenario failed to give back, per session",
	},
	{
		Name: SessionCost, Title: "one more", Unit: UnitBytesPerSession, Pass: PassExact, PriorCV: 0.005, PriorAbs: 128, Optional: true,
		Relative: Threshold{Relative: 0.10, Floor: 1 << 10},
		Doc:      "live memory that one more session costs: the slope of a line through readings with different numbers of live sessions",
	},
	{
		Name: FixedCost, Title: "fixed", Unit: UnitBytes, Pass: PassExact, PriorCV: 0.03, PriorAbs: 16 << 10, Optional: true,
		Relative: Threshold{Relative: 0.25, Floor: 256 << 10},
		Doc:      "live memory that is there for any number of sessions: what the same line has at none",
	},
	{
		Name: AllocBytes, Title: "B/op", Unit: UnitBytesPerOp, Pass: PassNatural, PriorCV: 0.001, PriorAbs: 1, ProcessFloor: 24 << 10,
		Relative: Threshold{Relative: 0.10, Floor: 64},
		Doc:      "bytes allocated per operation",
	},
	{
		Name: Allocs, Title: "allocs/op", Unit: UnitAllocsPerOp, Pass: PassNatural, PriorCV: 0.0005, PriorAbs: 0.01, ProcessFloor: 32,
		Relative: Threshold{Relative: 0.10, Floor: 0.5},
		Doc:      "heap objects allocated per operation",
	},
	{
		Name: GCPressure, Title: "gc", Unit: UnitRatio, Pass: PassCollector, PriorCV: 0.08, PriorAbs: 0.01,
		Relative: Threshold{Relative: 0.25, Floor: 0.10},
		Doc:      "how hard the collector works for this scenario: its share of the CPU time over 0.25, at most 1",
	},
	{
		Name: Footprint, Title: "footprint", Unit: UnitBytes, Pass: PassNatural, PriorCV: 0.05, PriorAbs: 1 << 20, Footprint: true,
		Relative: Threshold{Relative: 0.20, Floor: 4 << 20},
		Doc:      "the kernel's high-water mark of the process's resident memory (VmHWM)",
	},
	{
		Name: ChildMemory, Title: "children", Unit: UnitBytes, Pass: PassNatural, PriorCV: 0.05, PriorAbs: 1 << 20, Footprint: true, Optional: true,
		Relative: Threshold{Relative: 0.20, Floor: 4 << 20},
		Doc:      "the highest sum of the high-water marks (VmHWM) of the child processes that lived at one time; the scenario's own process is not in it",
	},
	{
		Name: TreePSS, Title: "tree", Unit: UnitBytes, Pass: PassNatural, PriorCV: 0.05, PriorAbs: 1 << 20, Footprint: true, Optional: true,
		Relative: Threshold{Relative: 0.20, Floor: 4 << 20},
		Doc:      "the highest proportional set size of a command's whole process tree at one look: memory that processes share counts once",
	},
	{
		Name: TreeFootprint, Title: "tree footprint", Unit: UnitBytes, Pass: PassNatural, PriorCV: 0.05, PriorAbs: 1 << 20, Footprint: true, Optional: true,
		Relative: Threshold{Relative: 0.20, Floor: 4 << 20},
		Doc:      "the highest sum of the high-water marks (VmHWM) of all processes of a command that lived at one time: memory that processes share counts once for each",
	},
	{
		Name: TreeCgroup, Title: "cgroup", Unit: UnitBytes, Pass: PassNatural, PriorCV: 0.05, PriorAbs: 1 << 20, Footprint: true, Optional: true,
		Doc: "the highest memory use of the control group of a command's process tree, as the kernel counts it: with the page cache of the files that it read and wrote, and therefore not judged against baselines",
	},
	{
		Name: Efficiency, Title: "efficiency", Unit: UnitRatio, Pass: PassNatural, HigherIsBetter: true, Footprint: true, PriorCV: 0.10, PriorAbs: 0.02,
		Doc: "live heap over the memory that the runtime holds from the operating system, at the end of the steady phase",
	},
	{
		Name: Fragmentation, Title: "fragmentation", Unit: UnitRatio, Pass: PassExact, PriorCV: 0.02, PriorAbs: 0.01,
		Doc: "unused bytes inside in-use spans over all bytes of in-use spans, median of the steady phase",
	},
	{
		Name: Growth, Title: "growth", Unit: UnitBytesPerOp, Pass: PassExact, PriorCV: 0.01, PriorAbs: 1,
		Doc: "slope of live memory over operations in the steady phase (Theil-Sen)",
	},
	{
		Name: Goroutines, Title: "goroutines", Unit: UnitCount, Pass: PassExact, Exact: true,
		Doc: "goroutines left over after tear-down",
	},
	{
		Name: FDs, Title: "fds", Unit: UnitCount, Pass: PassExact, Exact: true,
		Doc: "file descriptors left open after tear-down",
	},
	{
		Name: Children, Title: "children", Unit: UnitCount, Pass: PassExact, Exact: true,
		Doc: "child processes left behind",
	},
	{
		Name: Orphans, Title: "orphans", Unit: UnitCount, Pass: PassNatural, Exact: true, Optional: true,
		Doc: "processes that a command left running when it had ended; they are killed",
	},
	{
		Name: Threads, Title: "threads", Unit: UnitCount, Pass: PassNatural,
		Doc: "operating-system threads above those at the start; shown and never judged, since the runtime keeps idle threads",
	},
}

// Format renders a value of the metric for people, with its unit where the
// unit is not in the heading.
func (m Metric) Format(v float64) string {
	switch m.Unit {
	case UnitBytesPerSession, UnitBytes, UnitBytesPerOp:
		return FormatBytes(v)
	case UnitRatio:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case UnitAllocsPerOp:
		if v >= 1e4 {
			return significantCount(v)
		}
		return significant(v)
	default:
		// A count is whole, and an estimate of one nearly so.
		return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	}
}

func significantCount(v float64) string {
	switch {
	case v >= 999.5e6:
		return significant(v/1e9) + "G"
	case v >= 999.5e3:
		return significant(v/1e6) + "M"
	default:
		return significant(v/1e3) + "k"
	}
}

// String returns the metric's name and unit.
func (m Metric) String() string { return fmt.Sprintf("%s (%s)", m.Name, m.Unit) }
