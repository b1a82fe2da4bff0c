package probe

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Version is the version of the readings: it changes when the same program
// would yield other figures, which makes baselines of another version
// incomparable.
const Version = 4

// Message is one line of the protocol. Type says which of the other fields is
// set.
type Message struct {
	Type string `json:"type"`

	Hello      *Hello       `json:"hello,omitempty"`
	Baseline   *Reading     `json:"baseline,omitempty"`
	Checkpoint *Checkpoint  `json:"checkpoint,omitempty"`
	Peak       *Peak        `json:"peak,omitempty"`
	Base       *Profile     `json:"base,omitempty"` // of an early profile
	Profile    *Profile     `json:"profile,omitempty"`
	Natural    *Natural     `json:"natural,omitempty"`
	Collector  *Collector   `json:"collector,omitempty"`
	TornDown   *TornDown    `json:"torn_down,omitempty"`
	Soak       *SoakReading `json:"soak,omitempty"`
	Live       *LiveReading `json:"live,omitempty"`
	Failure    string       `json:"failure,omitempty"`
	Note       string       `json:"note,omitempty"`
}

// The message types. A measurement is complete only when "done" was read.
const (
	TypeHello      = "hello"
	TypeBaseline   = "baseline"
	TypeCheckpoint = "checkpoint"
	TypePeak       = "peak"
	TypeProfile    = "profile" // an early profile, sent when memory runs high
	TypeNatural    = "natural"
	TypeCollector  = "collector"
	TypeTornDown   = "torn-down"
	TypeSoak       = "soak" // a checkpoint of a soak
	TypeLive       = "live" // a part of a look at a live process
	TypeFailure    = "failure"
	TypeNote       = "note"
	TypeAnswer     = "answer" // to an ask; see Program
	TypeDone       = "done"
)

// What highwater asks of a program, each a byte of its own. The next one is not
// asked before the answer has come.
const (
	AskReady      = 'r' // the phase begins that the load drives
	AskCheckpoint = 'c' // a reading in that phase
	AskEnd        = 'e' // the last readings; the answer is TypeDone

	// Of a live process, each answered after a message of TypeLive that tells it.
	AskFigures = 'f' // all figures
	AskProfile = 'p' // the heap profile
	AskGroups  = 'g' // the goroutines
	AskCount   = 'n' // the number of operations alone
	AskCollect = 'x' // force a collection, and tell the figures
)

// Hello is the first message of every process.
type Hello struct {
	Version    int             `json:"version"`
	PID        int             `json:"pid"`
	Go         string          `json:"go"`
	GOOS       string          `json:"goos"`
	GOARCH     string          `json:"goarch"`
	GOMAXPROCS int             `json:"gomaxprocs"`
	Scenario   json.RawMessage `json:"scenario,omitempty"` // highwater.ScenarioInfo
}

// Listed is what a test binary tells of one scenario when it is asked to list
// them, as Hello.Scenario.
type Listed struct {
	Info json.RawMessage `json:"info"` // highwater.ScenarioInfo
	Run  string          `json:"run"`  // the -test.run pattern that selects its test
	Env  []string        `json:"env,omitempty"`
}

// Reading is live memory after forced collections, absolute, in bytes.
type Reading struct {
	Heap   int64 `json:"heap"`
	Stacks int64 `json:"stacks"`
	InUse  int64 `json:"in_use"` // bytes of in-use spans
}

// Live is heap and stacks together.
func (r Reading) Live() int64 { return r.Heap + r.Stacks }

// Checkpoint is one forced reading.
type Checkpoint struct {
	Reading
	Name   string `json:"name,omitempty"`
	Op     int    `json:"op"`
	Steady bool   `json:"steady"`
	At     int64  `json:"at_ns"`
	// Sessions is how many were live, where the workload said.
	Sessions *int `json:"sessions,omitempty"`
}

// Peak is the highest live memory that any collection saw since the baseline.
type Peak struct {
	Heap       int64  `json:"heap"` // absolute
	Stacks     int64  `json:"stacks"`
	Checkpoint bool   `json:"checkpoint"` // seen at a checkpoint, not between
	Name       string `json:"name,omitempty"`
	Op         int    `json:"op"`
	Cycles     int64  `json:"cycles"` // collections since the baseline
	Seen       int64  `json:"seen"`   // those that the probe could look at
	// Looks are what collections between checkpoints found live, the highest of every
	// Each that follow each other.
	Looks   []Look   `json:"looks,omitempty"`
	Each    int      `json:"each,omitempty"`
	Base    *Profile `json:"base,omitempty"`
	Profile *Profile `json:"profile,omitempty"`
}

// Profile is a raw heap profile: unscaled samples and their stacks.
type Profile struct {
	Rate    int      `json:"rate"` // bytes between samples
	Frames  []Frame  `json:"frames"`
	Records []Record `json:"records"`
}

// Frame is one source position.
type Frame struct {
	Func string `json:"f"`
	File string `json:"p"`
	Line int    `json:"l"`
}

