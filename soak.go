package highwater

import "time"

// PassSoak is the kind of process that a soak runs in: one for a long time, under
// the user's own settings, with a collection forced at every checkpoint. It is none
// of [Passes]: no gate has it.
const PassSoak Pass = "soak"

// Soak is a process seen over time, at checkpoints. What the source of the readings
// cannot tell stays zero in all points, and Lacks says why.
type Soak struct {
	Source   SoakSource    `json:"source"`
	Interval time.Duration `json:"interval_ns"` // between checkpoints, as asked for
	Planned  time.Duration `json:"planned_ns"`
	// Thinned is how many checkpoints a point stands for: of a long soak every second,
	// fourth, … is kept.
	Thinned int `json:"thinned"`
	// Baseline is what was live before the scenario began, in bytes: its sessions hold
	// what came since. 0 where nothing is taken off, as of a program.
	Baseline int64       `json:"baseline_bytes,omitempty"`
	Points   []SoakPoint `json:"points"`
	// Sites are the allocation sites that hold most or have grown most, and
	// Goroutines the groups of goroutines; their series are parallel to Points.
	Sites      []SiteSeries      `json:"sites,omitempty"`
	Goroutines []GoroutineSeries `json:"goroutines,omitempty"`
	// Mappings are the parts of the resident memory that are not the Go runtime's, as
	// the first and the last checkpoint saw them.
	Mappings []Mapping `json:"mappings,omitempty"`
	Rate     int       `json:"profile_rate,omitempty"` // bytes between samples behind Sites
	// Blocked are the goroutines that can never go on, by the runtime's own leak
	// profile, at the last look; LeakProfile says whether the build has it.
	Blocked     []Leftover `json:"blocked,omitempty"`
	LeakProfile bool       `json:"leak_profile,omitempty"`
	// Held is who holds what has grown, where that was asked for.
	Held *Held `json:"held,omitempty"`
	// Lacks names what the source cannot tell, each with the reason.
	Lacks map[Quantity]string `json:"lacks,omitempty"`
	// Ended says why the soak ended before its time: "interrupted", "the process
	// exited with status 1", … Empty for one that ended as planned or still goes on.
	Ended string `json:"ended,omitempty"`
	// Profiles are heap profiles kept beside the Run file, relative to its directory, the
	// oldest first.
	Profiles []string `json:"profiles,omitempty"`
}

// SoakSource is where a soak's readings come from.
type SoakSource string

// The sources.
const (
	SourceProbe   SoakSource = "probe"   // from inside, after a forced collection
	SourcePprof   SoakSource = "pprof"   // the process's net/http/pprof endpoint
	SourceProcess SoakSource = "process" // the operating system alone: a command or process id
)

// Quantity is something of a soak that has a course over time.
type Quantity string

// The quantities.
const (
	QuantityLive       Quantity = "live"       // heap and stacks after a forced collection
	QuantitySites      Quantity = "sites"      // live memory by allocation site
	QuantityRSS        Quantity = "rss"        // resident memory
	QuantityOffHeap    Quantity = "off_heap"   // resident memory that the runtime does not account for
	QuantityGoroutines Quantity = "goroutines" //
	QuantityThreads    Quantity = "threads"
	QuantityFDs        Quantity = "fds"
	QuantityChildren   Quantity = "children"
	QuantityOps        Quantity = "operations" // throughput and latency
)

// SoakPoint is one checkpoint: absolute figures of the whole process.
type SoakPoint struct {
	At int64 `json:"at_ns"` // since the soak began
	Op int64 `json:"op"`    // operations so far

	Heap int64 `json:"heap_bytes"` // live heap, after a forced collection
	// Cycle is the number of the process's own collection that has found Heap live, where
	// none is forced: points of one cycle tell of one heap. 0 where one is.
	Cycle  int64 `json:"cycle,omitempty"`
	Stacks int64 `json:"stack_bytes"` // memory of goroutine stacks
	RSS    int64 `json:"rss_bytes"`
	// Runtime is what the Go runtime holds from the operating system and has not
	// given back; RSS less that is off-heap (negative where it was never touched).
	Runtime int64 `json:"runtime_bytes"`
	// Bookkeeping is what of that is not the heap's nor stacks: the runtime's own tables,
	// which lie in anonymous mappings.
	Bookkeeping int64 `json:"bookkeeping_bytes,omitempty"`

	Goroutines int            `json:"goroutines"`
	Threads    int            `json:"threads"`
	FDs        map[string]int `json:"fds,omitempty"` // open descriptors by kind: file, socket, pipe, …
	Children   int            `json:"children,omitempty"`
	// ChildMemory is the proportional set size (or RSS, where that cannot be had) of
	// all child processes together. It is in none of the other figures.
	ChildMemory int64 `json:"child_memory_bytes,omitempty"`

	Work *SoakWork `json:"work,omitempty"` // since the checkpoint before; nil where nobody counts
}

// Live is heap and stacks together, in bytes.
func (p SoakPoint) Live() int64 { return p.Heap + p.Stacks }

// OffHeap is resident memory that the runtime does not account for, in bytes.
func (p SoakPoint) OffHeap() int64 { return p.RSS - p.Runtime }

