package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
)

// advised is an advice with what it is about.
type advised struct {
	advise.Advice
	of string
}

// AdvicePaper is what debug optimize shows: recommendations in the order of their weight,
// each with its evidence and lines, then what is minor, and what could not be looked for.
// At most so many rows of a list are shown.
func AdvicePaper(d advise.Document, most int) Paper {
	p := Paper{Title: fmt.Sprintf("%d programs and scenarios", len(d.Subjects))}
	var heavy, light []advised
	for _, s := range d.Subjects {
		if len(d.Subjects) == 1 {
			p.Title = s.Name
		}
		if !slices.Contains(p.Lead, s.How) {
			p.Lead = append(p.Lead, s.How)
		}
		for _, a := range s.Heavy() {
			heavy = append(heavy, advised{a, s.Name})
		}
		for _, a := range s.Light() {
			light = append(light, advised{a, s.Name})
		}
		for _, f := range s.Failed {
			p.Lead = append(p.Lead, "not measured: "+f)
		}
	}
	slices.SortStableFunc(heavy, func(a, b advised) int {
		return cmp.Or(cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)), cmp.Compare(b.Weight, a.Weight))
	})
	several := len(d.Subjects) > 1
	if len(d.Verified) > 0 {
		p.add("What became of the advice on "+d.Base, checkLines(d.Verified), checkGrid(d.Verified, several))
	}
	if len(heavy) == 0 {
		p.add("Recommendations", []string{"nothing that was looked for is worth a change"}, nil)
	} else {
		p.add("Recommendations", nil, adviceGrid(heavy[:min(most, len(heavy))], several))
	}
	for _, a := range heavy[:min(most, len(heavy))] {
		p.Sections = append(p.Sections, a.section(several))
	}
	if rest := len(heavy) - most; rest > 0 {
		p.add("And more", []string{fmt.Sprintf("%d further recommendations above minor; --most shows them, and --format json has all", rest)}, nil)
	}
	p.add("Minor", minorLines(light, several, most), nil)
	for _, s := range d.Subjects {
		if s.Frontier != nil {
			p.Sections = append(p.Sections, FrontierSection(*s.Frontier, s.Container))
		}
	}
	if len(d.Subjects) == 1 && d.Subjects[0].Model != nil {
		p.add("GOGC, as the model fitted to this process has it (modelled, not measured: --frontier measures a scenario)", []string{sharesOf}, modelGrid(*d.Subjects[0].Model))
	}
	p.add("Not looked for", gapLines(d.Subjects), nil)
	return p
}

func severityRank(s advise.Severity) int {
	return slices.Index([]advise.Severity{advise.Major, advise.Moderate, advise.Minor}, s)
}