// Record is the sampled live objects of one stack, innermost frame first, as
// indexes into Profile.Frames.
type Record struct {
	Objects int64 `json:"n"`
	Bytes   int64 `json:"b"`
	Stack   []int `json:"s"`
	// What was allocated since the process began, live or not, in a live process.
	AllocObjects int64 `json:"an,omitempty"`
	AllocBytes   int64 `json:"ab,omitempty"`
}

// Natural is what the natural process read at the end of its steady phase.
type Natural struct {
	Ops        int    `json:"ops"`
	AllocBytes uint64 `json:"alloc_bytes"` // over the window of Ops operations
	Mallocs    uint64 `json:"mallocs"`
	WindowNS   int64  `json:"window_ns"`
	// LoopOps are all operations of the loop, also beyond the window, with their time and
	// the process's CPU time meanwhile.
	LoopOps   int   `json:"loop_ops,omitempty"`
	LoopNS    int64 `json:"loop_ns,omitempty"`
	LoopCPUNS int64 `json:"loop_cpu_ns,omitempty"`

	TotalAlloc uint64           `json:"total_alloc"` // since the process began
	Classes    map[string]int64 `json:"classes"`     // runtime/metrics memory classes
	LiveHeap   int64            `json:"live_heap"`   // after one collection
	RSS        int64            `json:"rss"`         // 0 where HighWater alone is known
	HighWater  int64            `json:"high_water"`
	Threads    int              `json:"threads"` // above those at the start
	Cycles     int64            `json:"cycles"`
	Forced     int64            `json:"forced"`
	GCSeconds  float64          `json:"gc_seconds"`
	Busy       float64          `json:"busy_seconds"`
	NoRSS      string           `json:"no_rss,omitempty"`     // why RSS and HighWater are unknown
	NoThreads  string           `json:"no_threads,omitempty"` // why Threads is
	// HighWaterSource says what HighWater is, where it is not VmHWM.
	HighWaterSource string `json:"high_water_source,omitempty"`
}

// Collector is what the collector process read at the end of its steady phase.
type Collector struct {
	Cycles       int64   `json:"cycles"`
	CycleSeconds float64 `json:"cycle_seconds"` // CPU time of one
	GCSeconds    float64 `json:"gc_seconds"`    // of all
	UserSecond   float64 `json:"user_seconds"`  // the rest of the process's CPU time
}

// TornDown is the reading after tear-down.
type TornDown struct {
	Reading
	Goroutines []Goroutines `json:"goroutines,omitempty"`
	FDs        []string     `json:"fds,omitempty"`
	Children   []string     `json:"children,omitempty"`
	Missing    []string     `json:"missing,omitempty"` // what this platform cannot list
	Profile    *Profile     `json:"profile,omitempty"` // what is still live
	// Allocated is what was allocated in AllocatedOps operations.
	Allocated    *Profile `json:"allocated,omitempty"`
	AllocatedOps int      `json:"allocated_ops,omitempty"`
	// Base is what was live when a program was ready: it is not Peak.Base, since
	// of a program nothing is taken off the peak. A program that ended by itself has
	// none, and only Allocated of all these.
	Base *Profile `json:"base,omitempty"`
}

// Goroutines is a group of left-over goroutines of one origin.
type Goroutines struct {
	Count   int     `json:"count"`
	State   string  `json:"state"`
	Created Frame   `json:"created"`
	Stack   []Frame `json:"stack"`
}

// maxLine bounds one message: a profile of a hundred thousand sites fits.
const maxLine = 128 << 20

// ReadMessages calls f for each message of r, until it ends. What comes from a
// measured process is untrusted: a line that is too long or is not a message is
// an error.
func ReadMessages(r io.Reader, f func(Message)) error {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), maxLine)
	for s.Scan() {
		var m Message
		if err := json.Unmarshal(s.Bytes(), &m); err != nil {
			return fmt.Errorf("reading from the measured process: %w", err)
		}
		if err := errors.Join(m.Base.valid(), m.Profile.valid()); err != nil {
			return err
		}
		if p := m.Peak; p != nil {
			if err := errors.Join(p.Base.valid(), p.Profile.valid()); err != nil {
				return err
			}
		}
		if k := m.Soak; k != nil {
			if err := k.Profile.valid(); err != nil {
				return err
			}
		}
		if k := m.Live; k != nil {
			if err := k.Profile.valid(); err != nil {
				return err
			}
		}
		if t := m.TornDown; t != nil {
			if err := errors.Join(t.Base.valid(), t.Profile.valid(), t.Allocated.valid()); err != nil {
				return err
			}
		}
		f(m)
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("reading from the measured process: %w", err)
	}
	return nil
}

// valid reports a frame index that is out of range.
func (p *Profile) valid() error {
	if p == nil {
		return nil
	}
	for _, r := range p.Records {
		for _, i := range r.Stack {
			if i < 0 || i >= len(p.Frames) {
				return fmt.Errorf("profile from the measured process: frame %d of %d", i, len(p.Frames))
			}
		}
	}
	return nil
}
