package history

import (
	"fmt"
	"math"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/store"
)

// Bounds on what is stored, whoever made it.
const (
	maxName    = 1024    // bytes of a name
	maxKey     = 8 << 10 // and of an environment, which may hold a long GODEBUG
	maxSamples = 10_000
	maxValue   = 1e24 // no address space is near it
)

// The years in which a run can have been made: a time outside of them is a mistake,
// and would stand alone at one end of every chart.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

func (e Entry) check() error {
	if err := e.Run.check(); err != nil {
		return err
	}
	for _, r := range e.Results {
		if err := checkKey(r.Key); err != nil {
			return err
		}
		if err := checkPoint(r.Point); err != nil {
			return fmt.Errorf("%s of %s: %w", r.Key.Metric, r.Key.Scenario, err)
		}
		if r.Point.Run != e.Run.ID {
			return fmt.Errorf("a result of run %q among those of %q", r.Point.Run, e.Run.ID)
		}
	}
	return nil
}

func (r Run) check() error {
	if err := store.ValidID(r.ID); err != nil {
		return fmt.Errorf("run: %w", err)
	}
	if r.At.Before(earliest) || r.At.After(latest) {
		return fmt.Errorf("run %s: it says that it was made at %s", r.ID, r.At.Format(time.RFC3339))
	}
	if r.Scenarios < 0 || r.Errors < 0 {
		return fmt.Errorf("run %s: it says that it has %d scenarios and %d errors", r.ID, r.Scenarios, r.Errors)
	}
	for what, text := range map[string]string{
		"tool": r.Tool, "module": r.Module, "commit": r.Commit, "branch": r.Branch, "go": r.Go, "goos": r.GOOS, "goarch": r.GOARCH, "verdict": string(r.Verdict),
	} {
		if err := checkText(text, maxName); err != nil {
			return fmt.Errorf("run %s: %s: %w", r.ID, what, err)
		}
	}
	return nil
}

func checkKey(k highwater.SeriesKey) error {
	switch {
	case k.Scenario == "":
		return fmt.Errorf("a result without a scenario")
	case k.Metric == "":
		return fmt.Errorf("a result of %q without a metric", k.Scenario)
	case k.Environment == "":
		return fmt.Errorf("%s of %q: it does not say in which environment it was measured", k.Metric, k.Scenario)
	case k.Sessions < 1:
		return fmt.Errorf("%s of %q: %d sessions, want at least 1", k.Metric, k.Scenario, k.Sessions)
	}
	for what, text := range map[string]string{"module": k.Module, "scenario": k.Scenario, "metric": k.Metric, "branch": k.Branch} {
		if err := checkText(text, maxName); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	if err := checkText(k.Environment, maxKey); err != nil {
		return fmt.Errorf("environment: %w", err)
	}
	return nil
}

func checkPoint(p highwater.Point) error {
	values := append([]float64{p.Center, p.Low, p.High}, p.Samples...)
	if p.Limit != nil {
		values = append(values, *p.Limit)
	}
	for _, v := range values {
		if math.IsNaN(v) || math.Abs(v) >= maxValue {
			return fmt.Errorf("%v cannot be a figure", v)
		}
	}
	switch {
	case p.Low > p.Center || p.Center > p.High:
		return fmt.Errorf("the centre %v lies outside of its interval, %v to %v", p.Center, p.Low, p.High)
	case len(p.Samples) > maxSamples:
		return fmt.Errorf("%d samples, at most %d are kept", len(p.Samples), maxSamples)
	}
	return nil
}

// checkText refuses what no name has, and what one of the databases would not take.
func checkText(s string, most int) error {
	switch {
	case len(s) > most:
		return fmt.Errorf("text of %d bytes, at most %d are kept", len(s), most)
	case !utf8.ValidString(s):
		return fmt.Errorf("%.80q is not UTF-8", s)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("%.80q holds control characters", s)
		}
	}
	return nil
}
