package history

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
	"golang.org/x/perf/benchfmt"
)

// benchResult collects the samples of one result.
type benchResult struct {
	key     highwater.SeriesKey
	point   highwater.Point
	bounded bool // the file says how sure the centre is
}

type benchFile struct {
	content string // a hash of all of it
	at      time.Time

	runs    []Run
	byID    map[string]int
	guessed map[string]bool // runs of which the file does not say when they were made
	results []*benchResult
	byKey   map[resultKey]*benchResult
	ignored int
}

type resultKey struct {
	run string
	key highwater.SeriesKey
}

// parseBench makes entries of a file in the benchmark format.
func parseBench(data []byte, at time.Time) ([]Entry, int, error) {
	sum := sha256.Sum256(data)
	f := &benchFile{
		content: hex.EncodeToString(sum[:8]), at: at.UTC().Truncate(time.Millisecond),
		byID: map[string]int{}, guessed: map[string]bool{}, byKey: map[resultKey]*benchResult{},
	}
	r := benchfmt.NewReader(bytes.NewReader(data), "the file")
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, 0, rec
		case *benchfmt.Result:
			if err := f.add(rec); err != nil {
				_, line := rec.Pos()
				return nil, 0, fmt.Errorf("line %d: %w", line, err)
			}
		}
	}
	if err := r.Err(); err != nil {
		return nil, 0, err
	}
	if len(f.results) == 0 {
		return nil, f.ignored, fmt.Errorf("no benchmark in it has a value in %s, %s or one of highwater's units; benchmarks have them with go test -benchmem", highwater.UnitBytesPerOp, highwater.UnitAllocsPerOp)
	}
	return f.entries(), f.ignored, nil
}

// add takes a line.
func (f *benchFile) add(b *benchfmt.Result) error {
	run, err := f.run(b)
	if err != nil {
		return err
	}
	for _, v := range b.Values {
		unit, value := v.Unit, v.Value
		if v.OrigUnit != "" {
			unit, value = v.OrigUnit, v.OrigValue
		}
		metric := metricOf(unit)
		if metric == "" {
			f.ignored++
			continue
		}
		key, err := benchKey(b, run, metric)
		if err != nil {
			return err
		}
		one := f.byKey[resultKey{run.ID, key}]
		if one == nil {
			if len(f.results) == maxBenchPoints {
				return fmt.Errorf("more than %d results; import it in parts, or as %s", maxBenchPoints, FormatJSON)
			}
			one = &benchResult{key: key, point: highwater.Point{Run: run.ID, Commit: run.Commit, Dirty: run.Dirty, At: run.At, Go: run.Go}}
			if err := one.bounds(b, metric); err != nil {
				return err
			}
			f.byKey[resultKey{run.ID, key}] = one
			f.results = append(f.results, one)
		}
		if len(one.point.Samples) == maxSamples {
			return fmt.Errorf("more than %d values of %s of %s", maxSamples, metric, key.Scenario)
		}
		one.point.Samples = append(one.point.Samples, value)
	}
	return nil
}

// run is the one that a line belongs to: that which the file names, or one for all
// lines of a commit in this file.
func (f *benchFile) run(b *benchfmt.Result) (Run, error) {
	id := b.GetConfig(keyRun)
	if id == "" {
		id = "bench-" + f.content
		if commit := b.GetConfig(keyCommit); commit != "" {
			sum := sha256.Sum256([]byte(commit))
			id += "-" + hex.EncodeToString(sum[:4])
		}
	}
	if i, ok := f.byID[id]; ok {
		return f.runs[i], nil
	}
	r := Run{
		ID: id, At: f.at, Tool: cmp.Or(b.GetConfig(keyTool), "go test -bench"), Module: b.GetConfig(keyModule),
		Commit: b.GetConfig(keyCommit), Branch: b.GetConfig(keyBranch), Dirty: b.GetConfig(keyDirty) == "true",
		Go: b.GetConfig(keyGo), GOOS: b.GetConfig("goos"), GOARCH: b.GetConfig("goarch"), Verdict: highwater.Verdict(b.GetConfig(keyVerdict)),
	}
	f.guessed[id] = true
	for _, key := range []string{keyTime, keyAt} {
		if text := b.GetConfig(key); text != "" {
			at, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return Run{}, fmt.Errorf("%s: %.80q is no time as in 2006-01-02T15:04:05Z", key, text)
			}
			r.At = at.UTC().Truncate(time.Millisecond)
			delete(f.guessed, id)
		}
	}
	f.byID[id] = len(f.runs)
	f.runs = append(f.runs, r)
	return r, nil
}

