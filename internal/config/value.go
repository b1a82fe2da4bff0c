package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// ParseDuration reads a Go duration (90s, 1h30m) or bare seconds (90, 0.5). It
// must be more than nothing and at most a year.
func ParseDuration(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	d, err := time.ParseDuration(s)
	if seconds, numErr := parseNumber(s); numErr == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
		if seconds > maxDuration.Seconds() {
			d = maxDuration + 1
		}
	}
	switch {
	case err != nil:
		return 0, fmt.Errorf("duration %q: want seconds or a duration with units, such as 90, 90s or 1h30m", s)
	case d <= 0:
		return 0, fmt.Errorf("duration %q: must be more than zero", s)
	case d > maxDuration:
		return 0, fmt.Errorf("duration %q: must be at most %v", s, maxDuration)
	}
	return d, nil
}

const maxDuration = 365 * 24 * time.Hour

// ParseBool reads true or false, in the spellings that YAML and shells use.
func ParseBool(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "on", "1":
		return true, nil
	case "false", "no", "off", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q: want true or false", s)
}

// ParseSeverity reads warning or critical.
func ParseSeverity(s string) (highwater.Severity, error) {
	switch v := highwater.Severity(strings.ToLower(strings.TrimSpace(s))); v {
	case highwater.SeverityWarning, highwater.SeverityCritical:
		return v, nil
	}
	return "", fmt.Errorf("severity %q: want warning or critical", s)
}

// parseCount reads a whole number between low and high.
func parseCount(s string, low, high int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%q: want a whole number from %d to %d", s, low, high)
	}
	return n, nil
}

// Benchtime is how long a benchmark runs: a number of operations, or a time that
// is made one once.
type Benchtime struct {
	Ops  int
	Time time.Duration
}

// String is what ParseBenchtime reads.
func (b Benchtime) String() string {
	if b.Ops > 0 {
		return strconv.Itoa(b.Ops) + "x"
	}
	return b.Time.String()
}

// ParseBenchtime reads what go test -benchtime takes: 1000x or 2s.
func ParseBenchtime(s string) (Benchtime, error) {
	s = strings.TrimSpace(s)
	if digits, ok := strings.CutSuffix(s, "x"); ok {
		if n, err := strconv.Atoi(digits); err == nil && n > 0 {
			return Benchtime{Ops: n}, nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d > 0 && d <= maxBenchtime {
		return Benchtime{Time: d}, nil
	}
	return Benchtime{}, fmt.Errorf("%q: want a number of operations and an x, such as 100x, or a time of at most %v, such as 1s", s, maxBenchtime)
}

// maxBenchtime is well within the deadline of a process.
const maxBenchtime = time.Minute

// minMaxMemory is the least memory ceiling that makes sense: an idle Go process
// is a few megabytes, so that a lower one would end every scenario at once.
const minMaxMemory = 16 << 20

func parseMaxMemory(s string) (int64, error) {
	n, err := highwater.ParseSize(s)
	if err == nil && n < minMaxMemory {
		err = fmt.Errorf("size %q: a Go process needs at least 16MiB", s)
	}
	return n, err
}

// Bound is a configured limit. None takes a limit away that a less specific
// place sets.
type Bound struct {
	Value float64 // in the metric's unit
	None  bool
	Line  int // where it stands
}

// none is what takes a limit or threshold away.
const none = "none"

// parseBound reads a limit on m, in the way that m's unit is written.
func parseBound(m highwater.Metric, s string) (Bound, error) {
	if strings.EqualFold(strings.TrimSpace(s), none) {
		return Bound{None: true}, nil
	}
	switch m.Unit {
	case highwater.UnitBytesPerSession, highwater.UnitBytes, highwater.UnitBytesPerOp:
		n, err := highwater.ParseSize(s)
		if err != nil {
			return Bound{}, err
		}
		switch {
		case n > 0:
		case m.Name == highwater.Peak, m.Name == highwater.Sustained, m.Name == highwater.Footprint:
			return Bound{}, fmt.Errorf("%q: no program can keep within a %s of zero", s, m.Name)
		}
		return Bound{Value: float64(n)}, nil
	case highwater.UnitRatio:
		v, err := parseNumber(s)
		if err != nil || v > 1 {
			return Bound{}, fmt.Errorf("%q: want a ratio, a number from 0 to 1, such as 0.8", s)
		}
		return Bound{Value: v}, nil
	case highwater.UnitCount:
		n, err := parseCount(s, 0, math.MaxInt32)
		if err != nil {
			return Bound{}, fmt.Errorf("%q: want a count, a whole number from 0 up", s)
		}
		return Bound{Value: float64(n)}, nil
	default:
		v, err := parseNumber(s)
		if err != nil {
			return Bound{}, fmt.Errorf("%q: want a number of %s", s, m.Unit)
		}
		return Bound{Value: v}, nil
	}
}

// parseThreshold reads a threshold on m, or "none".
func parseThreshold(m highwater.Metric, s string) (highwater.Threshold, error) {
	switch {
	case m.Exact:
		return highwater.Threshold{}, fmt.Errorf("%s is an exact count: any increase is a regression, and it takes no threshold; set a limit instead", m.Name)
	case strings.EqualFold(strings.TrimSpace(s), none):
		return highwater.Threshold{}, nil
	}
	t, err := highwater.ParseThreshold(s)
	switch {
	case err != nil:
		return t, err
	case t.IsZero():
		return t, fmt.Errorf("threshold %q: would judge every change of noise; write %s to judge none", s, none)
	}
	return t, nil
}

// parseNumber accepts plain decimal numbers only: ParseFloat alone would also
// take hexadecimal floats, infinities, signs and underscores.
func parseNumber(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789.") != "" {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && math.IsInf(v, 0) {
		err = fmt.Errorf("%q is too large", s)
	}
	return v, err
}
