package tui

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// drawDifference is what the last two snapshots differ in. It can be longer than the
// screen.
func (m *model) drawDifference(w, h int) block {
	c := live.Compare(m.kept[0], m.kept[1])
	return m.scrolled(m.differenceLines(w, &c), w, h)
}

// mostChanges is how many sites, and how many groups, are listed.
const mostChanges = 100

func (m *model) differenceLines(w int, c *live.Comparison) block {
	b := block{m.heading(w, "what changed from "+clock(c.From)+" to "+clock(c.To), span(c.Elapsed.Truncate(time.Millisecond)))}
	for _, caution := range c.Cautions {
		b = append(b, m.paragraph(w, inkWarn, clean(caution))...)
	}
	line := func(name, before, after, by string, k ink, more string) {
		r := m.row(w).gap(2).cell(inkPlain, name, 20, false).cell(inkDim, before, 12, true).cell(inkPlain, after, 12, true).cell(k, by, 12, true)
		b = append(b, r.gap(2).put(inkDim, more).line())
	}
	titles := func(name string) {
		b = append(b, blanks(w))
		r := m.row(w).cell(inkTitle, name, 22, false)
		for _, t := range []string{"before", "after", "change"} {
			r.cell(inkTitle, t, 12, true)
		}
		b = append(b, r.gap(2).cell(inkTitle, "an hour", 12, false).line())
	}
	bytesLine := func(f live.Change) {
		rate := ""
		if !f.Swings() {
			rate = hourly(f.By(), c.Elapsed, func(n float64) string { return signed(int64(n)) })
		}
		line(f.Name, size(f.Before), size(f.After), signed(f.By()), change(f.By()), rate)
	}
	if len(c.Parts) > 0 {
		titles("RSS consists of")
		for _, f := range c.Parts {
			bytesLine(f)
		}
	}
	titles("figures")
	for _, f := range c.Bytes {
		bytesLine(f)
	}
	for _, f := range c.Counts {
		line(f.Name, count(f.Before), count(f.After), signedCount(f.By()), change(f.By()), hourly(f.By(), c.Elapsed, func(n float64) string { return signedCount(int64(n)) }))
	}
	b = append(b, m.siteDifference(w, c)...)
	return append(b, m.groupDifference(w, c)...)
}

// hourly is a change at the same rate over an hour. Of less than ten seconds nothing is
// said about an hour.
func hourly(by int64, elapsed time.Duration, word func(float64) string) string {
	if elapsed < 10*time.Second || by == 0 {
		return ""
	}
	return word(math.Round(float64(by) / elapsed.Hours()))
}

func (m *model) changeRow(w int, by, before, after, more string, grown int64) string {
	r := m.row(w).gap(2).cell(change(grown), by, 11, true).cell(inkDim, before, 10, true).gap(1).put(inkDim, "→").cell(inkPlain, after, 10, true)
	r.gap(2)
	return r.put(inkPlain, middle(more, r.left())).line()
}

func (m *model) siteDifference(w int, c *live.Comparison) block {
	b := block{blanks(w), m.row(w).put(inkTitle, "allocation sites, live bytes: "+count(int64(len(c.Sites)))+" changed").line()}
	shown := c.Sites[:min(len(c.Sites), mostChanges)]
	places := live.Places(c.Sites, 0, len(shown), func(c live.SiteChange) highwater.Site { return c.Site })
	for i, s := range shown {
		before, after := size(s.Before), size(s.After)
		if !s.InBefore {
			before = none
		}
		if !s.InAfter {
			after = none
		}
		b = append(b, m.changeRow(w, signed(s.After-s.Before), before, after, clean(places[i]), s.After-s.Before))
	}
	return b
}

func (m *model) groupDifference(w int, c *live.Comparison) block {
	b := block{blanks(w), m.row(w).put(inkTitle, "goroutines by origin: "+count(int64(len(c.Groups)))+" changed").line()}
	for _, g := range c.Groups[:min(len(c.Groups), mostChanges)] {
		by := int64(g.After - g.Before)
		b = append(b, m.changeRow(w, signedCount(by), count(int64(g.Before)), count(int64(g.After)), clean(g.Group.State)+", "+place(g.Group.Created), by))
	}
	return b
}
