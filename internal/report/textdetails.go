package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// details writes for each scenario what its figures consist of.
func (p *printer) details() {
	if len(p.report.Rows) == 0 {
		return
	}
	p.heading("details")
	for i := range p.report.Rows {
		row := &p.report.Rows[i]
		if i > 0 {
			p.gap()
		}
		p.detail(row)
	}
}

func (p *printer) detail(row *highwater.Row) {
	s := row.Scenario
	p.title(name(s.ID()))
	p.paragraph(dim, "  ", number(s.Sessions, "session", "sessions")+", "+number(s.Ops, "operation", "operations")+", measured for "+seconds(row.Seconds))
	if t := times(p.report.Run, s.ID()); t != "" {
		p.note("  ", "time", t)
	}
	p.figures(row)
	p.peak(row)
	p.footprint(row.Footprint)
	p.processes(s.ID())
	if row.Profile != "" {
		p.line("  profile      %s", clean(row.Profile))
	}
}

// figures writes every metric with its interval, where there are repeats, and
// its limit.
func (p *printer) figures(row *highwater.Row) {
	columns := []column{
		{key: "metric", head: "metric"},
		{key: "value", head: "value", right: true},
		{key: "per"},
		{key: "limit", head: "limit", right: true},
		{key: "low", head: "95 % interval", right: true},
		{key: "n", head: "processes", right: true},
	}
	var rows []map[string]cell
	for _, m := range highwater.Metrics() {
		s, ok := row.Summaries[m.Name]
		if !ok {
			continue
		}
		cs := map[string]cell{
			"metric": {text: m.Name}, "value": {text: m.Format(s.Center)}, "per": {text: per(m.Unit)}, "n": {text: strconv.Itoa(s.N)},
		}
		if s.Low != s.High {
			cs["low"] = cell{text: m.Format(s.Low) + " to " + m.Format(s.High)}
		}
		for _, l := range row.Limits {
			if l.Metric == m.Name {
				cs["limit"] = cell{text: bound(m, l.Bound)}
			}
		}
		rows = append(rows, cs)
	}
	if len(rows) == 0 {
		return
	}
	measureColumns(columns, rows)
	for _, l := range plainTable(columns, rows) {
		p.line("  %s", l)
	}
}

// per is what a figure is divided by; sizes carry their own unit.
func per(u highwater.Unit) string {
	switch u {
	case highwater.UnitBytesPerSession:
		return "/session"
	case highwater.UnitBytesPerOp, highwater.UnitAllocsPerOp:
		return "/op"
	default:
		return ""
	}
}

// peak writes of what and when the peak was.
func (p *printer) peak(row *highwater.Row) {
	k := row.PeakParts
	if k == nil {
		return
	}
	where := "between checkpoints"
	if k.Where != where {
		where = strings.TrimSpace("at checkpoint " + name(k.Where))
	}
	text := fmt.Sprintf("of the whole process: %s heap + %s stacks, %s, operation %d", bytes(k.Heap), bytes(k.Stacks), where, k.Op)
	if k.Rate > 0 && k.Heap > 0 {
		text += fmt.Sprintf("; the profile (one sample every %s) accounts for %s of the heap", bytes(int64(k.Rate)), percent(float64(k.Profiled)/float64(k.Heap)))
	}
	text += fmt.Sprintf("; %s were live before and are taken off", bytes(k.Baseline))
	p.note("  ", "peak", text)
	shown := row.Sites
	if len(shown) > sitesShown {
		shown = shown[:sitesShown]
	}
	for _, s := range shown {
		l := line{where: s.Where, bytes: s.Bytes, share: s.Share}
		width := maxName
		if p.Width > 0 {
			width = p.Width - 27
		}
		p.line("  %s%s  %s", strings.Repeat(" ", 13), pad(bytes(s.Bytes), 9, true), shorten(l.text(width), width))
	}
}

// footprint writes the parts of the resident memory, which add up to it.
func (p *printer) footprint(f *highwater.FootprintParts) {
	if f == nil {
		return
	}
	p.line("  resident     %s at the end of the steady phase:", bytes(f.RSS))
	parts := []struct {
		bytes int64
		what  string
	}{
		{f.LiveHeap, "live heap"},
		{f.DeadHeap, "dead heap, not collected yet"},
		{f.Fragmentation, "unused inside spans"},
		{f.Stacks, "goroutine stacks"},
		{f.Metadata, "the runtime's own"},
		{f.Free, "freed, not returned to the system"},
		{f.OffHeap, "outside of the runtime's account"},
	}
	for _, part := range parts {
		if part.bytes != 0 {
			p.line("  %s%s  %s", strings.Repeat(" ", 13), pad(bytes(part.bytes), 9, true), part.what)
		}
	}
	if rest := f.RSS - f.Sum(); rest != 0 {
		p.line("  %s%s  not accounted for: the parts do not add up", strings.Repeat(" ", 13), pad(bytes(rest), 9, true))
	}
}

// processes writes what single processes of the scenario reported.
func (p *printer) processes(id string) {
	if p.report.Run == nil {
		return
	}
	for _, m := range p.report.Run.Measurements {
		if m.Scenario != id {
			continue
		}
		p.paragraph(dim, "  ", fmt.Sprintf("%s pass, process %d: %s, %s", name(string(m.Pass)), m.Repeat+1, name(string(m.Outcome.Status)), seconds(m.Duration.Seconds())))
		if g := m.GC; g != nil {
			p.note("    ", "collector", fmt.Sprintf("%s, %d of them forced, %s of the CPU time (%.3f s of %.3f s)",
				number(int(g.Cycles), "cycle", "cycles"), g.Forced, percent(g.CPUShare), g.CPUSeconds, g.Busy))
		}
		for _, l := range m.Leftovers {
			p.note("    ", "left over", fmt.Sprintf("%d %s: %s", l.Count, name(l.Kind), sentence(l.Detail)))
		}
		for _, c := range m.Children {
			p.note("    ", "child", fmt.Sprintf("%s (process %d), at most %s resident", name(c.Command), c.PID, bytes(c.HighWater)))
		}
		p.course(m)
		p.checkpoints(m.Checkpoints)
	}
}

func (p *printer) checkpoints(all []highwater.Checkpoint) {
	if len(all) == 0 {
		return
	}
	columns := []column{{key: "op", head: "op", right: true}, {key: "heap", head: "heap", right: true}, {key: "stacks", head: "stacks", right: true}, {key: "at", head: "after", right: true}, {key: "phase", head: "phase"}, {key: "name", head: "checkpoint"}}
	var rows []map[string]cell
	for _, c := range all {
		phase := "warm-up"
		if c.Steady {
			phase = "steady"
		}
		rows = append(rows, map[string]cell{
			"op": {text: fmt.Sprint(c.Op)}, "heap": {text: bytes(c.Heap)}, "stacks": {text: bytes(c.Stacks)},
			"at": {text: fmt.Sprintf("%.3f s", float64(c.At)/1e9)}, "phase": {text: phase}, "name": {text: shorten(name(c.Name), 24)},
		})
	}
	measureColumns(columns, rows)
	for _, l := range plainTable(columns, rows) {
		p.line("    %s", l)
	}
}
