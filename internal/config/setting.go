package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// Settings are what can be said in the file, in an environment of the file, in
// a HIGHWATER_… variable and by a flag, in the same words. A nil field was not
// said.
type Settings struct {
	Scenarios         []string // what runs when nothing is named
	Packages          []string
	Bench             *string // pattern, as go test -bench takes it
	Tests             *string // patterns, as go test -run takes them
	Examples          *string
	Benchtime         *Benchtime
	Tags              []string
	Race              *bool
	CPU               []string // numbers of processors
	Engines           []string
	Strict            *bool
	Baseline          *string
	FailOn            *highwater.Severity
	AllowInconclusive *bool
	AllowMissing      *bool
	AllowMismatch     *bool
	Repeats           *int
	MaxRepeats        *int
	Timeout           *time.Duration
	MaxMemory         *int64
	Time              *time.Duration
	MemoryTime        *time.Duration
	Jobs              *int
	Growth            *float64 // percent an hour
	MemoryThreshold   *int64
	SlowDown          *float64 // percent
	Store             *string  // path or address of the history
}

// Over returns s with everything that it leaves unsaid taken from below.
func (s Settings) Over(below Settings) Settings {
	for _, d := range All() {
		d.inherit(&s, &below)
	}
	return s
}

// kind is how a setting is written.
type kind int

const (
	kindText kind = iota
	kindList
	kindBool
	kindCount
	kindDuration
	kindSize
	kindSeverity
	kindOps
	kindCounts
)

// Setting describes one of the [Settings].
type Setting struct {
	Name string // in the file: max_memory
	Doc  string // one sentence, for the help and the schema

	kind    kind
	set     func(*Settings, []string) error
	inherit func(s, below *Settings)
}

// Variable is the environment variable's name: HIGHWATER_MAX_MEMORY.
func (d Setting) Variable() string { return prefix + strings.ToUpper(d.Name) }

// Flag is the flag's name: max-memory.
func (d Setting) Flag() string { return strings.ReplaceAll(d.Name, "_", "-") }

// Bool reports whether the setting is true or false.
func (d Setting) Bool() bool { return d.kind == kindBool }

// List reports whether the setting has several values.
func (d Setting) List() bool { return d.kind == kindList || d.kind == kindCounts }

// Value names what the setting takes, for a flag's help.
func (d Setting) Value() string {
	return [...]string{kindText: "name", kindList: "name", kindBool: "", kindCount: "n", kindDuration: "duration", kindSize: "size", kindSeverity: "severity", kindOps: "N", kindCounts: "n"}[d.kind]
}

// Set says the setting in s. Anything but a list has one value.
func (d Setting) Set(s *Settings, values ...string) error { return d.set(s, values) }

// ByName returns the setting with that name in the file.
func ByName(name string) (Setting, bool) {
	for _, d := range All() {
		if d.Name == name {
			return d, true
		}
	}
	return Setting{}, false
}

// All lists the settings in the order in which help and schema show them.
func All() []Setting { return settings }

