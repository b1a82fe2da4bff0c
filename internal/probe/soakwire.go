package probe

// SoakReading is one checkpoint of a soak: absolute figures, after a forced
// collection.
type SoakReading struct {
	Reading
	At          int64            `json:"at_ns"`
	Op          int64            `json:"op"`      // operations so far
	Classes     map[string]int64 `json:"classes"` // runtime/metrics memory classes
	RSS         int64            `json:"rss"`
	Goroutines  int              `json:"goroutines"` // all, the probe's own among them
	Threads     int              `json:"threads"`
	FDs         map[string]int   `json:"fds,omitempty"` // by kind
	Children    int              `json:"children"`
	ChildMemory int64            `json:"child_memory"`
	Work        *SoakWork        `json:"work,omitempty"` // nil where nobody counts operations
	Profile     *Profile         `json:"profile,omitempty"`
	// Groups are the goroutines since the start; Grouped says that they were looked
	// at, which is not done at every checkpoint where there are many.
	Groups  []Goroutines `json:"groups,omitempty"`
	Grouped bool         `json:"grouped,omitempty"`
	// Blocked are those that can never go on; LeakProfile says that they were looked
	// for.
	Blocked     []Goroutines `json:"blocked,omitempty"`
	LeakProfile bool         `json:"leak_profile,omitempty"`
	// Mappings are what is resident beside the Go runtime's own memory, by kind; nil
	// where they were not looked at.
	Mappings map[string]int64 `json:"mappings,omitempty"`
	Missing  []string         `json:"missing,omitempty"` // what this platform cannot tell, and why
}

// SoakWork is what was done since the checkpoint before. Times are in nanoseconds.
type SoakWork struct {
	Ops  int64 `json:"ops"`
	Busy int64 `json:"busy_ns"`
	CPU  int64 `json:"cpu_ns"`
	P50  int64 `json:"p50_ns"`
	P95  int64 `json:"p95_ns"`
	P99  int64 `json:"p99_ns"`
	Max  int64 `json:"max_ns"`
}
