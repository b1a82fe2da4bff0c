package report

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
)

// BisectPaper is what bisect shows: the commit, what it changed and the lines behind
// that, then what the answer rests on.
func BisectPaper(d bisect.Document) Paper {
	p := Paper{Title: d.Conclusion}
	if d.First != nil {
		p.Lead = append(p.Lead, commitLines(*d.First)...)
	}
	if len(d.Between) > 0 {
		var lines []string
		for _, c := range slices.Concat(d.Between, []bisect.Commit{*d.First}) {
			lines = append(lines, c.Short()+"  "+c.Subject)
		}
		p.add("It is one of these", lines, nil)
	}
	if d.Change != nil {
		p.add("What it changed", changeLines(d), nil)
	}
	for _, f := range d.Findings {
		p.bisectEvidence(f)
	}
	if len(d.Ends) > 0 {
		p.add(fmt.Sprintf("From %s to %s, %s", d.Good.Short(), d.Bad.Short(), number(d.Commits, "commit", "commits")), nil, endsGrid(d.Ends))
	}
	if len(d.Steps) > 0 {
		p.add(fmt.Sprintf("Measured: %s, %s built, %s", number(d.Processes, "process", "processes"), number(d.Builds, "commit", "commits"), d.Took.Round(time.Second)), nil, stepsGrid(d))
	}
	var skipped []string
	for _, s := range d.Skipped {
		skipped = append(skipped, fmt.Sprintf("%s %s: %s", bisect.Commit{Hash: s.Commit}.Short(), s.Subject, s.Reason))
	}
	p.add("Skipped", skipped, nil)
	p.add("To know", d.Notes, nil)
	p.add("Next", d.Next, nil)
	return p
}

func commitLines(c bisect.Commit) []string {
	return []string{"commit " + c.Hash, "author " + c.Author, "date " + c.Date.Format(time.RFC1123Z), c.Subject}
}

func changeLines(d bisect.Document) []string {
	m, _ := highwater.MetricByName(d.Change.Metric)
	c := *d.Change
	line := fmt.Sprintf("%s of %s: %s → %s", c.Metric, c.Scenario, m.Format(c.Before), m.Format(c.After))
	if math.Abs(c.Before) > 0 {
		line += fmt.Sprintf(", %s (%s to %s)", signedPercent(c.Change), signedPercent(c.Low), signedPercent(c.High))
	}
	which := "it is this commit"
	if len(d.Between) > 0 {
		which = "it is one of these"
	}
	return []string{line, fmt.Sprintf("confidence that %s: %s", which, confidence(d.Confidence))}
}

// confidence is never rounded up to certainty.
func confidence(p float64) string {
	return fmt.Sprintf("%.2f %%", math.Floor(min(p, 0.9999)*1e4)/100)
}

func signedPercent(x float64) string { return fmt.Sprintf("%+.1f %%", 100*x) }

// bisectEvidence adds the sites behind the change, and the part of the commit's
// difference that is nearest to the first of them.
func (p *Paper) bisectEvidence(f highwater.Finding) {
	if len(f.Evidence) == 0 {
		return
	}
	g := &Grid{Columns: []GridColumn{{Head: "share", Right: true}, {Head: "before", Right: true}, {Head: "after", Right: true}, {Head: "allocated by"}}}
	s := Section{Title: "Allocation sites behind it", Table: g}
	for _, c := range f.Evidence {
		g.Rows = append(g.Rows, []string{percent(c.Share), bytes(c.Before), bytes(c.After), c.Site.Where.Place()})
	}
	if e := explained(f); e != nil && e.Hunk != nil {
		lines, more := hunkLines(*e.Hunk)
		s.Code = append([]string{whereabouts(*e.Hunk)}, lines...)
		if more > 0 {
			s.Code = append(s.Code, fmt.Sprintf("and %s more", number(more, "line", "lines")))
		}
	}
	p.Sections = append(p.Sections, s)
}

func endsGrid(all []bisect.Difference) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "scenario"}, {Head: "metric"}, {Head: "good", Right: true}, {Head: "bad", Right: true}, {Head: "change", Right: true}, {Head: "interval", Right: true}}}
	for _, d := range all {
		m, _ := highwater.MetricByName(d.Metric)
		g.Rows = append(g.Rows, []string{
			d.Scenario, d.Metric, m.Format(d.Before), m.Format(d.After), signedPercent(d.Change),
			signedPercent(d.Low) + " to " + signedPercent(d.High),
		})
	}
	return g
}

func stepsGrid(d bisect.Document) *Grid {
	m, _ := highwater.MetricByName(d.Metric)
	g := &Grid{Columns: []GridColumn{{Head: "commit"}, {Head: "processes", Right: true}, {Head: d.Metric, Right: true}, {Head: "good end", Right: true}, {Head: "subject"}}}
	for _, s := range d.Steps {
		g.Rows = append(g.Rows, []string{
			bisect.Commit{Hash: s.Commit}.Short(), fmt.Sprint(len(s.Values)), m.Format(mean(s.Values)), m.Format(mean(s.Good)), s.Subject,
		})
	}
	return g
}

func mean(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(max(len(xs), 1))
}
