package highwater

import (
	"strconv"
)

// CollectorSetting is what a process may be told of its garbage collector.
type CollectorSetting struct {
	GOGC  int   `json:"gogc"`                  // in percent; -1 for off
	Limit int64 `json:"limit_bytes,omitempty"` // GOMEMLIMIT; 0 for none
}

// String is as one would set it: GOGC=off GOMEMLIMIT=24MiB.
func (s CollectorSetting) String() string {
	text := "GOGC=off"
	if s.GOGC >= 0 {
		text = "GOGC=" + strconv.Itoa(s.GOGC)
	}
	if s.Limit > 0 {
		text += " GOMEMLIMIT=" + strconv.FormatInt((s.Limit+MiB/2)/MiB, 10) + "MiB"
	}
	return text
}

// Env are the environment variables that set it, the limit to the byte.
func (s CollectorSetting) Env() []string {
	gogc, limit := "off", "off"
	if s.GOGC >= 0 {
		gogc = strconv.Itoa(s.GOGC)
	}
	if s.Limit > 0 {
		limit = strconv.FormatInt(s.Limit, 10)
	}
	return []string{"GOGC=" + gogc, "GOMEMLIMIT=" + limit}
}

// Frontier is one scenario under several settings of the collector: what memory costs in
// CPU time, and the other way round.
type Frontier struct {
	Scenario string `json:"scenario"`
	// Points are in the order of their memory, the least first.
	Points    []FrontierPoint `json:"points"`
	Reference int             `json:"reference"` // the point that others are compared with
	// Least is the lowest GOMEMLIMIT that was tried and costs little; nil where none does,
	// or none was tried.
	Least *LeastLimit `json:"least_limit,omitempty"`
	Notes []string    `json:"notes,omitempty"`
}

// FrontierPoint is what one setting came to over its repeats.
type FrontierPoint struct {
	Setting CollectorSetting `json:"setting"`
	Repeats int              `json:"repeats"`          // that completed
	Failed  string           `json:"failed,omitempty"` // how a process ended that did not complete

	Footprint Rate `json:"footprint_bytes"` // the kernel's high-water mark of the process
	// Operations per second of the process's CPU time, and of the clock.
	PerCPU  Rate    `json:"ops_per_cpu_second"`
	PerWall Rate    `json:"ops_per_second"`
	GCShare float64 `json:"gc_share"` // of the CPU time that the process used, a ratio
	Cycles  float64 `json:"cycles"`
	// Relative is PerCPU over that of the reference, repeat by repeat, a ratio.
	Relative Rate `json:"relative"`
	// Frontier says that no other setting had both less memory and more throughput.
	Frontier bool `json:"frontier"`
}

// LeastLimit is a GOMEMLIMIT with which throughput stays.
type LeastLimit struct {
	Limit    int64   `json:"limit_bytes"`
	Relative Rate    `json:"relative"` // throughput over the reference's
	Within   float64 `json:"within"`   // the loss that counts as staying, a ratio
	// Certain says that all of the interval is within the loss, and not its centre alone.
	Certain bool `json:"certain"`
	// Below is the highest limit that was tried and costs more; 0 where none did.
	Below int64 `json:"below_bytes,omitempty"`
}
