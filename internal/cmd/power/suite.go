package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/highwater-dev/highwater"
)

// The variables that make this program a highwater whose scenarios have grown.
const (
	envHighwater = "POWER_HIGHWATER"
	envChange    = "POWER_CHANGE" // a ratio
)

// The planted programs without a change: 4 MB held or 12 MB reached, in blocks of a
// size class of Go's allocator, and garbage of 1,000 objects an operation. The short
// peak is larger because the exact pass resolves it to 64 KiB: a change of 2 % has to
// be more than that.
const (
	blockBytes  = 1024
	blocks      = 4000
	spikeBlocks = 12000
	base        = 500 // of the spike's blocks, held throughout
	spikeHeld   = 3 * time.Millisecond
	spikeAt     = 5 // operation
	objects     = 1000
	objectBytes = 64
)

// kind is a way to regress.
type kind struct {
	name    string
	doc     string
	metrics []string // that the regression shows in, the first of which has to find it
	ops     int
	run     func(m *highwater.M, change float64)
}

var all = []kind{
	{"live", "live memory, held throughout", []string{highwater.Sustained, highwater.Peak}, 12, live},
	{"peak", "a peak of 3 ms between checkpoints", []string{highwater.Peak}, 12, peak},
	{"allocs", "allocations an operation", []string{highwater.Allocs, highwater.AllocBytes}, 50, allocs},
}

func kinds() []string {
	var names []string
	for _, k := range all {
		names = append(names, k.name)
	}
	return names
}

// planted is the suite of the programs.
func planted() highwater.Suite {
	s := highwater.Suite{Name: "planted", Doc: "programs that have grown by " + envChange}
	for _, k := range all {
		s.Scenarios = append(s.Scenarios, highwater.Scenario{
			Suite: s.Name, Name: k.name, Doc: k.doc, Ops: k.ops, NoBudget: true,
			Omit: map[highwater.Pass]string{highwater.PassCollector: "the collector's work is not what is planted"},
			Run: func(m *highwater.M) {
				change, err := strconv.ParseFloat(os.Getenv(envChange), 64)
				if err != nil {
					m.Fatalf("%s: %w", envChange, err)
				}
				k.run(m, change)
			},
		})
	}
	return s
}

// grown is a number that has grown by the change.
func grown(n int, change float64) int { return int(math.Round(float64(n) * (1 + change))) }

//go:noinline
func hold(n int) [][]byte {
	held := make([][]byte, n)
	for i := range held {
		held[i] = make([]byte, blockBytes)
	}
	return held
}

func live(m *highwater.M, change float64) {
	m.Start()
	held := hold(grown(blocks, change))
	m.KeepAlive(held)
	for m.Loop() {
		runtime.KeepAlive(held)
	}
}

func peak(m *highwater.M, change float64) {
	m.Start()
	m.KeepAlive(hold(base))
	for m.Loop() {
		if m.Op() != spikeAt {
			continue
		}
		spike := hold(grown(spikeBlocks, change) - base)
		for end := time.Now().Add(spikeHeld); time.Now().Before(end); {
			runtime.KeepAlive(spike)
		}
	}
}

// sink keeps the compiler from putting garbage on the stack.
var sink []byte

func allocs(m *highwater.M, change float64) {
	n := grown(objects, change)
	m.Start()
	for m.Loop() {
		for range n {
			sink = make([]byte, objectBytes)
		}
	}
	if len(sink) != objectBytes {
		m.Fatalf("%s", fmt.Sprint("nothing was allocated: ", len(sink)))
	}
}
