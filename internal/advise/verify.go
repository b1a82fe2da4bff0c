package advise

import (
	"fmt"
	"math"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Check is what became of an advice after a change.
type Check struct {
	Scenario string          `json:"scenario"`
	Kind     Kind            `json:"kind"`
	Title    string          `json:"title"`
	Where    highwater.Frame `json:"where"` // as it was before
	Unit     string          `json:"unit"`  // B/op, or B for live memory
	Expected float64         `json:"expected"`
	// Measured is what the function of the line takes less than before, and Whole what the
	// scenario does, each with its 95 % interval (Welch, The generalization of Student's
	// problem, 1947). Absent where that is not known.
	Measured *highwater.Rate `json:"measured,omitempty"`
	Whole    *highwater.Rate `json:"whole,omitempty"`
	Saving   Saving          `json:"saving"`
	Reason   string          `json:"reason,omitempty"`
}

// Saving says whether a saving is real.
type Saving string

// What a saving may be.
const (
	Real      Saving = "real"       // as large as expected, within a fifth
	OtherSize Saving = "other size" // there is a saving, and it is smaller or larger
	NotThere  Saving = "not there"  // nothing is saved, or others take what is
	Unknown   Saving = "unknown"    // it was not measured, or not well enough
)

const (
	within  = 0.20 // by how much a saving may be off
	nothing = 0.10 // of what was expected, and less, is no saving
	level   = 0.95
)

// Verify holds the advice on a scenario, given before a change, against what the scenario
// allocates and holds before and after it. Each needs two exact processes and more. Minor
// advice of which that cannot be told is left out.
func Verify(scenario string, advice []Advice, before, after []highwater.Measurement) []Check {
	var all []Check
	// Lines move, and functions do not: what is advised on one function is judged together.
	sum := map[string]float64{}
	number := map[string]int{}
	key := func(c Check) string { return c.Unit + " " + function(c.Where) }
	for _, a := range advice {
		c := checkOf(scenario, a)
		if c.Saving != "" && a.Severity == Minor {
			continue // nobody has changed anything for it
		}
		all = append(all, c)
		if c.Saving == "" {
			sum[key(c)] += c.Expected
			number[key(c)]++
		}
	}
	for i := range all {
		c := &all[i]
		if c.Saving != "" {
			continue
		}
		c.Measured = difference(atFunction(before, c), atFunction(after, c))
		c.Whole = difference(ofAll(before, c), ofAll(after, c))
		c.judge(sum[key(*c)])
		if n := number[key(*c)]; n > 1 {
			c.note(fmt.Sprintf("%d recommendations on this function are judged together, of which %s are expected", n, highwater.FormatBytes(sum[key(*c)])))
		}
	}
	return all
}

// checkOf is a check that is still to be judged, unless its saving says why it cannot be.
func checkOf(scenario string, a Advice) Check {
	c := Check{Scenario: scenario, Kind: a.Kind, Title: a.Title}
	if len(a.Lines) > 0 {
		c.Where = a.Lines[0]
	}
	switch {
	case a.Kind == KindCollector || a.Kind == KindLimit:
		c.Saving, c.Reason = Unknown, "it is a setting: --frontier measures what settings do"
	case !a.Known:
		c.Saving, c.Reason = Unknown, "how much it would save was not known"
	case len(a.Lines) == 0 || a.Kind == KindStacks:
		c.Saving, c.Reason = Unknown, "measured scenarios do not tell it"
	case a.Per == PerOp && a.SavedAllocBytes > 0:
		c.Unit, c.Expected = "B/op", a.SavedAllocBytes
	case a.SavedBytes > 0:
		c.Unit, c.Expected = "B", float64(a.SavedBytes)
	default:
		c.Saving, c.Reason = Unknown, "it was advised of a process, and not of a scenario whose operations can be compared"
	}
	return c
}

// judge holds what was measured against what was expected of the function.
func (c *Check) judge(expected float64) {
	m, w := c.Measured, c.Whole
	size := highwater.FormatBytes
	switch {
	case m == nil:
		c.Saving, c.Reason = Unknown, "need >= 2 exact processes on either side with their allocation sites (--repeats)"
	case m.High < nothing*expected:
		c.Saving = NotThere
	case m.Low <= 0 && m.Center < expected/2:
		c.Saving = NotThere
	case m.Low <= 0:
		c.Saving, c.Reason = Unknown, "the processes differ too much: more --repeats would tell"
	case w != nil && w.High < min(expected, m.Center)/2:
		c.Saving = NotThere
		c.Reason = fmt.Sprintf("the function takes %s less, and the scenario as a whole saves %s: others take it", size(m.Center), size(w.Center))
	case m.High >= (1-within)*expected && m.Low <= (1+within)*expected:
		c.Saving = Real
	default:
		c.Saving = OtherSize
	}
}

func (c *Check) note(text string) {
	if c.Reason != "" {
		text = c.Reason + "; " + text
	}
	c.Reason = text
}

// function is the name of a frame's function, that around it for a closure.
func function(f highwater.Frame) string {
	name, _, _ := strings.Cut(f.Func, ".func")
	name, _, _ = strings.Cut(name, "-range")
	return name
}

// atFunction is what the function of the check allocates or holds, by exact process.
func atFunction(all []highwater.Measurement, c *Check) (values []float64) {
	for _, m := range exact(all) {
		sites, over := m.Allocated, float64(max(m.AllocatedOps, 1))
		if c.Unit != "B/op" {
			if sites, over = m.Sites, 1; c.Kind == KindMap {
				sites = m.Retained
			}
		}
		var sum int64
		for _, s := range sites {
			// What is allocated by a library's function that is now called instead
			// belongs to whoever calls it: the nearest function decides, as in advice.
			if function(s.Where) == function(c.Where) && !heap.IsLibrary(s.Where.Func) {
				sum += s.Bytes
			}
		}
		values = append(values, float64(sum)/over)
	}
	return values
}

// exact are the processes that tell where they allocate.
func exact(all []highwater.Measurement) (out []highwater.Measurement) {
	for _, m := range all {
		if m.Pass == highwater.PassExact && m.Outcome.Status == highwater.StatusOK && len(m.Allocated)+len(m.Sites)+len(m.Retained) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// ofAll is what the scenario as a whole allocates or holds, by process.
func ofAll(all []highwater.Measurement, c *Check) (values []float64) {
	if c.Unit == "B/op" {
		for _, m := range all {
			if v, ok := m.Values[highwater.AllocBytes]; ok && m.Outcome.Status == highwater.StatusOK {
				values = append(values, v)
			}
		}
		return values
	}
	for _, m := range exact(all) {
		switch {
		case c.Kind == KindMap:
			var sum int64
			for _, s := range m.Retained {
				sum += s.Bytes
			}
			values = append(values, float64(sum))
		case m.PeakParts != nil:
			values = append(values, float64(m.PeakParts.Heap+m.PeakParts.Stacks))
		}
	}
	return values
}

// difference is by how much less the one is than the other, nil with fewer than two of
// either.
func difference(before, after []float64) *highwater.Rate {
	if len(before) < 2 || len(after) < 2 {
		return nil
	}
	d := stat.Mean(before) - stat.Mean(after)
	nb, na := float64(len(before)), float64(len(after))
	vb, va := stat.Variance(before)/nb, stat.Variance(after)/na
	half := 0.0
	if vb+va > 0 {
		df := (vb + va) * (vb + va) / (vb*vb/(nb-1) + va*va/(na-1))
		half = stat.StudentQuantile((1+level)/2, df) * math.Sqrt(vb+va)
	}
	return &highwater.Rate{Center: d, Low: d - half, High: d + half}
}
