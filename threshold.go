package highwater

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Threshold is how much worse than its reference a metric may become. A change
// counts only when it passes both parts: Relative, a ratio of the reference
// (0.10 is ten percent), and Floor, in the metric's own unit; the floor of a metric
// that is divided by sessions is of the whole process (see [Metric.Applied]). The
// zero Threshold judges nothing.
type Threshold struct {
	Relative float64
	Floor    float64
}

// IsZero reports whether the threshold judges nothing.
func (t Threshold) IsZero() bool { return t == Threshold{} }

// Allowance is how far above (or, for metrics of which more is better, below)
// reference a value may be, in the metric's unit.
func (t Threshold) Allowance(reference float64) float64 {
	return math.Max(t.Relative*math.Abs(reference), t.Floor)
}

// ParseThreshold reads a threshold. Its grammar:
//
//	threshold = relative [ "|" floor ] .
//	relative  = number "%" .
//	floor     = number [ unit ] .     // unit as in [ParseSize]
//
// as in 10% and 10%|64KiB.
func ParseThreshold(s string) (Threshold, error) {
	fail := func() (Threshold, error) {
		return Threshold{}, fmt.Errorf("threshold %q: want a percentage with an optional floor, such as 10%% or 10%%|64KiB", s)
	}
	rel, floor, both := strings.Cut(s, "|")
	number, ok := strings.CutSuffix(strings.TrimSpace(rel), "%")
	if !ok {
		return fail()
	}
	percent, err := parseNumber(strings.TrimSpace(number))
	if err != nil || percent > maxPercent {
		return fail()
	}
	t := Threshold{Relative: percent / 100}
	if both {
		// Floors of counts and ratios are plain numbers and may have a fraction,
		// which ParseSize would round away.
		if f, err := parseNumber(strings.TrimSpace(floor)); err == nil {
			t.Floor = f
		} else if n, err := ParseSize(floor); err == nil {
			t.Floor = float64(n)
		} else {
			return fail()
		}
	}
	return t, nil
}

// maxPercent is beyond any use, and far from where a ratio could not be written
// any more.
const maxPercent = 1e9

// String renders the threshold so that [ParseThreshold] reads it back.
func (t Threshold) String() string {
	// Without exponents, which the grammar does not have. Rounding hides what
	// the multiplication adds: 0.07*100 is 7.000000000000001.
	s := strconv.FormatFloat(math.Round(t.Relative*1e11)/1e9, 'f', -1, 64) + "%"
	if t.Floor > 0 {
		s += "|" + strconv.FormatFloat(t.Floor, 'f', -1, 64)
	}
	return s
}

// MarshalText and UnmarshalText let thresholds stand in configuration files.
func (t Threshold) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText is ParseThreshold.
func (t *Threshold) UnmarshalText(b []byte) error {
	v, err := ParseThreshold(string(b))
	if err == nil {
		*t = v
	}
	return err
}

// Limit is an absolute bound on a metric of a scenario: the most it may be, or
// for metrics of which more is better the least.
type Limit struct {
	Metric string  `json:"metric"`
	Bound  float64 `json:"bound"` // in the metric's unit

	// Reason says why this scenario needs a bound other than the standard one.
	// Reports show it. Empty for the standard limits.
	Reason string `json:"reason,omitempty"`
}

// StandardLimits are the bounds that a scenario is held to unless it or the
// configuration says otherwise.
func StandardLimits() []Limit {
	return append([]Limit{
		{Metric: Peak, Bound: 3e6},
		{Metric: Sustained, Bound: 2.5e6},
		{Metric: GCPressure, Bound: 0.8},
	}, leftoverLimits...)
}

// StrictLimits are the bounds under --strict.
func StrictLimits() []Limit {
	return append([]Limit{
		{Metric: Peak, Bound: 2.5e6},
		{Metric: Sustained, Bound: 2e6},
		{Metric: GCPressure, Bound: 0.6},
	}, leftoverLimits...)
}

// BaseLimits are the bounds that hold for a scenario before its own and the
// configuration's are put over them.
func (s ScenarioInfo) BaseLimits(strict bool) []Limit {
	switch {
	case s.NoBudget:
		return nil
	case strict:
		return StrictLimits()
	default:
		return StandardLimits()
	}
}

// MergeLimits returns base with the limits of over in place of those on the same
// metrics, and the rest of over after them.
func MergeLimits(base, over []Limit) []Limit {
	merged := slices.Clone(base)
	for _, l := range over {
		i := slices.IndexFunc(merged, func(m Limit) bool { return m.Metric == l.Metric })
		if i < 0 {
			merged = append(merged, l)
		} else {
			merged[i] = l
		}
	}
	return merged
}

// leftoverLimits hold what a scenario leaves behind after tear-down. The
// retained bound allows for tables and caches that a program builds once, on
// first use.
var leftoverLimits = []Limit{
	{Metric: Retained, Bound: 250e3},
	{Metric: Goroutines, Bound: 0},
	{Metric: FDs, Bound: 0},
	{Metric: Children, Bound: 0},
}
