package probe

import (
	"fmt"
	"net/url"
	"os"
	"strconv"
	"time"
)

// EnvSpec names the environment variable that makes a process a measured one,
// EnvBench the one for a process that runs a benchmark, and EnvProgram the one for
// a program that is measured as a whole. They differ because a test binary may
// hold both memtest, which takes the first, and benchmarks, and a program may be
// highwater itself.
const (
	EnvSpec    = "HIGHWATER_PROBE"
	EnvBench   = "HIGHWATER_PROBE_BENCH"
	EnvProgram = "HIGHWATER_PROBE_PROGRAM"
)

// Spec is what highwater tells a measured process, in one environment variable.
type Spec struct {
	Socket   string        // Unix socket to report to
	Scenario string        // which scenario to run
	Pass     string        // exact, natural, collector, soak or live
	MinTime  time.Duration // shortest length of the loop, 0 for its own number of operations
	Interval time.Duration // between the checkpoints of a soak
	High     int64         // live bytes at which to send an early profile, 0 for never
	Compared bool          // the figures are to be compared with those of other runs
	List     bool          // report the scenarios that would run, and run none

	// Restore holds the values that variables had before highwater set them for
	// this process; "" with Unset for those it did not have.
	Restore map[string]string
	Unset   []string
}

// Encode returns the value for EnvSpec.
func (s Spec) Encode() string {
	v := url.Values{}
	v.Set("socket", s.Socket)
	v.Set("scenario", s.Scenario)
	v.Set("pass", s.Pass)
	v.Set("mintime", s.MinTime.String())
	v.Set("interval", s.Interval.String())
	v.Set("high", strconv.FormatInt(s.High, 10))
	v.Set("compared", strconv.FormatBool(s.Compared))
	v.Set("list", strconv.FormatBool(s.List))
	for k, val := range s.Restore {
		v.Set("env."+k, val)
	}
	for _, k := range s.Unset {
		v.Add("unset", k)
	}
	return v.Encode()
}

// restorable are the variables that a spec may restore. The spec is taken from
// the environment, so this guards against nothing but mistakes.
var restorable = []string{"GODEBUG", "GOGC", "GOMAXPROCS", "GOMEMLIMIT", "GOTRACEBACK"}

// FromEnvironment returns the spec of this process, and false when highwater
// did not start it. It takes the spec out of the environment and restores the
// variables that highwater changed, so that the processes which the workload
// starts inherit neither.
func FromEnvironment() (Spec, bool, error) { return fromVariable(EnvSpec) }

func fromVariable(name string) (Spec, bool, error) {
	text, ok := os.LookupEnv(name)
	if !ok {
		return Spec{}, false, nil
	}
	s, err := decodeSpec(text)
	if err != nil {
		return Spec{}, true, err
	}
	_ = os.Unsetenv(name)
	for _, k := range s.Unset {
		_ = os.Unsetenv(k)
	}
	for k, v := range s.Restore {
		_ = os.Setenv(k, v)
	}
	return s, true, nil
}

func decodeSpec(text string) (Spec, error) {
	v, err := url.ParseQuery(text)
	if err != nil {
		return Spec{}, fmt.Errorf("%s: %w", EnvSpec, err)
	}
	s := Spec{Socket: v.Get("socket"), Scenario: v.Get("scenario"), Pass: v.Get("pass"), Restore: map[string]string{}}
	if s.MinTime, err = time.ParseDuration(v.Get("mintime")); err != nil {
		return Spec{}, fmt.Errorf("%s: mintime: %w", EnvSpec, err)
	}
	if s.Interval, err = time.ParseDuration(v.Get("interval")); err != nil {
		return Spec{}, fmt.Errorf("%s: interval: %w", EnvSpec, err)
	}
	if s.High, err = strconv.ParseInt(v.Get("high"), 10, 64); err != nil {
		return Spec{}, fmt.Errorf("%s: high: %w", EnvSpec, err)
	}
	s.List, s.Compared = v.Get("list") == "true", v.Get("compared") == "true"
	for _, k := range restorable {
		if v.Has("env." + k) {
			s.Restore[k] = v.Get("env." + k)
		}
	}
	for _, k := range v["unset"] {
		for _, r := range restorable {
			if k == r {
				s.Unset = append(s.Unset, k)
			}
		}
	}
	if s.Socket == "" {
		return Spec{}, fmt.Errorf("%s: no socket", EnvSpec)
	}
	return s, nil
}
