package measure

import (
	"io"
	"time"

	"github.com/highwater-dev/highwater"
)

// Options say how to measure.
type Options struct {
	// Repeats is how many processes of each pass to begin with; 0 means one
	// natural, three collector and two exact ones: the collector's share is the
	// noisiest figure, and the second exact process shows whether the scenario
	// repeats itself.
	Repeats int

	Timeout   time.Duration // of one process; 0 means DefaultTimeout
	MaxMemory int64         // ceiling of one process tree in bytes; 0 means DefaultMaxMemory()

	// Time and MemoryTime are the shortest length of the loop in the natural
	// and collector passes, and in the exact pass. 0: the scenario's own number
	// of operations.
	Time, MemoryTime time.Duration

	// Jobs is how many exact and collector processes may run at once; 0 means
	// one for each CPU. Natural processes always run alone.
	Jobs int

	// Compared says that the figures are to be compared with those of other runs, and
	// not with limits alone: profiles are finer, so that sites can be told apart, and
	// the collector is watched for longer.
	Compared bool

	// Dir is where profiles are written, a folder beside the Run file: a
	// Measurement names its profile relative to Dir's parent. Empty: none are.
	Dir string

	// Output, when set, is given what the first process of a command prints.
	Output io.Writer

	// Progress, when set, is told what is under way. Calls are serialised.
	Progress func(Progress)
}

// Progress says what is being measured.
type Progress struct {
	Scenario string
	Side     string // its name, where there are two
	Pass     highwater.Pass
	Repeat   int
	Done     int // processes that have ended
	Total    int // processes planned so far
}

// DefaultTimeout ends a process that does not end by itself.
const DefaultTimeout = 2 * time.Minute

// commandTimeout ends a command that does not end by itself.
const commandTimeout = time.Hour

// repeats is how many processes of a pass to begin with.
func (o Options) repeats(p highwater.Pass) int {
	switch {
	case o.Repeats > 0:
		return o.Repeats
	case p == highwater.PassExact:
		return 2
	case p == highwater.PassCollector:
		return 3
	default:
		return 1
	}
}

// DefaultMaxMemory is the ceiling for one process tree: half of what the
// machine, or the container, has.
func DefaultMaxMemory() int64 {
	total := memoryTotal()
	if limit := containerLimit(); limit > 0 && (total == 0 || limit < total) {
		total = limit
	}
	if total == 0 {
		return 4 * highwater.GiB
	}
	return total / 2
}
