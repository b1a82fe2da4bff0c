package highwater

import (
	"fmt"
	"strings"
	"time"
)

// Status says how a scenario's process ended.
type Status string

// The ways for a process to end.
const (
	StatusOK       Status = "ok"
	StatusFailed   Status = "failed"   // the workload said so itself
	StatusPanicked Status = "panicked" // a Go panic or a fatal error of the runtime
	StatusExited   Status = "exited"   // ended before the measurement was complete
	StatusKilled   Status = "killed"   // by a signal that highwater did not send
	StatusTimeout  Status = "timeout"  // over its deadline, ended by highwater
	StatusMemory   Status = "memory"   // over its memory ceiling, ended by highwater
	StatusNoStart  Status = "no-start" // could not be started
)

// Outcome is how a process ended, in words that a report can print.
type Outcome struct {
	Status Status `json:"status"`
	Detail string `json:"detail,omitempty"` // one sentence
	Stderr string `json:"stderr,omitempty"` // the tail of what it printed, at most 8 KiB
}

// Measurement is what one fresh process yielded.
type Measurement struct {
	Scenario string        `json:"scenario"` // ScenarioInfo.ID
	Pass     Pass          `json:"pass"`
	Repeat   int           `json:"repeat"` // from 0
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"duration_ns"`
	Outcome  Outcome       `json:"outcome"`

	// Values by metric name, in the metric's unit. A metric that this pass
	// should have yielded and that is absent was not measured: an error, unless
	// Unsupported gives the reason why this platform cannot.
	Values      map[string]float64 `json:"values,omitempty"`
	Unsupported map[string]string  `json:"unsupported,omitempty"`

	Checkpoints []Checkpoint `json:"checkpoints,omitempty"`
	Collections *Collections `json:"collections,omitempty"`
	Sites       []Site       `json:"sites,omitempty"`          // at the peak, largest first
	Retained    []Site       `json:"retained_sites,omitempty"` // after tear-down, largest first
	// Allocated are the sites that allocated most while the scenario ran, whether
	// or not it is live: bytes and objects of AllocatedOps operations together.
	// Those with most bytes and those with most objects, most bytes first.
	Allocated    []Site          `json:"allocated_sites,omitempty"`
	AllocatedOps int             `json:"allocated_ops,omitempty"`
	PeakParts    *PeakParts      `json:"peak_parts,omitempty"`
	Footprint    *FootprintParts `json:"footprint,omitempty"`
	GC           *GCWork         `json:"gc,omitempty"`
	Loop         *LoopWork       `json:"loop,omitempty"`
	Leftovers    []Leftover      `json:"leftovers,omitempty"`
	SessionFit   *SessionFit     `json:"session_fit,omitempty"`
	Soak         *Soak           `json:"soak,omitempty"`
	Snapshot     *Snapshot       `json:"snapshot,omitempty"`
	Trace        *Trace          `json:"trace,omitempty"`
	Children     []ChildProcess  `json:"child_processes,omitempty"`

	// Series is the proportional set size of a command's process tree over time.
	Series []TreePoint `json:"series,omitempty"`
	// Sources says how values were had, by metric name, where that depends on the
	// machine or on how the process went.
	Sources map[string]string `json:"sources,omitempty"`

	// Incomplete gives the reason, by metric name, why there may have been more than
	// the value: some of it was killed, or no look met it. Such a value can break a
	// limit, and keeps none.
	Incomplete map[string]string `json:"incomplete,omitempty"`

	// Profile names the pprof file of the peak, relative to the Run file's
	// directory.
	Profile string `json:"profile,omitempty"`

	// Notes are things a reader must know to trust the figures, such as a
	// profile that does not account for the live bytes.
	Notes []string `json:"notes,omitempty"`
}

// Checkpoint is one reading of live memory, less the baseline, for the whole
// process (not divided by sessions).
type Checkpoint struct {
	Name   string `json:"name,omitempty"`
	Op     int    `json:"op"`
	Steady bool   `json:"steady,omitempty"`
	Heap   int64  `json:"heap_bytes"`             // live heap objects
	Stacks int64  `json:"stack_bytes"`            // memory of goroutine stacks
	Unused int64  `json:"unused_bytes,omitempty"` // unused bytes in in-use spans, absolute
	// Sessions is how many were live, where the workload said so with
	// CheckpointSessions; absent otherwise.
	Sessions *int  `json:"sessions,omitempty"`
	At       int64 `json:"at_ns"` // since the baseline was taken
}

// Live is heap and stacks together, in bytes.
func (c Checkpoint) Live() int64 { return c.Heap + c.Stacks }

// Collections is how live memory of an exact process went between its checkpoints: what
// the collections found that no checkpoint forced.
type Collections struct {
	Total int64 `json:"total"` // since the baseline was taken, forced ones among them
	Seen  int64 `json:"seen"`  // of these, those that the probe could look at
	// Thinned is how many collections a point stands for: of so many that follow each
	// other it is the one that found most.
	Thinned int         `json:"thinned"`
	Points  []Collected `json:"points"`
}

// Collected is what one collection found live, less the baseline, for the whole process.
// Between collections there may have been more, by the step that docs/metrics.md gives.
type Collected struct {
	At     int64 `json:"at_ns"` // since the baseline was taken
	Op     int   `json:"op"`    // operations by the last checkpoint before
	Heap   int64 `json:"heap_bytes"`
	Stacks int64 `json:"stack_bytes"`
}

// Live is heap and stacks together, in bytes.
func (c Collected) Live() int64 { return c.Heap + c.Stacks }

// Frame is one place in the source.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// Place words the frame for people, without the folders: vt.(*Buffer).insertLine
// (scrollback.go:88).
func (f Frame) Place() string {
	name := f.Func
	end := len(name)
	if i := strings.IndexAny(name, "[("); i >= 0 {
		end = i // what is in brackets may hold import paths of its own
	}
	name = name[strings.LastIndexByte(name[:end], '/')+1:]
	if f.File == "" {
		return name
	}
	file := f.File[strings.LastIndexAny(f.File, `/\`)+1:]
	return fmt.Sprintf("%s (%s:%d)", name, file, f.Line)
}

// Site is an allocation site: a call stack at which memory was allocated.
type Site struct {
	// Bytes and Objects are live at the peak less what was live at the
	// baseline, or what was allocated in Measurement.Allocated, for the whole
	// process, scaled from the profile's samples.
	Bytes   int64 `json:"bytes"`
	Objects int64 `json:"objects"`
	// Share is Bytes over the whole profile's bytes (a ratio).
	Share float64 `json:"share"`
	// Where is the frame to show: the innermost one outside the runtime and the
	// standard library.
	Where Frame `json:"where"`
	// Stack is innermost first.
	Stack []Frame `json:"stack,omitempty"`
	// Fingerprint identifies the site across runs and moved lines: a hash of
	// the functions on the stack, without line numbers.
	Fingerprint string `json:"fingerprint"`
	// Sizes are the objects by size, the smallest first, in Measurement.Allocated and
	// only where there are several: what a slice leaves behind as it grows.
	Sizes []SizeUse `json:"sizes,omitempty"`
}

// SizeUse is a number of objects of one size.
type SizeUse struct {
	Size    int64 `json:"size_bytes"` // of one of them
	Objects int64 `json:"objects"`
}

// PeakParts says what the peak consisted of, for the whole process.
type PeakParts struct {
	Heap     int64  `json:"heap_bytes"`
	Stacks   int64  `json:"stack_bytes"`
	Where    string `json:"where"`          // the checkpoint's name, or "between checkpoints"
	Op       int    `json:"op"`             // operations begun by then
	Profiled int64  `json:"profiled_bytes"` // what the profile accounts for, of Heap
	Rate     int    `json:"profile_rate"`   // MemProfileRate
	Baseline int64  `json:"baseline_bytes"` // live before the scenario, taken off
}

// FootprintParts splits the resident memory of a natural process at the end of
// its steady phase. The parts add up to RSS exactly; OffHeap is what the
// runtime does not account for (negative where memory that the runtime counts
// was never touched).
type FootprintParts struct {
	RSS           int64 `json:"rss_bytes"`
	LiveHeap      int64 `json:"live_heap_bytes"`
	DeadHeap      int64 `json:"dead_heap_bytes"` // garbage not yet collected
	Fragmentation int64 `json:"fragmentation_bytes"`
	Stacks        int64 `json:"stack_bytes"`
	Metadata      int64 `json:"metadata_bytes"` // the collector's and runtime's own
	Free          int64 `json:"free_bytes"`     // freed, not returned to the system
	OffHeap       int64 `json:"off_heap_bytes"`
}

// Sum adds the parts up, without RSS.
func (f FootprintParts) Sum() int64 {
	return f.LiveHeap + f.DeadHeap + f.Fragmentation + f.Stacks + f.Metadata + f.Free + f.OffHeap
}

// SessionFit is the straight line through live memory over the number of live
// sessions, for the whole process: bytes = Fixed + Cost × sessions. See
// [M.CheckpointSessions].
type SessionFit struct {
	Cost  float64 `json:"cost_bytes"`  // of one more session
	Fixed float64 `json:"fixed_bytes"` // of none
	// R2 is the share of the weighted variance that the line explains, 0 to 1. With
	// numbers of sessions as far apart as 1 and 1,000 it is near 1 for any shape.
	R2 float64 `json:"r2"`
	// Worst is the most that the line is off at any of the points, as a share of
	// what was read there, a ratio; WorstAt is that point's number of sessions. Of a
	// reading that is less than a span of goroutine stacks, 32 KiB, it is the share
	// of 32 KiB.
	Worst   float64        `json:"worst"`
	WorstAt int            `json:"worst_at"`
	Points  []SessionPoint `json:"points"`
}

// Straight reports whether the line is off by at most a tenth at each of its
// points, so that Cost is the cost of any one session and Fixed is there for any
// number of them. A fit of an older version, which does not say, counts as straight.
func (f SessionFit) Straight() bool { return f.Worst <= 0.10 }

// SessionPoint is one reading behind a SessionFit.
type SessionPoint struct {
	Sessions int   `json:"sessions"`
	Live     int64 `json:"live_bytes"`
}

// GCWork is what the collector did during the scenario.
type GCWork struct {
	Cycles     int64   `json:"cycles"`
	Forced     int64   `json:"forced"`
	CPUShare   float64 `json:"cpu_share"` // of the process's busy CPU time, a ratio
	CPUSeconds float64 `json:"cpu_seconds"`
	Busy       float64 `json:"busy_seconds"` // collector and user code together
}

// LoopWork is how much the loop of a natural process did, and in what time. Benchmarks
// have none, since package testing chooses how many operations they make, and programs
// none, since only their load knows.
type LoopWork struct {
	Ops  int64         `json:"ops"`
	Wall time.Duration `json:"wall_ns"`
	CPU  time.Duration `json:"cpu_ns"` // of the process, as the operating system counts it
}

// Leftover is something that was there after tear-down and not before.
type Leftover struct {
	Kind   string  `json:"kind"` // goroutine, fd, child
	Count  int     `json:"count"`
	Detail string  `json:"detail"` // where it was created, or what it is
	Stack  []Frame `json:"stack,omitempty"`
}

// ChildProcess is what a process that the scenario started was seen to use.
type ChildProcess struct {
	PID       int    `json:"pid"`
	Command   string `json:"command"`
	HighWater int64  `json:"high_water_bytes"` // VmHWM, as last seen
}

// TreePoint is the memory of a process tree at one look, or the highest of several
// looks that follow each other.
type TreePoint struct {
	At int64 `json:"at_ns"` // since the start
	// PSS is the proportional set size: what the processes have for themselves, and
	// of what several share a part each.
	PSS       int64 `json:"pss_bytes"`
	Processes int   `json:"processes"`
}
