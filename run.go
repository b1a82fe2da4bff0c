package highwater

import "time"

// Schema is the version of the Run file that this code writes.
const Schema = 1

// Run is all measurements of one invocation. A Run given a name is a baseline.
type Run struct {
	Schema       int            `json:"schema"`
	ID           string         `json:"id"`
	Name         string         `json:"name,omitempty"` // of a baseline
	Tool         string         `json:"tool"`           // highwater's version
	Created      time.Time      `json:"created"`
	Finished     *time.Time     `json:"finished,omitempty"` // nil: cut short, what is there counts
	Command      []string       `json:"command,omitempty"`
	Environment  Environment    `json:"environment"`
	Source       *Source        `json:"source,omitempty"` // where two source trees were compared
	Scenarios    []ScenarioInfo `json:"scenarios"`
	Measurements []Measurement  `json:"measurements"`

	// Preparing is how many seconds went by before the first process: building, and
	// making what suites need.
	Preparing float64 `json:"preparing_seconds,omitempty"`

	Skipped []Skipped `json:"skipped,omitempty"`

	// History says that it was put together from earlier runs, as a reference: each
	// measurement is the centre of a run, and not a repeat.
	History bool `json:"history,omitempty"`
}

// Skipped is what was named and, by the configuration, not measured on purpose.
type Skipped struct {
	Scenario string `json:"scenario"` // its ID, or the import path of a whole package
	Reason   string `json:"reason"`
}

// Scenario returns the description of the scenario with that ID.
func (r *Run) Scenario(id string) (ScenarioInfo, bool) {
	for _, s := range r.Scenarios {
		if s.ID() == id {
			return s, true
		}
	}
	return ScenarioInfo{}, false
}

// Of returns the measurements of one scenario, in the order they were made.
func (r *Run) Of(id string) []Measurement {
	var ms []Measurement
	for _, m := range r.Measurements {
		if m.Scenario == id {
			ms = append(ms, m)
		}
	}
	return ms
}

// Environment is where a Run was made, as far as it can change a figure.
type Environment struct {
	Go         string `json:"go"` // of the measured binary
	GOOS       string `json:"goos"`
	GOARCH     string `json:"goarch"`
	GOGC       string `json:"gogc"`       // "100" where unset
	GOMEMLIMIT string `json:"gomemlimit"` // "off" where unset
	GOMAXPROCS int    `json:"gomaxprocs"`
	GODEBUG    string `json:"godebug,omitempty"` // the user's own
	Probe      int    `json:"probe"`             // version of the measuring protocol

	Kernel      string `json:"kernel,omitempty"`
	CPU         string `json:"cpu,omitempty"`
	CPUs        int    `json:"cpus"`
	MemoryBytes int64  `json:"memory_bytes,omitempty"`
	MemoryLimit int64  `json:"memory_limit_bytes,omitempty"` // of the container, 0 for none

	Module   string `json:"module,omitempty"`
	Revision string `json:"revision,omitempty"`
	Branch   string `json:"branch,omitempty"`
	Dirty    bool   `json:"dirty,omitempty"`
	CI       string `json:"ci,omitempty"`
}
