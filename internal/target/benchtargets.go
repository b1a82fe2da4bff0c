package target

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/overlay"
)

// targets makes the targets of every benchmark that worked.
func (t *trial) targets() []Target {
	var targets []Target
	seen := map[string]bool{}
	for _, f := range t.failed {
		seen[f.Name] = true
	}
	for _, r := range t.found {
		name, external := overlay.Unwrap(r.Name)
		info := highwater.ScenarioInfo{Suite: t.pkg.ImportPath, Name: scenarioName(name), Sessions: 1, NoBudget: true}
		if info.Name == "" || seen[info.Name] {
			continue
		}
		seen[info.Name] = true
		for _, v := range t.options.variants() {
			targets = append(targets, t.target(info, v, r, overlay.Pattern(external, name)))
		}
	}
	return targets
}

func (t *trial) target(info highwater.ScenarioInfo, v variant, r BenchResult, pattern string) Target {
	info.Variant, info.Omit = v.name, v.omit
	info.Ops = t.ops(info.ID(), r.Seconds)
	info.Doc = fmt.Sprintf("benchmark, %d operations", info.Ops)
	if t.options.Time > 0 {
		info.Doc += fmt.Sprintf(", about %v", t.options.Time)
	}
	times := fmt.Sprintf("-test.benchtime=%dx", info.Ops)
	natural := []string{times}
	if v.cpu > 0 {
		natural = append(natural, fmt.Sprintf("-test.cpu=%d", v.cpu))
	}
	return Target{
		Info: info, Path: t.binary, Dir: t.pkg.Dir, Bench: true,
		Args: benchArgs(pattern),
		PassArgs: map[highwater.Pass][]string{
			highwater.PassNatural:   natural,
			highwater.PassExact:     {times},
			highwater.PassCollector: {fmt.Sprintf("-test.benchtime=%dx", collectorOps(info.Ops, r, t.options.CollectorTime))},
			highwater.PassSoak:      {times, forEver},
		},
	}
}

// forEver lets testing call a benchmark or a test until the probe ends the process.
const forEver = "-test.count=1000000000"

// RaceVariant is the variant, or the end of it, of what is built with the race
// detector: its figures compare with nothing else, and no budget is meant for them.
const RaceVariant = "race"

// Raced reports whether a scenario was measured with the race detector.
func Raced(info highwater.ScenarioInfo) bool {
	return slices.Contains(strings.Split(info.Variant, ","), RaceVariant)
}

// variant is one way to measure a benchmark.
type variant struct {
	name string
	cpu  int // 0: the user's own
	omit map[highwater.Pass]string
}

// Variants are those of every benchmark, as the options say.
func (o PackageOptions) Variants() []string {
	var names []string
	for _, v := range o.variants() {
		names = append(names, v.name)
	}
	return names
}

func (o PackageOptions) variants() []variant {
	var all []variant
	for i, n := range o.CPUs {
		v := variant{name: fmt.Sprintf("cpu=%d", n), cpu: n}
		if i > 0 {
			// These have one processor whatever the variant is.
			why := fmt.Sprintf("it runs on one processor, and is measured for cpu=%d", o.CPUs[0])
			v.omit = map[highwater.Pass]string{highwater.PassExact: why, highwater.PassCollector: why}
		}
		all = append(all, v)
	}
	if len(all) == 0 {
		all = []variant{{}}
	}
	if o.Race {
		for i := range all {
			all[i].name = strings.TrimPrefix(all[i].name+","+RaceVariant, ",")
		}
	}
	return all
}

// scenarioName makes a scenario's name of a benchmark's: an @ would begin a
// variant.
func scenarioName(benchmark string) string { return strings.ReplaceAll(benchmark, "@", "_") }

// A benchmark that nobody gave a number of operations gets one with which it takes
// about as long as this, and no more than mostOps. It is a power of ten, so that
// small differences in speed do not change it.
const (
	benchTarget = 0.1 // seconds
	mostOps     = 10_000
)

func (t *trial) ops(id string, seconds float64) int {
	if t.options.Ops > 0 {
		return t.options.Ops
	}
	if t.options.Known != nil {
		if n := t.options.Known(id); n > 0 {
			return n
		}
	}
	if t.options.Time > 0 {
		return opsIn(t.options.Time, seconds)
	}
	return calibrate(seconds)
}

// manyOps bounds the number of operations of a benchmark that takes next to no
// time.
const manyOps = 1_000_000_000

// opsIn is how many operations take about as long as d, with one or two figures
// that count: a small difference in speed seldom changes it.
func opsIn(d time.Duration, seconds float64) int {
	n := d.Seconds() / max(seconds, 1e-10)
	if n < 1 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(n)))
	for _, f := range []float64{5, 3, 2, 1} {
		if n >= f*unit {
			return int(min(f*unit, manyOps))
		}
	}
	return 1
}

func calibrate(seconds float64) int {
	n := 1
	for n < mostOps && float64(10*n)*seconds <= benchTarget {
		n *= 10
	}
	return n
}

// The collector pass needs time and collections, and so more operations: as many
// as take collectorTime, unless they allocate more than collectorBytes. A benchmark
// that keeps what it allocates would otherwise fill the machine. That many bytes
// are 120 collections and more of a small heap.
const (
	collectorTime  = 300 * time.Millisecond
	collectorBytes = 512 << 20
)

// collectorOps is how many operations a benchmark makes in the collector pass.
func collectorOps(ops int, r BenchResult, least time.Duration) int {
	n := 100_000_000.0
	if r.Seconds > 0 {
		n = min(n, max(collectorTime, least).Seconds()/r.Seconds)
	}
	if r.Bytes > 0 {
		n = min(n, collectorBytes/r.Bytes)
	}
	return max(ops, int(n))
}
