package memtest

import (
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/measure"
)

// Option says how a scenario is run or judged.
type Option func(*config)

// config is what the options add up to.
type config struct {
	scenario highwater.Scenario
	named    bool
	options  measure.Options
	strict   bool
	baseline string
	err      error
}

func (c *config) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// policy is how the scenario is judged.
func (c *config) policy() gate.Policy {
	return gate.Policy{
		Strict: c.strict,
		// A baseline file may hold the scenarios of other tests.
		Selected: func(id string) bool { return id == c.scenario.ID() },
	}
}

// Name tells several scenarios of one test apart. It is added to the test's
// name.
func Name(name string) Option {
	return func(c *config) { c.scenario.Name, c.named = name, true }
}

// Sessions is the number of live instances that the workload builds, by which
// memory is divided. The default is 1.
func Sessions(n int) Option {
	return func(c *config) {
		if n < 1 {
			c.fail(fmt.Errorf("Sessions(%d): want at least 1", n))
		}
		c.scenario.Sessions = n
	}
}

// Ops is how many operations M.Loop makes. The default is 100.
func Ops(n int) Option {
	return func(c *config) {
		if n < 1 {
			c.fail(fmt.Errorf("Ops(%d): want at least 1", n))
		}
		c.scenario.Ops = n
	}
}

// MaxPeak bounds the peak a session, by a size such as "3MB".
func MaxPeak(size string) Option { return maxSize(highwater.Peak, "MaxPeak", size) }

// MaxSustained bounds the sustained memory a session.
func MaxSustained(size string) Option { return maxSize(highwater.Sustained, "MaxSustained", size) }

// MaxRetained bounds what a session leaves behind after tear-down.
func MaxRetained(size string) Option { return maxSize(highwater.Retained, "MaxRetained", size) }

// MaxAlloc bounds the bytes allocated by an operation.
func MaxAlloc(size string) Option { return maxSize(highwater.AllocBytes, "MaxAlloc", size) }

// MaxGrowth bounds the growth of live memory with each operation.
func MaxGrowth(size string) Option { return maxSize(highwater.Growth, "MaxGrowth", size) }

// MaxAllocs bounds the number of allocations of an operation.
func MaxAllocs(n float64) Option { return limit(highwater.Allocs, n) }

// MaxGCPressure bounds the collector's effort, from 0 to 1.
func MaxGCPressure(pressure float64) Option { return limit(highwater.GCPressure, pressure) }

// MinEfficiency is the least share of the memory taken from the operating system
// that is live, from 0 to 1.
func MinEfficiency(share float64) Option { return limit(highwater.Efficiency, share) }

func maxSize(metric, option, size string) Option {
	return func(c *config) {
		n, err := highwater.ParseSize(size)
		if err != nil {
			c.fail(fmt.Errorf("%s: %w", option, err))
		}
		limit(metric, float64(n))(c)
	}
}

// limit sets the bound of a metric, in place of an earlier one.
func limit(metric string, bound float64) Option {
	return func(c *config) {
		c.scenario.Limits = highwater.MergeLimits(c.scenario.Limits, []highwater.Limit{{Metric: metric, Bound: bound}})
	}
}

// Strict holds the scenario to the strict limits instead of the standard ones.
func Strict() Option { return func(c *config) { c.strict = true } }

// NoBudget lifts the standard limits; those of other options remain.
func NoBudget() Option { return func(c *config) { c.scenario.NoBudget = true } }

// NoLeak fails the test when live memory grows with the operations: see
// docs/metrics.md for the rule.
func NoLeak() Option { return func(c *config) { c.scenario.NoLeak = true } }

// NoRegression compares with a baseline file, which belongs in version control.
// It is made, and after an intended change made anew, by running the test with
// HIGHWATER_UPDATE=1; a run that breaks a limit does not change it.
func NoRegression(file string) Option { return func(c *config) { c.baseline = file } }

// Repeats is how many processes of each kind to begin with. More are added where
// a verdict needs them.
func Repeats(n int) Option { return func(c *config) { c.options.Repeats = n } }

// Timeout ends a process that takes longer. The default is two minutes.
func Timeout(d time.Duration) Option { return func(c *config) { c.options.Timeout = d } }

// MaxMemory ends a process tree that takes more. The default is half of the
// machine's memory.
func MaxMemory(size string) Option {
	return func(c *config) {
		n, err := highwater.ParseSize(size)
		if err != nil {
			c.fail(fmt.Errorf("MaxMemory: %w", err))
		}
		c.options.MaxMemory = n
	}
}

// Env adds "NAME=value" settings to the environment of the scenario's processes.
func Env(settings ...string) Option {
	return func(c *config) { c.scenario.Env = append(c.scenario.Env, settings...) }
}

// Omit leaves out a kind of process that means nothing for the scenario, with
// the reason.
func Omit(pass highwater.Pass, reason string) Option {
	return func(c *config) {
		omit := map[highwater.Pass]string{pass: reason}
		for p, r := range c.scenario.Omit {
			omit[p] = r
		}
		c.scenario.Omit = omit
	}
}
