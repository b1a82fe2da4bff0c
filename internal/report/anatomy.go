package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/anatomy"
)

// AnatomyPaper is what debug analyze shows: the answer first, then where each byte is.
func AnatomyPaper(a anatomy.Anatomy, most int) Paper {
	d := Paper{Title: a.Name, Lead: anatomyLead(a)}
	d.add("Most important", findingLines(a.Findings), nil)
	if len(a.Parts) > 0 {
		d.add(fmt.Sprintf("Resident memory: %s", bytes(a.RSS)), nil, partGrid(a.Parts))
	}
	if len(a.Packages) > 0 {
		d.add(fmt.Sprintf("Packages: %s live, as the heap profile sees it%s", bytes(a.Profiled), sampling(a.Rate)), nil, packageGrid(a.Packages, most))
	}
	d.add("Lines that hold most", nil, hotspotGrid(slices.DeleteFunc(slices.Clone(a.Sites), func(h anatomy.Hotspot) bool { return h.Bytes <= 0 }), most))
	if a.Sizes != nil {
		d.add(sizeTitle(a.Sizes), nil, sizeGrid(a.Sizes, most))
	}
	if len(a.Goroutines.Groups) > 0 || a.Goroutines.Count > 0 {
		d.add(goroutineTitle(a.Goroutines), nil, goroutineGrid(a.Goroutines, most))
	}
	if lines := collectorLines(a); len(lines) > 0 {
		d.add("Garbage collection", lines, nil)
	}
	if len(a.Course) > 0 {
		d.add(fmt.Sprintf("How it went in %s", span(a.Watched)), nil, courseGrid(a.Course))
	}
	d.add("Not seen", lackLines(a.Lacks), nil)
	return d
}

// add appends a section, unless there is nothing in it.
func (d *Paper) add(title string, lines []string, g *Grid) {
	if len(lines) > 0 || g != nil && len(g.Rows) > 0 {
		d.Sections = append(d.Sections, Section{Title: title, Lines: lines, Table: g})
	}
}

var sources = map[string]string{
	"memory": "read from its memory", "pprof": "through its pprof endpoint", "probe": "by the probe in it",
	"process": "as the operating system sees it", "profile": "of a stored profile", "run": "of a stored run",
}

func anatomyLead(a anatomy.Anatomy) []string {
	how := sources[a.Source]
	if how == "" {
		how = a.Source
	}
	parts := []string{how}
	if a.Go != "" {
		parts = append(parts, a.Go)
	}
	if !a.At.IsZero() {
		parts = append(parts, a.At.Local().Format("2006-01-02 15:04:05"))
	}
	if a.Looks > 1 {
		parts = append(parts, fmt.Sprintf("watched for %s, %s", span(a.Watched), number(a.Looks, "look", "looks")))
	}
	lead := []string{strings.Join(parts, "; ")}
	if a.Ended != "" {
		lead = append(lead, "it has ended: "+a.Ended)
	}
	return lead
}

func findingLines(all []anatomy.Finding) []string {
	if len(all) == 0 {
		return []string{"nothing stands out"}
	}
	var lines []string
	for _, f := range all {
		l := fmt.Sprintf("%s: %s", f.Level, f.Text)
		if f.Advice != "" {
			l += "; " + f.Advice
		}
		lines = append(lines, l)
	}
	return lines
}

func sampling(rate int) string {
	if rate > 1 {
		return fmt.Sprintf(" (one sample in %s)", bytes(int64(rate)))
	}
	return ""
}

func partGrid(parts []anatomy.Part) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "part"}, {Head: "bytes", Right: true}, {Head: "share", Right: true}, {Head: "what"}}}
	for _, p := range parts {
		if p.Bytes == 0 {
			continue
		}
		g.Rows = append(g.Rows, []string{p.Name, bytes(p.Bytes), percent(p.Share), p.What})
		g.Bars = append(g.Bars, p.Share)
	}
	return g
}

func perSecond(x *float64) string {
	if x == nil {
		return "-"
	}
	return sizeOf(*x) + "/s"
}

func packageGrid(all []anatomy.Package, most int) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "package"}, {Head: "live", Right: true}, {Head: "share", Right: true}, {Head: "objects", Right: true}, {Head: "allocates", Right: true}}}
	all = slices.DeleteFunc(slices.Clone(all), func(p anatomy.Package) bool { return p.Bytes <= 0 && (p.Rate == nil || *p.Rate <= 0) })
	for _, p := range all[:min(most, len(all))] {
		g.Rows = append(g.Rows, []string{p.Path, bytes(p.Bytes), percent(p.Share), grouped(p.Objects), perSecond(p.Rate)})
		g.Bars = append(g.Bars, p.Share)
	}
	return g
}

