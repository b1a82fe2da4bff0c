package target

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/highwater-dev/highwater/internal/overlay"
)

// BenchOutput reads what a test binary prints while it runs benchmarks, as it is
// printed. The benchmarks' own output may stand anywhere in it, also between a
// result and its name.
type BenchOutput struct {
	mu      sync.Mutex
	line    []byte
	running string   // by full name, with -test.v
	printed tail     // since the last top-level benchmark began
	ran     []string // all that was begun, with -test.v
	begun   []string // top-level benchmarks, below their wrapper
	results []BenchResult
	failed  map[string]string // what was printed, by full name
	skipped []string
	ended   bool // testing has said PASS or FAIL
}

// BenchResult is a result line of package testing.
type BenchResult struct {
	// Name is that of the benchmark that was running, in full. Without -test.v it is
	// what stands before the result, with the number of processors, or "" where the
	// benchmark's own output came between.
	Name    string
	Seconds float64
	Bytes   float64 // per operation, as are the others
	Allocs  float64
}

// result is how a result line ends, with -test.benchmem. Of a value of 0 ns/op
// testing prints none.
var result = regexp.MustCompile(`(\d+)\t(?:.*?([0-9.]+) ns/op)?.*?([0-9]+) B/op\t *([0-9]+) allocs/op`)

// longestLine bounds how much of one line is kept.
const longestLine = 64 << 10

// Write takes the next piece of output.
func (o *BenchOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(p)
	for {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			break
		}
		o.take(append(o.line, p[:end]...))
		o.line, p = o.line[:0], p[end+1:]
	}
	if len(o.line) < longestLine {
		o.line = append(o.line, p...)
	}
	return n, nil
}

// framing stands before what testing itself says under -test.v=test2json, so that
// no benchmark can be taken for it.
const framing = "\x16"

func (o *BenchOutput) take(line []byte) {
	text := string(line)
	if _, name, ok := strings.Cut(text, framing+"=== RUN   "); ok {
		o.running = strings.TrimSpace(name)
		o.ran = append(o.ran, o.running)
		if strings.Count(o.running, "/") == 1 {
			o.begun = append(o.begun, o.running)
			o.printed = tail{max: stderrKept}
		}
		return
	}
	if _, name, ok := strings.Cut(text, framing+"--- FAIL: "); ok {
		if o.failed == nil {
			o.failed = map[string]string{}
		}
		o.failed[o.known(name)] = o.printed.String()
		return
	}
	if _, name, ok := strings.Cut(text, framing+"--- SKIP: "); ok {
		o.skipped = append(o.skipped, o.known(name))
		return
	}
	if verdict := strings.TrimPrefix(text, framing); verdict == "PASS" || verdict == "FAIL" {
		o.ended = true
	}
	if o.printed.max > 0 && !strings.HasPrefix(text, framing) {
		_, _ = o.printed.Write(append(line, '\n'))
	}
	m := result.FindStringSubmatch(text)
	if m == nil {
		return
	}
	r := BenchResult{Name: o.running}
	if fields := strings.Fields(text); r.Name == "" && strings.HasPrefix(fields[0], "Benchmark") {
		r.Name = fields[0]
	}
	if m[2] != "" {
		ns, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return
		}
		r.Seconds = ns / 1e9
	}
	var err error
	if r.Bytes, err = strconv.ParseFloat(m[3], 64); err != nil {
		return
	}
	if r.Allocs, err = strconv.ParseFloat(m[4], 64); err != nil {
		return
	}
	o.results = append(o.results, r)
}

// known takes the number of processors off a name, which testing adds to those of
// a benchmark's later calls.
func (o *BenchOutput) known(name string) string {
	name = strings.TrimSpace(name)
	if strings.HasPrefix(name, o.running+"-") {
		return o.running
	}
	return name
}

// Of returns the result of the benchmark of a scenario. A pattern for one selects
// also those whose names continue its own with a slash.
func Of(results []BenchResult, scenario string) (BenchResult, bool) {
	for _, r := range results {
		name, _ := overlay.Unwrap(r.Name)
		name = scenarioName(name)
		rest, ok := strings.CutPrefix(name, scenario)
		if ok && (rest == "" || processors.MatchString(rest)) {
			return r, true
		}
	}
	if len(results) == 1 {
		return results[0], true
	}
	return BenchResult{}, false
}

// processors is what testing adds to the name of a benchmark.
var processors = regexp.MustCompile(`^-[0-9]+$`)

// Results are the results so far.
func (o *BenchOutput) Results() []BenchResult {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.results
}