func adviceGrid(all []advised, several bool) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "weight"}, {Head: "kind"}, {Head: "live", Right: true}, {Head: "allocated", Right: true}, {Head: "objects", Right: true}, {Head: "CPU", Right: true}, {Head: "line"}}}
	if several {
		g.Columns = append(g.Columns, GridColumn{Head: "of"})
	}
	for _, a := range all {
		line := "-"
		if len(a.Lines) > 0 {
			line = a.Lines[0].Place()
		}
		row := []string{string(a.Severity), string(a.Kind), dash(a.SavedBytes != 0, balance(a.SavedBytes)), "-", "-", dash(a.SavedCPU != 0, percent(a.SavedCPU)), line}
		if a.SavedAllocBytes > 0 {
			row[3], row[4] = sizeOf(a.SavedAllocBytes)+a.Per.Over(), digits(a.SavedObjects)+a.Per.Over()
		}
		if several {
			row = append(row, a.of)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func dash(known bool, text string) string {
	if !known {
		return "-"
	}
	return text
}

// balance is a number of bytes that may cost.
func balance(b int64) string {
	if b < 0 {
		return "-" + bytes(-b)
	}
	return bytes(b)
}

// section is one recommendation with all that is behind it.
func (a advised) section(several bool) Section {
	s := Section{Title: fmt.Sprintf("%s: %s", a.Severity, a.Title)}
	if several {
		s.Title += " [" + a.of + "]"
	}
	if saves := a.saves(); saves != "" {
		s.Lines = append(s.Lines, saves)
	}
	s.Lines = append(s.Lines, a.Evidence...)
	s.Lines = append(s.Lines, "to do: "+a.How, "found by "+a.Found)
	s.Code = codeOf(a.Source)
	return s
}

// saves words the saving.
func (a advised) saves() string {
	if !a.Known {
		return ""
	}
	var parts []string
	if a.SavedBytes > 0 {
		parts = append(parts, bytes(a.SavedBytes)+" of memory")
	}
	if a.SavedAllocBytes > 0 {
		parts = append(parts, fmt.Sprintf("%s and %s objects allocated%s", sizeOf(a.SavedAllocBytes), digits(a.SavedObjects), a.Per.Words()))
	}
	if a.SavedCPU >= advise.LeastCPU {
		parts = append(parts, fmt.Sprintf("%.1f %% of %s", 100*a.SavedCPU, a.WholeCPU()))
	}
	if len(parts) == 0 {
		return ""
	}
	text := "saves " + strings.Join(parts, ", ")
	if a.SavedBytes < 0 {
		text += ", for " + bytes(-a.SavedBytes) + " more memory"
	}
	if a.Modelled {
		text += " (modelled)"
	}
	return text
}

func codeOf(source []advise.SourceLine) (code []string) {
	for _, l := range source {
		mark := " "
		if l.Here {
			mark = ">"
		}
		code = append(code, fmt.Sprintf("%s%5d  %s", mark, l.Number, l.Text))
	}
	return code
}

func minorLines(all []advised, several bool, most int) (lines []string) {
	for _, a := range all[:min(most, len(all))] {
		l := a.Title
		if saves := a.saves(); saves != "" {
			l += ": " + saves
		} else if i := slices.IndexFunc(a.Evidence, func(e string) bool { return strings.HasPrefix(e, advise.NotKnown) }); i >= 0 {
			l += "; " + a.Evidence[i]
		}
		if several {
			l += " [" + a.of + "]"
		}
		lines = append(lines, l)
	}
	if rest := len(all) - most; rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", rest))
	}
	return lines
}

// sharesOf keeps the model's shares apart from those of other commands.
const sharesOf = "the collector's share is of " + advise.UsedCPU + "; debug analyze and the profiler tell it of " + advise.AllCPU

// modelled are the settings of which the model is asked.
var modelled = []int{25, 50, 100, 200, 400}

func modelGrid(m advise.Model) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "setting"}, {Head: "heap's peak", Right: true}, {Head: "collector", Right: true}, {Head: ""}}}
	settings := modelled
	if !slices.Contains(settings, m.GOGC) {
		settings = slices.Sorted(slices.Values(append([]int{m.GOGC}, settings...)))
	}
	for _, gogc := range settings {
		note := ""
		if gogc == m.GOGC {
			note = "as it was seen"
		}
		g.Rows = append(g.Rows, []string{fmt.Sprintf("GOGC=%d", gogc), bytes(m.Peak(gogc)), fmt.Sprintf("%.1f %%", 100*m.ShareAt(gogc)), note})
	}
	return g
}

// gapLines are the gaps of all subjects, each reason once.
func gapLines(all []advise.Subject) (lines []string) {
	for _, s := range all {
		for _, g := range s.Gaps {
			kinds := make([]string, len(g.Kinds))
			for i, k := range g.Kinds {
				kinds[i] = string(k)
			}
			l := fmt.Sprintf("%s: %s; what would allow it: %s", strings.Join(kinds, ", "), g.Why, g.Remedy)
			if !slices.Contains(lines, l) {
				lines = append(lines, l)
			}
		}
	}
	return lines
}

func checkGrid(all []advise.Check, several bool) *Grid {
	g := &Grid{Columns: []GridColumn{{Head: "saving"}, {Head: "kind"}, {Head: "expected", Right: true}, {Head: "measured", Right: true}, {Head: "95 %", Right: true}, {Head: "whole", Right: true}, {Head: "line"}}}
	if several {
		g.Columns = append(g.Columns, GridColumn{Head: "of"})
	}
	for _, c := range all {
		row := []string{string(c.Saving), string(c.Kind), "-", "-", "-", "-", dash(c.Where.Func != "", c.Where.Place())}
		per := strings.TrimPrefix(c.Unit, "B")
		if c.Expected > 0 {
			row[2] = sizeOf(c.Expected) + per
		}
		if m := c.Measured; m != nil {
			row[3] = balance(int64(m.Center)) + per
			row[4] = balance(int64(m.Low)) + " to " + balance(int64(m.High))
		}
		if c.Whole != nil {
			row[5] = balance(int64(c.Whole.Center)) + per
		}
		if several {
			row = append(row, c.Scenario)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func checkLines(all []advise.Check) (lines []string) {
	for _, c := range all {
		what := string(c.Kind)
		if c.Where.Func != "" {
			what = fmt.Sprintf("%s (%s)", c.Where.Place(), c.Kind)
		}
		if c.Reason != "" {
			lines = append(lines, what+": "+c.Reason)
		}
	}
	return lines
}

// containerWords say what container the frontier leaves room for.
func containerWords(f highwater.Frontier, container int64) string {
	if container <= 0 || f.Least == nil {
		return ""
	}
	return fmt.Sprintf("a container of %d MiB holds it there: the footprint that was measured with this limit, and a fifth more", (container+highwater.MiB-1)/highwater.MiB)
}