func hotspotGrid(all []anatomy.Hotspot, most int) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "live", Right: true}, {Head: "share", Right: true}, {Head: "objects", Right: true}, {Head: "allocates", Right: true}, {Head: "line"}, {Head: "through"}}}
	for _, h := range all[:min(most, len(all))] {
		g.Rows = append(g.Rows, []string{
			bytes(h.Bytes), percent(h.Share), grouped(h.Objects), perSecond(h.Rate), h.Where.Place(), through(h.Through),
		})
	}
	return g
}

// through words the way through libraries: the first of them and the last.
func through(all []string) string {
	short := make([]string, len(all))
	for i, f := range all {
		short[i] = shortFunc(f)
	}
	if len(short) > 2 {
		short = []string{short[0], "…", short[len(short)-1]}
	}
	return strings.Join(short, " → ")
}

func goroutineTitle(g anatomy.Goroutines) string {
	title := "Goroutines: " + grouped(int64(g.Count))
	if g.Stacks > 0 {
		title += fmt.Sprintf(", stacks %s", bytes(g.Stacks))
	}
	if g.Each > 0 {
		title += fmt.Sprintf(", %s each", bytes(g.Each))
	}
	return title
}

func goroutineGrid(g anatomy.Goroutines, most int) *Grid {
	grid := &Grid{Columns: []GridColumn{{Head: "number", Right: true}, {Head: "state"}, {Head: "longest", Right: true}, {Head: "created at"}}}
	for _, r := range g.Groups[:min(most, len(g.Groups))] {
		wait, at := "-", "main"
		if r.Longest > 0 {
			wait = span(r.Longest)
		}
		if r.Created.Func != "" {
			at = r.Created.Place()
		}
		grid.Rows = append(grid.Rows, []string{grouped(int64(r.Count)), r.State, wait, at})
	}
	if len(g.Groups) == 0 {
		for _, s := range slices.Sorted(maps.Keys(g.States)) {
			grid.Rows = append(grid.Rows, []string{grouped(int64(g.States[s])), s, "-", "-"})
		}
	}
	return grid
}

func collectorLines(a anatomy.Anatomy) []string {
	c := a.Collector
	if c.Cycles == 0 && c.Goal == 0 {
		return nil
	}
	head := fmt.Sprintf("%s collections", grouped(c.Cycles))
	if c.Forced > 0 {
		head += fmt.Sprintf(", %s of them forced", grouped(c.Forced))
	}
	if c.Rate != nil {
		head += fmt.Sprintf(", %s/s while it was watched", digits(*c.Rate))
	}
	lines := []string{head}
	if c.Share != nil {
		l := fmt.Sprintf("%s of %s", percent(*c.Share), advise.AllCPU)
		if c.Pressure != nil {
			l += fmt.Sprintf(", pressure %.2f", *c.Pressure)
		}
		if c.Assist != nil {
			l += fmt.Sprintf("; assists %s", percent(*c.Assist))
		}
		lines = append(lines, l)
	}
	if c.Max > 0 {
		lines = append(lines, fmt.Sprintf("pauses: p99 %s, longest %s", latency(c.P99), latency(c.Max)))
	}
	var pacing []string
	switch {
	case c.GOGC < 0:
		pacing = append(pacing, "GOGC off")
	case c.GOGC > 0: // not every source tells
		pacing = append(pacing, fmt.Sprintf("GOGC %d", c.GOGC))
	}
	if c.Goal > 0 {
		pacing = append(pacing, "goal "+bytes(c.Goal))
	}
	if c.Limit > 0 {
		pacing = append(pacing, "GOMEMLIMIT "+bytes(c.Limit))
	}
	if len(pacing) > 0 {
		lines = append(lines, strings.Join(pacing, ", "))
	}
	if len(c.Why) > 0 {
		var parts []string
		for _, why := range slices.Sorted(maps.Keys(c.Why)) {
			parts = append(parts, fmt.Sprintf("%s %d", why, c.Why[why]))
		}
		lines = append(lines, "triggered by: "+strings.Join(parts, ", "))
	}
	return lines
}