// benchKey is the series of a metric in a line. What go test measured is in an
// environment of its own: it was measured in another way than highwater does.
func benchKey(b *benchfmt.Result, run Run, metric string) (highwater.SeriesKey, error) {
	k := highwater.SeriesKey{
		Module: cmp.Or(b.GetConfig(keyModule), b.GetConfig(keyPackage)), Scenario: b.GetConfig(keyScenario), Metric: metric,
		Branch: run.Branch, Environment: b.GetConfig(keyEnvironment), Sessions: 1,
	}
	if text := b.GetConfig(keySessions); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return k, fmt.Errorf("%s: %.80q is no number", keySessions, text)
		}
		k.Sessions = n
	}
	if k.Scenario != "" && k.Environment != "" {
		k.Module, k.Branch = b.GetConfig(keyModule), b.GetConfig(keyBranch)
		return k, nil
	}
	name, parts := b.Name.Parts()
	k.Scenario = "Benchmark" + string(name)
	procs := "1"
	for i, p := range parts {
		if i == len(parts)-1 && len(p) > 0 && p[0] == '-' {
			procs = string(p[1:])
			continue
		}
		k.Scenario += string(p)
	}
	k.Scenario = strings.ReplaceAll(k.Scenario, "@", "_")
	if pkg := b.GetConfig(keyPackage); pkg != "" {
		k.Scenario = pkg + "/" + k.Scenario
	}
	k.Environment = fmt.Sprintf("%s/%s GOMAXPROCS=%s go test -bench", cmp.Or(run.GOOS, "unknown"), cmp.Or(run.GOARCH, "unknown"), procs)
	return k, nil
}

// bounds reads the interval and the limit, where the file is one of ours.
func (r *benchResult) bounds(b *benchfmt.Result, metric string) error {
	read := func(prefix string, to *float64) (bool, error) {
		text := b.GetConfig(prefix + metric)
		if text == "" {
			return false, nil
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return false, fmt.Errorf("%s%s: %.80q is no number", prefix, metric, text)
		}
		*to = v
		return true, nil
	}
	low, err := read(keyLow, &r.point.Low)
	if err != nil {
		return err
	}
	high, err := read(keyHigh, &r.point.High)
	if err != nil {
		return err
	}
	r.bounded = low && high
	var limit float64
	there, err := read(keyLimit, &limit)
	if there {
		r.point.Limit = &limit
	}
	return err
}

// entries completes what was collected: the centre is the median, and where nobody
// says how sure it is that follows from the samples alone.
func (f *benchFile) entries() []Entry {
	entries := make([]Entry, len(f.runs))
	for i, r := range f.runs {
		entries[i].Run, entries[i].guessed = r, f.guessed[r.ID]
	}
	for _, one := range f.results {
		p := one.point
		p.Center = stat.Median(p.Samples)
		if !one.bounded {
			p.Low, p.High = interval(p.Samples)
		}
		e := &entries[f.byID[p.Run]]
		e.Results = append(e.Results, Result{one.key, p})
	}
	for i := range entries {
		seen := map[string]bool{}
		for _, r := range entries[i].Results {
			seen[r.Key.Scenario] = true
		}
		entries[i].Run.Scenarios = len(seen)
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return len(e.Results) == 0 })
}

// interval is that of the median, and as long as there are too few samples for one,
// which is fewer than six, what they lie between.
func interval(samples []float64) (low, high float64) {
	i := stat.MedianInterval(samples)
	if math.IsInf(i.Low, 0) || math.IsInf(i.High, 0) {
		return slices.Min(samples), slices.Max(samples)
	}
	return i.Low, i.High
}
