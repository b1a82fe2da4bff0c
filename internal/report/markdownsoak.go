package report

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// soaks is a section for each soak: what came of it, the figures, who is suspected,
// and the rest folded away.
func (d *page) soaks() {
	for _, row := range soakRows(d.report) {
		s := soakOf(d.report, row)
		head := fmt.Sprintf("\n### %s: %s\n\n", mark(row.Verdict), codeSpan(row.Scenario.ID()))
		// In one piece, so that a section is never without what it is about.
		lines := []string{prose(s.headline(d.report)) + "\n"}
		if line := s.sparkline(); line != "" {
			lines = append(lines, "\n"+codeSpan(line)+" "+prose(quantity(s.Of)+" over "+span(s.Elapsed))+"\n")
		}
		d.block(head, lines, "", "lines on "+codeSpan(row.Scenario.ID()))
		d.soakSuspects(s)
		lines = nil
		for _, f := range s.problems(d.report) {
			if s.allSuspected(f.Evidence) {
				f.Evidence = nil
			}
			lines = append(lines, d.finding(f, false, false))
		}
		d.block("", lines, "", "findings")
		d.soakFacts(s)
		for _, a := range s.asides() {
			lines = nil
			for _, l := range a.lines {
				lines = append(lines, "- "+prose(l)+"\n")
			}
			d.block("\n<details><summary>"+capital(a.title)+"</summary>\n\n", lines, "\n</details>\n", "lines")
		}
	}
}

// soakFacts is the table of figures, folded where all is well.
func (d *page) soakFacts(s soaked) {
	var lines []string
	for _, f := range s.facts() {
		lines = append(lines, "| "+f.label+" | "+prose(f.text)+" |\n")
	}
	// A scenario may have been measured in other passes, too.
	for _, m := range highwater.Metrics() {
		if v, ok := s.row.Summaries[m.Name]; ok {
			lines = append(lines, "| "+m.Title+" | "+prose(m.Format(v.Center)+per(m.Unit))+" |\n")
		}
	}
	head, foot := "\n| | |\n|---|---|\n", ""
	if s.row.Verdict == highwater.VerdictPass {
		head, foot = "\n<details><summary>Figures</summary>\n"+head, "\n</details>\n"
	}
	d.block(head, lines, foot, "figures")
}

func (d *page) soakSuspects(s soaked) {
	var lines []string
	for _, v := range s.suspects() {
		where := strings.TrimSpace(codeSpan(v.Func) + " " + codeSpan(v.Place))
		if v.Blocked != "" {
			where += "<br>they stand in " + codeSpan(v.Blocked)
		}
		status := prose(v.Status)
		if v.Known != "" {
			status += ": " + prose(v.Known)
		}
		cells := []string{prose(v.Kind), where, v.Before + " → " + v.After, v.PerHour, v.PerOp, v.Share, codeSpan(v.Fingerprint), status}
		lines = append(lines, "| "+strings.Join(cells, " | ")+" |\n")
	}
	head := "\n| suspect | where | before → after | per hour | per op | share | fingerprint | |\n|---|---|--:|--:|--:|--:|---|---|\n"
	d.block(head, lines, "", "suspects")
}

// allSuspected is whether evidence names nobody who is not among the suspects.
func (s soaked) allSuspected(evidence []highwater.SiteChange) bool {
	for _, e := range evidence {
		if !s.suspected(e.Site.Fingerprint) {
			return false
		}
	}
	return true
}

func (s soaked) suspected(fingerprint string) bool {
	for _, x := range s.Suspects {
		if x.Fingerprint == fingerprint {
			return true
		}
	}
	return false
}

// sparkline draws the judged memory in one line, between its lowest and its highest.
func (s soaked) sparkline() string {
	if s.lacks(s.Of) || len(s.series.Points) < 2 {
		return ""
	}
	values, times := s.judged(), s.times()
	y := valueScale([][]float64{values}, false, 4, byteUnit)
	x := scale{high: max(times[len(times)-1], 1)}
	columns := make([]float64, min(sparkWidth, len(values)))
	counts := make([]int, len(columns))
	for i, v := range values {
		c := min(int(x.part(times[i])*float64(len(columns))), len(columns)-1)
		columns[c] += v
		counts[c]++
	}
	levels := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	last := values[0]
	for c, sum := range columns {
		if counts[c] > 0 {
			last = sum / float64(counts[c])
		}
		b.WriteRune(levels[min(int(y.part(last)*float64(len(levels))), len(levels)-1)])
	}
	return b.String()
}