var settings = []Setting{
	list("scenarios", "patterns of the scenarios that run when nothing is named, such as terminal_operations or terminal_operations/scroll*",
		func(s *Settings) *[]string { return &s.Scenarios }, checkPattern),
	list("packages", "Go package patterns whose benchmarks and memtest scenarios run when nothing is named, such as ./...",
		func(s *Settings) *[]string { return &s.Packages }, nil),
	single("bench", "measure the benchmarks of packages that match this pattern, in the syntax of go test -bench; ^$ for none, all if unset", kindText,
		func(s *Settings) **string { return &s.Bench }, notEmpty),
	single("tests", "measure also the tests of packages that match this pattern, in the syntax of go test -run; none if unset", kindText,
		func(s *Settings) **string { return &s.Tests }, notEmpty),
	single("examples", "measure also the examples of packages that match this pattern and have an output; none if unset", kindText,
		func(s *Settings) **string { return &s.Examples }, notEmpty),
	single("benchtime", "operations of each benchmark and an x, such as 1000x, or a time, such as 1s, for as many as take about that long; as many as in the baseline, or else as take a tenth of a second, if unset", kindOps,
		func(s *Settings) **Benchtime { return &s.Benchtime }, ParseBenchtime),
	list("tags", "build tags of packages, as the go command takes them",
		func(s *Settings) *[]string { return &s.Tags }, checkTag),
	single("race", "build packages with the race detector: the figures are of a variant of their own, and no limit is held to them", kindBool,
		func(s *Settings) **bool { return &s.Race }, ParseBool),
	counts("cpu", "GOMAXPROCS of benchmarks in the natural pass, each number a variant of the benchmark; the user's own if unset",
		func(s *Settings) *[]string { return &s.CPU }),
	list("engine", "engines to run the scenarios over, for suites that have a choice of them, or all; each suite's first if unset",
		func(s *Settings) *[]string { return &s.Engines }, nil),
	single("strict", "hold to the strict limits: 2.5 MB peak, 2 MB sustained, 0.6 GC pressure", kindBool,
		func(s *Settings) **bool { return &s.Strict }, ParseBool),
	single("baseline", "file, directory or name of the baseline to compare with", kindText,
		func(s *Settings) **string { return &s.Baseline }, notEmpty),
	single("fail_on", "the least severity that fails the gate: warning or critical", kindSeverity,
		func(s *Settings) **highwater.Severity { return &s.FailOn }, ParseSeverity),
	single("allow_inconclusive", "pass when the repeats could not settle something", kindBool,
		func(s *Settings) **bool { return &s.AllowInconclusive }, ParseBool),
	single("allow_missing", "pass when a scenario of the baseline was not run", kindBool,
		func(s *Settings) **bool { return &s.AllowMissing }, ParseBool),
	single("allow_mismatch", "compare also what was measured under other conditions than the baseline", kindBool,
		func(s *Settings) **bool { return &s.AllowMismatch }, ParseBool),
	single("repeats", "fresh processes of each pass to begin with, one natural, three collector and two exact ones if unset; more are added while something is inconclusive", kindCount,
		func(s *Settings) **int { return &s.Repeats }, repeats),
	single("max_repeats", "the most fresh processes of each pass that may be spent on what is inconclusive, 10 if unset", kindCount,
		func(s *Settings) **int { return &s.MaxRepeats }, repeats),
	single("timeout", "deadline of one scenario's process, 2m if unset", kindDuration,
		func(s *Settings) **time.Duration { return &s.Timeout }, ParseDuration),
	single("max_memory", "memory ceiling of one scenario's process tree, half of the machine's or container's if unset", kindSize,
		func(s *Settings) **int64 { return &s.MaxMemory }, parseMaxMemory),
	single("time", "least length of the loop in the natural and collector passes, the scenario's own number of operations if unset", kindDuration,
		func(s *Settings) **time.Duration { return &s.Time }, ParseDuration),
	single("memory_time", "least length of the loop in the exact pass, the scenario's own number of operations if unset", kindDuration,
		func(s *Settings) **time.Duration { return &s.MemoryTime }, ParseDuration),
	single("jobs", "exact and collector processes that run at once, one for each CPU if unset; natural ones always run alone", kindCount,
		func(s *Settings) **int { return &s.Jobs }, repeats),
	single("growth", "percent an hour by which live memory may grow in a soak, such as 10%; that if unset, 5% under strict, 0% for no limit", kindText,
		func(s *Settings) **float64 { return &s.Growth }, parsePercent),
	single("memory_threshold", "size by which live memory may grow in a soak after its warm-up, such as 10MB; no limit if unset", kindSize,
		func(s *Settings) **int64 { return &s.MemoryThreshold }, parseGrown),
	single("slow_down", "percent by which throughput or latency may get worse in a soak, 25% if unset, 0% for no limit", kindText,
		func(s *Settings) **float64 { return &s.SlowDown }, parsePercent),
	single("store", "history that judged runs are added to, and that trends are of: the path of an SQLite file, or postgres://USER@HOST/DATABASE; runs are added to none if unset", kindText,
		func(s *Settings) **string { return &s.Store }, notEmpty),
}

func single[T any](name, doc string, k kind, field func(*Settings) **T, parse func(string) (T, error)) Setting {
	return Setting{
		Name: name, Doc: doc, kind: k,
		set: func(s *Settings, values []string) error {
			if len(values) != 1 {
				return fmt.Errorf("want one value, not %d", len(values))
			}
			v, err := parse(values[0])
			if err == nil {
				*field(s) = &v
			}
			return err
		},
		inherit: func(s, below *Settings) {
			if *field(s) == nil {
				*field(s) = *field(below)
			}
		},
	}
}

func list(name, doc string, field func(*Settings) *[]string, check func(string) error) Setting {
	return Setting{
		Name: name, Doc: doc, kind: kindList,
		set: func(s *Settings, values []string) error {
			for _, v := range values {
				if strings.TrimSpace(v) == "" {
					return fmt.Errorf("an entry is empty")
				}
				if check != nil {
					if err := check(v); err != nil {
						return err
					}
				}
			}
			*field(s) = append([]string{}, values...)
			return nil
		},
		inherit: func(s, below *Settings) {
			if *field(s) == nil {
				*field(s) = *field(below)
			}
		},
	}
}

// counts is a list of whole numbers.
func counts(name, doc string, field func(*Settings) *[]string) Setting {
	d := list(name, doc, field, func(s string) error {
		_, err := repeats(s)
		return err
	})
	d.kind = kindCounts
	return d
}

func notEmpty(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", fmt.Errorf("is empty")
	}
	return s, nil
}

// checkTag reports a build tag that the go command would take for something else.
func checkTag(s string) error {
	if strings.ContainsAny(s, " ,\t\n") {
		return fmt.Errorf("tag %q: want one tag an entry", s)
	}
	return nil
}

func parsePercent(s string) (float64, error) {
	t, err := highwater.ParseThreshold(s)
	if err != nil || t.Floor > 0 {
		return 0, fmt.Errorf("%q: want a percentage, such as 10%%", s)
	}
	return 100 * t.Relative, nil
}

func parseGrown(s string) (int64, error) {
	n, err := highwater.ParseSize(s)
	if err == nil && n <= 0 {
		err = fmt.Errorf("%q: want a size above 0, such as 10MB", s)
	}
	return n, err
}

func repeats(s string) (int, error) { return parseCount(s, 1, 1000) }
