package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/live"
)

// LookOptions say what of a process is shown.
type LookOptions struct {
	Threshold int64             // bytes that a site holds or has grown by at least, to be shown
	Target    func(string) bool // of a function's name; nil: all
	Most      int               // lines of sites and of groups; 0: five
}

func (o LookOptions) most() int { return cmp.Or(o.Most, 5) }

// keeps reports whether a stack is of what was asked for.
func (o LookOptions) keeps(where highwater.Frame, stack []highwater.Frame) bool {
	return o.Target == nil || o.Target(where.Func) || slices.ContainsFunc(stack, func(f highwater.Frame) bool { return o.Target(f.Func) })
}

// LookText writes a block of lines that says what a process does now.
func LookText(w io.Writer, v live.View, o LookOptions) error {
	s, r := v.Snapshot, v.Rates
	var b strings.Builder
	say := func(title, format string, args ...any) {
		fmt.Fprintf(&b, "  %-11s%s\n", title, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "%s  %s  %s\n", s.At.Local().Format("15:04:05.000"), name(s.Name), span(s.At.Sub(v.Began)))
	if v.Ended != "" {
		say("ended", "%s", sentence(v.Ended))
	}
	say("memory", "%s", memoryWords(v))
	if why := s.Lacks[highwater.QuantityMemory]; why == "" {
		say("heap", "%s, of which the last collection found %s live; goal %s; allocates %s", bytes(s.Memory.Heap),
			unless(s.Lacks[highwater.QuantityLive], bytes(s.Memory.Live)), bytes(s.Memory.Goal), allocates(r))
		say("collector", "%s", collectorWords(v))
	} else {
		say("heap", "not seen: %s", sentence(why))
	}
	say("runs", "%s", strings.Join(runs(v), ", "))
	if len(v.Processes) > 1 {
		for _, p := range v.Processes[1:min(len(v.Processes), 1+o.most())] {
			stopped := ""
			if p.Stopped {
				stopped = ", stopped"
			}
			say("process", "%s%d %s: %s%s", strings.Repeat("  ", p.Depth-min(p.Depth, 1)), p.PID, name(p.Command), bytes(p.RSS), stopped)
		}
	}
	rows := siteRows(v, o)
	places := live.Places(rows, 0, len(rows), func(r live.SiteRow) highwater.Site { return r.Site })
	for i, row := range rows {
		say("site", "%s  %s", siteWords(row), name(places[i]))
	}
	for _, g := range groupRows(v, o) {
		say("goroutines", "%s", groupWords(g))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// unless is the text, or that it is not known.
func unless(why, text string) string {
	if why != "" {
		return "(not seen)"
	}
	return text
}

func memoryWords(v live.View) string {
	m := v.Snapshot.Memory
	if why := v.Snapshot.Lacks[highwater.QuantityRSS]; why != "" {
		return fmt.Sprintf("the runtime holds %s; resident memory is not seen: %s", bytes(m.Total-m.Released), sentence(why))
	}
	text := "resident " + bytes(m.RSS)
	if m.HighWater > 0 {
		text += fmt.Sprintf(" (at most %s)", bytes(m.HighWater))
	}
	var parts []string
	for _, p := range v.Parts {
		if p.Bytes != 0 {
			parts = append(parts, p.Name+" "+bytes(p.Bytes))
		}
	}
	if len(parts) > 0 {
		text += " = " + strings.Join(parts, " + ")
	}
	return text
}

func allocates(r live.Rates) string {
	if math.IsNaN(r.AllocBytes) {
		return "what is known after the next look"
	}
	text := sizeOf(r.AllocBytes) + "/s"
	if !math.IsNaN(r.AllocObjects) {
		text += fmt.Sprintf(", %s objects/s", digits(r.AllocObjects))
	}
	return text
}

func collectorWords(v live.View) string {
	g, r := v.Snapshot.GC, v.Rates
	text := fmt.Sprintf("%s collections", grouped(g.Cycles))
	if g.Forced > 0 {
		text += fmt.Sprintf(" (%s forced)", grouped(g.Forced))
	}
	if !math.IsNaN(r.Cycles) {
		text += fmt.Sprintf(", %s/s", digits(r.Cycles))
	}
	if !math.IsNaN(r.GCShare) {
		text += fmt.Sprintf("; %s of %s, in the last %s, pressure %.2f", percent(r.GCShare), advise.AllCPU, span(r.Over), r.Pressure)
	}
	if v.Pauses.Count > 0 {
		text += fmt.Sprintf("; pauses p50 %s, p99 %s, max %s", latency(v.Pauses.P50), latency(v.Pauses.P99), latency(v.Pauses.Max))
	}
	return text
}

func runs(v live.View) []string {
	s := v.Snapshot
	var parts []string
	if v.Stopped() {
		parts = append(parts, "stopped by a signal or a debugger")
	}
	if s.Lacks[highwater.QuantityGoroutines] == "" {
		parts = append(parts, grouped(int64(s.Goroutines))+" goroutines")
	}
	if s.Threads > 0 {
		parts = append(parts, number(s.Threads, "thread", "threads"))
	}
	if n := len(s.Processes); n > 1 {
		parts = append(parts, number(n, "process", "processes"))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.FDs)) {
		parts = append(parts, fmt.Sprintf("%s %d", name(kind), s.FDs[kind]))
	}
	if s.Ops > 0 {
		parts = append(parts, grouped(s.Ops)+" operations")
		if !math.IsNaN(v.Rates.Ops) {
			parts = append(parts, digits(v.Rates.Ops)+" operations/s")
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing is seen of it")
	}
	return parts
}

// mostByRate is how many sites are listed for what they allocate alone.
const mostByRate = 3

// siteRows are those that hold most, above the threshold, and then those of the rest that
// allocate most.
func siteRows(v live.View, o LookOptions) []live.SiteRow {
	var rows, rest []live.SiteRow
	for _, row := range v.Sites {
		switch {
		case !o.keeps(row.Where, row.Stack):
		case (row.Bytes >= o.Threshold || row.Change >= o.Threshold) && row.Bytes > 0 && len(rows) < o.most():
			rows = append(rows, row)
		case allocatesMuch(row, o):
			rest = append(rest, row)
		}
	}
	slices.SortStableFunc(rest, func(a, b live.SiteRow) int { return cmp.Compare(b.Rate, a.Rate) })
	return append(rows, rest[:min(len(rest), mostByRate)]...)
}

// allocatesMuch reports whether a site allocates as much in a second as one has to hold to
// be listed.
func allocatesMuch(row live.SiteRow, o LookOptions) bool {
	return row.Rate >= float64(max(o.Threshold, 1)) // not where it is not known: NaN
}

func groupRows(v live.View, o LookOptions) []live.GroupRow {
	var rows []live.GroupRow
	for _, g := range v.Groups {
		if o.keeps(g.Created, g.Stack) {
			if rows = append(rows, g); len(rows) == o.most() {
				break
			}
		}
	}
	return rows
}

func siteWords(row live.SiteRow) string {
	text := fmt.Sprintf("%s live", bytes(row.Bytes))
	if row.Change != 0 {
		text += " (" + signedBytes(row.Change) + ")"
	}
	if !math.IsNaN(row.Rate) && row.Rate >= 1 {
		text += ", allocates " + sizeOf(row.Rate) + "/s"
	}
	return text
}

func groupWords(g live.GroupRow) string {
	text := grouped(int64(g.Count))
	if g.Change != 0 {
		text += fmt.Sprintf(" (%+d)", g.Change)
	}
	if g.State != "" {
		text += " in " + name(g.State)
	}
	if g.Longest > 0 {
		text += ", longest " + span(g.Longest)
	}
	if g.Created.Func == "" {
		return text + "  the main goroutine"
	}
	return text + "  created at " + name(g.Created.Place())
}

// look is what a line of JSON holds.
type look struct {
	highwater.Snapshot
	Memory  live.Memory      `json:"memory"`     // in the place of the snapshot's
	Elapsed time.Duration    `json:"elapsed_ns"` // since the first look
	Parts   []highwater.Part `json:"parts,omitempty"`
	Rates   map[string]any   `json:"rates"`
	Sites   []lookSite       `json:"sites,omitempty"` // in the place of the snapshot's
	Pauses  map[string]any   `json:"pauses,omitempty"`
}

// lookSite is a site with what it does now.
type lookSite struct {
	highwater.SiteUse
	Rate   any   `json:"alloc_bytes_per_second"`
	Change int64 `json:"live_change_bytes"` // since the first look
}

// LookJSON writes the same as one line of JSON: the snapshot, the parts of its resident
// memory, and rates. Rates that are not known yet are null, and so are live bytes that the
// source does not tell.
func LookJSON(w io.Writer, v live.View, o LookOptions) error {
	l := look{Snapshot: v.Snapshot, Memory: live.MemoryOf(&v.Snapshot), Elapsed: v.Snapshot.At.Sub(v.Began), Parts: live.Parts(&v.Snapshot)}
	l.Ended = cmp.Or(l.Ended, v.Ended)
	known := func(x float64) any {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return x
	}
	r := v.Rates
	l.Rates = map[string]any{
		"alloc_bytes_per_second": known(r.AllocBytes), "alloc_objects_per_second": known(r.AllocObjects),
		"ops_per_second": known(r.Ops), "collections_per_second": known(r.Cycles), "gc_cpu_share": known(r.GCShare),
		"assist_cpu_share": known(r.AssistShare), "scavenge_cpu_share": known(r.ScavengeShare), "gc_pressure": known(r.Pressure),
	}
	if p := v.Pauses; p.Count > 0 {
		l.Pauses = map[string]any{"count": p.Count, "p50_ns": p.P50, "p95_ns": p.P95, "p99_ns": p.P99, "max_ns": p.Max}
	}
	for _, row := range v.Sites {
		if (row.Bytes >= o.Threshold || allocatesMuch(row, o)) && o.keeps(row.Where, row.Stack) {
			l.Sites = append(l.Sites, lookSite{row.SiteUse, known(row.Rate), row.Change})
		}
	}
	l.Groups = slices.DeleteFunc(slices.Clone(l.Groups), func(g highwater.GoroutineGroup) bool { return !o.keeps(g.Created, g.Stack) })
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = w.Write(append(jsonSafe(line), '\n'))
	return err
}
