package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// TraceWriter writes what a process allocates as it does: as text, a line for each site
// and look, or as a line of JSON each.
type TraceWriter struct {
	w       io.Writer
	json    bool
	verbose bool
	o       LookOptions
	numbers map[string]int // of sites that were told with their stack
}

// NewTraceWriter returns one that writes to w. Verbose writes the whole stack the first
// time that a site is told.
func NewTraceWriter(w io.Writer, asJSON, verbose bool, o LookOptions) *TraceWriter {
	return &TraceWriter{w: w, json: asJSON, verbose: verbose, o: o, numbers: map[string]int{}}
}

// cost says what sampling at a rate costs a program, as `go run ./internal/cmd/overhead -rate
// N` measures it of twelve programs: nothing for one that computes, most for one that makes
// small objects and does little else.
func cost(rate int) string {
	switch {
	case rate <= 1:
		return "every allocation is counted: a program that allocates much takes 2 to 42 times as long"
	case rate <= 4096:
		return "a program that allocates much takes up to 2.8 times as long"
	case rate <= 64<<10:
		return "a program that allocates much takes up to 16 % longer"
	}
	return "which costs nothing that could be measured"
}

// Begin says what is traced, and what that costs the program. Now says that its memory is
// read, so that all until now is counted, and not only what was there at a collection.
func (t *TraceWriter) Begin(of string, rate int, now bool, interval time.Duration) error {
	if t.json {
		return t.line(map[string]any{"type": "begin", "name": of, "profile_rate": rate, "interval_ns": interval, "until_now": now, "cost": cost(rate)})
	}
	as := ""
	if !now {
		as = "; its memory is not read, so that allocations are told when a collection has published them"
	}
	_, err := fmt.Fprintf(t.w, "tracing %s: %s; %s%s\n", name(of), sampled(rate), cost(rate), as)
	return err
}

// Again says whose trace follows, one that is over.
func (t *TraceWriter) Again(trace highwater.Trace) error {
	if t.json {
		return t.line(map[string]any{"type": "begin", "name": trace.Name, "profile_rate": trace.Rate})
	}
	_, err := fmt.Fprintf(t.w, "trace of %s, %s long: %s\n", name(trace.Name), span(trace.Took), sampled(trace.Rate))
	return err
}

// sampled words a profile rate.
func sampled(rate int) string {
	if rate <= 1 {
		return "every allocation"
	}
	return fmt.Sprintf("one sample in %s", bytes(int64(rate)))
}

// Allocations tells those above the threshold.
func (t *TraceWriter) Allocations(begun time.Time, all []live.Allocation) error {
	for _, a := range all {
		if a.Bytes < t.o.Threshold || !t.o.keeps(a.Site.Where, a.Site.Stack) {
			continue
		}
		if err := t.allocation(begun, a); err != nil {
			return err
		}
	}
	return nil
}

func (t *TraceWriter) allocation(begun time.Time, a live.Allocation) error {
	key := a.Site.Fingerprint + a.Site.Where.Place()
	n, told := t.numbers[key]
	if !told {
		n = len(t.numbers) + 1
		t.numbers[key] = n
	}
	if t.json {
		return t.line(map[string]any{
			"type": "allocation", "at_ns": a.At.Sub(begun), "since_ns": a.Since.Sub(begun), "site": n,
			"bytes": a.Bytes, "objects": a.Objects, "where": a.Site.Where, "stack": a.Site.Stack, "fingerprint": a.Site.Fingerprint,
		})
	}
	_, err := fmt.Fprintf(t.w, "%9.3f s  %9s in %s of %s  #%d %s\n", a.At.Sub(begun).Seconds(), bytes(a.Bytes),
		number(int(a.Objects), "object", "objects"), bytes(a.Bytes/a.Objects), n, name(a.Site.Where.Place()))
	if err == nil && t.verbose && !told {
		err = t.stack(a.Site.Stack)
	}
	return err
}

func (t *TraceWriter) stack(stack []highwater.Frame) error {
	for _, f := range stack {
		if _, err := fmt.Fprintf(t.w, "%40s %s\n", "", name(f.Place())); err != nil {
			return err
		}
	}
	return nil
}

// End says what became of what was allocated. Profile is the path of the file with all
// of it.
func (t *TraceWriter) End(trace highwater.Trace, profile string) error {
	all, took := trace.Sites, trace.Took
	if t.json {
		for _, l := range all {
			if l.Bytes < t.o.Threshold || !t.o.keeps(l.Site.Where, l.Site.Stack) {
				continue
			}
			if err := t.line(map[string]any{
				"type": "lifetime", "bytes": l.Bytes, "objects": l.Objects, "judged_bytes": l.Judged, "gone_at_least_bytes": l.Least,
				"gone_at_most_bytes": l.Most, "live_bytes": l.Held, "verdict": l.Verdict(), "where": l.Site.Where, "stack": l.Site.Stack, "fingerprint": l.Site.Fingerprint,
			}); err != nil {
				return err
			}
		}
		return t.line(map[string]any{"type": "end", "took_ns": took, "profile_rate": trace.Rate, "profile": profile})
	}
	if _, err := fmt.Fprintf(t.w, "\n%10s %12s %11s %22s %10s  %s\n", "allocated", "objects", "a second", "gone by the next GC", "live", "site"); err != nil {
		return err
	}
	n := 0
	for _, l := range all {
		if l.Bytes < t.o.Threshold || !t.o.keeps(l.Site.Where, l.Site.Stack) {
			continue
		}
		if n++; n > 4*t.o.most() {
			if _, err := fmt.Fprintf(t.w, "and %s; the profile has all\n", number(len(all)-n+1, "other site", "other sites")); err != nil {
				return err
			}
			break
		}
		gone := "no collection"
		if l.Judged > 0 {
			low, high := float64(l.Least)/float64(l.Judged), float64(l.Most)/float64(l.Judged)
			gone = fmt.Sprintf("%.0f to %.0f %%: %s", 100*low, 100*high, l.Verdict())
			if high-low < 0.01 {
				gone = fmt.Sprintf("%.0f %%: %s", 100*high, l.Verdict())
			}
		}
		if _, err := fmt.Fprintf(t.w, "%10s %12s %9s/s %22s %10s  %s\n", bytes(l.Bytes), grouped(l.Objects), bytes(int64(float64(l.Bytes)/took.Seconds())), gone, bytes(l.Held), name(l.Site.Where.Place())); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(t.w, "all of it:  go tool pprof -top -sample_index=alloc_space %s\n", profile)
	return err
}

func (t *TraceWriter) line(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = t.w.Write(append(jsonSafe(line), '\n'))
	return err
}