// SoakWork is what was done between two checkpoints.
type SoakWork struct {
	Ops int64 `json:"ops"`
	// Busy is the time spent in operations, and CPU the CPU time of the process
	// meanwhile, without the probe's.
	Busy time.Duration `json:"busy_ns"`
	CPU  time.Duration `json:"cpu_ns"`
	// Percentiles of the time that one operation took.
	P50 time.Duration `json:"p50_ns"`
	P95 time.Duration `json:"p95_ns"`
	P99 time.Duration `json:"p99_ns"`
	Max time.Duration `json:"max_ns"`
}

// SiteSeries is what one allocation site held at each point.
type SiteSeries struct {
	Site  Site    `json:"site"` // as of the last point
	Bytes []int64 `json:"bytes"`
}

// GoroutineSeries is how many goroutines of one origin there were at each point.
type GoroutineSeries struct {
	Created Frame   `json:"created"`
	State   string  `json:"state"` // "chan receive", "select", …, of most
	Stack   []Frame `json:"stack,omitempty"`
	Counts  []int   `json:"counts"`
	// Fingerprint identifies the group across runs and moved lines.
	Fingerprint string `json:"fingerprint"`
}

// Mapping is a kind of memory mapping: a file's path, "[heap]" (what C allocates),
// "anonymous", …
type Mapping struct {
	Name   string `json:"name"`
	Before int64  `json:"before_bytes"` // resident, at the first checkpoint
	After  int64  `json:"after_bytes"`
	// Bytes is its course, a value for each of the soak's points.
	Bytes []int64 `json:"bytes,omitempty"`
}

// Course says in one word how live memory went.
type Course string

// The courses.
const (
	CourseFlat     Course = "flat"     // no growth that can be told from noise
	CourseGrowing  Course = "growing"  // it keeps growing: a leak
	CourseSettled  Course = "settled"  // it grew, and has stopped: a plateau after warm-up
	CourseFilling  Course = "filling"  // it still grows, ever more slowly: a cache may be filling
	CourseShort    Course = "short"    // too few checkpoints to tell
	CourseUnjudged Course = "unjudged" // live memory cannot be seen from where we look
)

// Rate is an estimate with its 95 % confidence interval.
type Rate struct {
	Center float64 `json:"center"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// SoakResult is what a soak came to.
type SoakResult struct {
	Course Course `json:"course"`
	// Of is what Initial to ToLimit are of: live memory, or, where that cannot be
	// seen, resident memory.
	Of      Quantity `json:"of"`
	Initial int64    `json:"initial_bytes"` // when it was warm, as the line through the rest has it
	Final   int64    `json:"final_bytes"`
	// Warm is when the warm-up was over, as it was found; 0 where there was none.
	Warm time.Duration `json:"warm_ns"`
	// Elapsed is the time between the first checkpoint and the last.
	Elapsed     time.Duration `json:"elapsed_ns"`
	Checkpoints int           `json:"checkpoints"`
	// Collections is how many of the checkpoints came after a collection that none before
	// them did, and live memory is judged of these; 0 where all did.
	Collections int   `json:"collections,omitempty"`
	Ops         int64 `json:"ops"`
	PerHour     Rate  `json:"per_hour_bytes"` // growth after the warm-up
	PerOp       *Rate `json:"per_op_bytes,omitempty"`
	// PercentPerHour is PerHour over Initial, in percent.
	PercentPerHour Rate `json:"percent_per_hour"`
	// Detectable is the smallest steady leak, in bytes an hour, that this soak would
	// have found: spread over sites that scatter, and at one site of its own.
	Detectable     float64 `json:"detectable_bytes_per_hour"`
	DetectableSite float64 `json:"detectable_site_bytes_per_hour,omitempty"`
	// ToLimit is when the limit would be reached at this rate; nil where it does not
	// grow, or there is no limit.
	ToLimit *time.Duration `json:"to_limit_ns,omitempty"`
	Limit   int64          `json:"limit_bytes,omitempty"`
	// SettleBy is when a cache that is filling should have stopped; nil for other courses.
	SettleBy *time.Duration `json:"settle_by_ns,omitempty"`
	Suspects []Suspect      `json:"suspects,omitempty"`
	// PerSession is what a session holds at the end: Final less what was live before,
	// over the sessions; nil where nothing is taken off.
	PerSession *float64 `json:"per_session_bytes,omitempty"`
	// Throughput and Latency are the changes over the soak, ratios: operations a second
	// fell by a tenth at -0.1, the median operation takes half as long again at 0.5. They
	// are nil where nobody counts operations.
	Throughput *Rate `json:"throughput_change,omitempty"`
	Latency    *Rate `json:"latency_change,omitempty"` // of the median operation
}

// Suspect is something that grew at nearly every checkpoint.
type Suspect struct {
	Kind string `json:"kind"` // site, goroutines, fds, threads, children, mapping
	// Site is where it was allocated, for kind site; of goroutines where they were
	// created and, in Stack, where they are blocked.
	Site *Site  `json:"site,omitempty"`
	Name string `json:"name"` // one line for people
	// Before and After are bytes or a count, PerHour and PerOp the growth of it.
	Before  int64   `json:"before"`
	After   int64   `json:"after"`
	PerHour float64 `json:"per_hour"`
	PerOp   float64 `json:"per_op,omitempty"`
	// Tau is Kendall's rank correlation with time: 1 for growth at every checkpoint.
	Tau   float64 `json:"tau"`
	Share float64 `json:"share,omitempty"` // of the growth of live memory, a ratio
	// Status is new or known, for a leak that the configuration accepts.
	Status      string `json:"status,omitempty"`
	Known       string `json:"known,omitempty"` // why, and until when
	Fingerprint string `json:"fingerprint"`
}