func courseGrid(all []anatomy.Course) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "figure"}, {Head: "shape"}, {Head: "from", Right: true}, {Head: "to", Right: true}, {Head: "lowest", Right: true}, {Head: "highest", Right: true}, {Head: "an hour", Right: true}, {Head: "rule"}}}
	for _, c := range all {
		show := func(x float64) string {
			if c.Count {
				return grouped(int64(x))
			}
			return highwater.FormatBytes(x)
		}
		rate := "-"
		if c.PerHour != 0 {
			rate = show(c.PerHour)
		}
		g.Rows = append(g.Rows, []string{c.Name, string(c.Shape), show(c.From), show(c.To), show(c.Low), show(c.High), rate, c.Description})
	}
	return g
}

// lackLines say what could not be seen. Quantities with one reason share a line; what an
// anatomy has no place for is not missed.
func lackLines(lacks map[highwater.Quantity]string) []string {
	by := map[string][]string{}
	for _, q := range slices.Sorted(maps.Keys(lacks)) {
		if q == highwater.QuantityCollect || q == highwater.QuantityOps {
			continue
		}
		by[lacks[q]] = append(by[lacks[q]], strings.ReplaceAll(string(q), "_", " "))
	}
	var lines []string
	for _, why := range slices.Sorted(maps.Keys(by)) {
		lines = append(lines, strings.Join(by[why], ", ")+": "+why)
	}
	return lines
}

// HotspotPaper is what debug hotspots shows: each line with its source, and why what
// it allocates is on the heap.
func HotspotPaper(a anatomy.Anatomy, byLive, byRate []anatomy.Hotspot, most int) Paper {
	d := Paper{Title: a.Name, Lead: anatomyLead(a)}
	d.add(fmt.Sprintf("By live bytes: %s in all%s", bytes(a.Profiled), sampling(a.Rate)), small(byLive), hotspotGrid(byLive, most))
	if slices.ContainsFunc(byRate, func(h anatomy.Hotspot) bool { return h.Rate != nil && *h.Rate > 0 }) {
		d.add("By allocation rate", nil, hotspotGrid(byRate, most))
	} else if slices.ContainsFunc(byRate, func(h anatomy.Hotspot) bool { return h.Allocated > 0 }) {
		g := &Grid{Columns: []GridColumn{{Head: "allocated", Right: true}, {Head: "objects", Right: true}, {Head: "line"}, {Head: "through"}}}
		for _, h := range byRate[:min(most, len(byRate))] {
			g.Rows = append(g.Rows, []string{bytes(h.Allocated), grouped(h.Made), h.Where.Place(), through(h.Through)})
		}
		d.add("By what was allocated since the process began", nil, g)
	}
	shown := map[string]bool{}
	shownLines := slices.Concat(byLive[:min(most, len(byLive))], byRate[:min(most, len(byRate))])
	common, said := commonCause(shownLines)
	for _, h := range shownLines {
		if shown[h.Where.Place()] || len(h.Source) == 0 && len(h.Reasons) == 0 {
			continue
		}
		shown[h.Where.Place()] = true
		s := Section{Title: h.Where.Place(), Lines: h.Reasons}
		if len(h.Reasons) == 0 && h.NoCause != "" && h.NoCause != common {
			s.Lines = []string{h.NoCause}
		}
		for _, l := range h.Source {
			mark := " "
			if l.Here {
				mark = ">"
			}
			s.Code = append(s.Code, fmt.Sprintf("%s%5d  %s", mark, l.Number, l.Text))
		}
		d.Sections = append(d.Sections, s)
	}
	if len(a.Goroutines.Groups) > 0 {
		d.add(goroutineTitle(a.Goroutines), nil, goroutineGrid(a.Goroutines, most))
	}
	d.add("Not seen", append(said, lackLines(a.Lacks)...), nil)
	return d
}

// small says that no line is over the threshold.
func small(all []anatomy.Hotspot) []string {
	if len(all) > 0 {
		return nil
	}
	return []string{"no line holds as much as --threshold says; --threshold 0 shows all"}
}

// commonCause is why the reasons of several lines are not known, where that is one cause,
// and as it is said once for all of them.
func commonCause(all []anatomy.Hotspot) (cause string, said []string) {
	of := map[string]map[string]bool{}
	for _, h := range all {
		if !h.Own || len(h.Reasons) > 0 || !strings.HasPrefix(h.NoCause, unknownCause) {
			continue
		}
		if of[h.NoCause] == nil {
			of[h.NoCause] = map[string]bool{}
		}
		of[h.NoCause][h.Where.Place()] = true
	}
	for c, places := range of {
		if len(places) > 1 && (cause == "" || len(places) > len(of[cause])) {
			cause = c
		}
	}
	if cause == "" {
		return "", nil
	}
	return cause, []string{cause}
}

// unknownCause is how it begins when the compiler could not be asked.
const unknownCause = "why it is on the heap is not known"
