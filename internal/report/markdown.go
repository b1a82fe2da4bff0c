package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Markdown renders for a pull request's comment: the verdict first, then what
// needs attention, and the rest folded away. It stays below GitHub's bound
// whatever the report holds.
type Markdown struct{}

var _ highwater.Reporter = Markdown{}

// maxMarkdown is one less than the characters that GitHub takes in a comment.
// Bytes are counted, of which there are no fewer.
const maxMarkdown = 65_535

// reserve is kept for the environment, the last section, and notesReserve for
// what has to be said of each section that was cut.
const reserve, notesReserve = 6_000, 1_000

// Render implements [highwater.Reporter].
func (Markdown) Render(w io.Writer, r *highwater.Report) error {
	d := &page{report: r, reserve: reserve, limit: maxMarkdown}
	d.verdict()
	d.soaks()
	d.rows()
	d.findings()
	d.knowns()
	d.mismatches()
	d.passing()
	d.asides()
	d.reserve = notesReserve
	d.environment()
	_, err := io.WriteString(w, d.out.String())
	return err
}

// page is a document of limited length under construction.
type page struct {
	report  *highwater.Report
	reserve int
	limit   int // of bytes
	out     strings.Builder

	locate Locate // nil: lines of source are not linked
	links  Links
	told   bool // the notes of the report stand elsewhere
	remote bool // it is read on another machine than it was measured on
}

// block writes lines between a head and a foot for as long as they fit, and then
// says how many there are besides. Without room for the head and one line it
// writes the count only.
func (d *page) block(head string, lines []string, foot, noun string) {
	if len(lines) == 0 {
		return
	}
	room := d.limit - d.reserve - d.out.Len() - len(head) - len(foot)
	n := 0
	for n < len(lines) && len(lines[n]) <= room {
		room -= len(lines[n])
		n++
	}
	if n > 0 {
		d.out.WriteString(head)
		for _, l := range lines[:n] {
			d.out.WriteString(l)
		}
		d.out.WriteString(foot)
	}
	if left := len(lines) - n; left > 0 {
		fmt.Fprintf(&d.out, "\n_%d of %d %s left out for length; the JSON report has them all._\n", left, len(lines), noun)
	}
}

var marks = map[highwater.Verdict]string{
	highwater.VerdictPass: "✅", highwater.VerdictNew: "🆕", highwater.VerdictWarn: "⚠️", highwater.VerdictInconclusive: "❔",
	highwater.VerdictUnjudged: "➖", highwater.VerdictUnsupported: "➖",
}

// mark is a sign and the verdict's name, so that neither colour nor a picture
// alone tells it.
func mark(v highwater.Verdict) string {
	m, ok := marks[v]
	if !ok {
		m = "❌"
	}
	return m + " " + prose(verdict(v))
}

func (d *page) verdict() {
	r := d.report
	fmt.Fprintf(&d.out, "## %s: memory of %s\n", mark(r.Verdict), strings.SplitN(prose(tally(r)), ":", 2)[0])
	parts := []string{prose(tally(r))}
	if r.BaseName != "" {
		parts = append(parts, against(r)+codeSpan(r.BaseName))
	}
	parts = append(parts, seconds(r.Seconds), "run "+codeSpan(r.RunID))
	fmt.Fprintf(&d.out, "\n%s\n", strings.Join(parts, ", "))
	d.sources()
}

// tableHead heads the tables; columns of numbers are to the right.
func (d *page) tableHead() string {
	head, rule := "\n| scenario | verdict |", "\n|---|---|"
	for _, metric := range shown(d.report) {
		m, _ := highwater.MetricByName(metric)
		head, rule = head+" "+m.Title+" |", rule+"--:|"
	}
	if d.report.BaseName != "" {
		head, rule = head+" vs base |", rule+"--:|"
	}
	if commands(d.report) {
		return head + " budget |" + rule + "---|\n"
	}
	return head + " budget | behind the peak |" + rule + "---|---|\n"
}

func (d *page) tableRow(row *highwater.Row) string {
	cells := []string{codeSpan(row.Scenario.ID()), mark(row.Verdict)}
	for _, metric := range shown(d.report) {
		text := figure(row, metric)
		if failed(row, metric) {
			text = "**" + text + "**"
		}
		cells = append(cells, text)
	}
	if d.report.BaseName != "" {
		cells = append(cells, versus(row))
	}
	limits := budget(row)
	if said := reasons(row); said != "" {
		limits += "<br>" + prose(said)
	}
	cells = append(cells, limits)
	if !commands(d.report) {
		source := ""
		if l, ok := behind(row.Sites); ok {
			source = d.site(highwater.Site{Where: l.where}) + " " + percent(l.share)
		}
		cells = append(cells, source)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// site names a line of source, and links it where it is one of the repository. One of a
// dependency is named with the line of the repository that led there.
func (d *page) site(s highwater.Site) string {
	text := func(f highwater.Frame) string {
		return strings.TrimSpace(codeSpan(shortFunc(f.Func)) + " " + codeSpan(place(f)))
	}
	if d.locate == nil || d.links == nil {
		return text(s.Where)
	}
	for i, f := range append([]highwater.Frame{s.Where}, s.Stack...) {
		file, ok := d.locate(f)
		if !ok {
			continue
		}
		address := d.links(d.commit(), file, f.Line)
		if address == "" {
			break
		}
		linked := "[" + text(f) + "](" + parentheses.Replace(address) + ")"
		if i > 0 && f != s.Where {
			return text(s.Where) + " through " + linked
		}
		return linked
	}
	return text(s.Where)
}

// parentheses would end the address of a link.
var parentheses = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "|", "%7C", "`", "%60")

// commit is the one that lines are of: where the work tree was another, they are near.
func (d *page) commit() string {
	revision := d.report.Env.Revision
	if d.report.Head != nil && d.report.Head.Revision != "" {
		revision = d.report.Head.Revision
	}
	if len(revision) > 64 || strings.Trim(revision, "0123456789abcdef") != "" {
		return "" // no hash, and nothing to make an address of
	}
	return revision
}

// rows is the table of those that did not simply pass.
func (d *page) rows() {
	var lines []string
	for _, row := range gateRows(d.report) {
		if row.Verdict != highwater.VerdictPass {
			lines = append(lines, d.tableRow(row))
		}
	}
	d.block(d.tableHead(), lines, "", "scenarios")
}

// passing folds the table of those that passed.
func (d *page) passing() {
	var lines []string
	for _, row := range gateRows(d.report) {
		if row.Verdict == highwater.VerdictPass {
			lines = append(lines, d.tableRow(row))
		}
	}
	head := fmt.Sprintf("\n<details><summary>%s passed</summary>\n", number(len(lines), "scenario", "scenarios"))
	d.block(head+d.tableHead(), lines, "\n</details>\n", "passing scenarios")
}

func (d *page) findings() {
	all := apart(problems(d.report)) // those of a soak stand in its section
	var lines []string
	for i, f := range all {
		lines = append(lines, d.finding(f, i > 0 && sameEvidence(all[i-1], f), i > 0 && sameHunk(all[i-1], f)))
	}
	d.block("\n### Findings\n", lines, "", "findings")
}

func (d *page) knowns() {
	var lines []string
	for _, f := range knowns(d.report) {
		lines = append(lines, "- "+codeSpan(f.Scenario)+": "+prose(f.Reason)+"<br>"+prose(f.Known)+"\n")
	}
	d.block("\n### Known regressions\n\n", lines, "", "known regressions")
}

func (d *page) finding(f problem, same, told bool) string {
	var b strings.Builder
	head := []string{"**" + mark(f.Verdict) + "**"}
	for _, s := range []string{codeSpan(f.Scenario), codeSpan(f.Metric)} {
		if s != "" {
			head = append(head, s)
		}
	}
	if about := f.about(); about != "" {
		head = append(head, "("+prose(about)+")")
	}
	fmt.Fprintf(&b, "\n- %s<br>%s\n", strings.Join(head, " "), prose(f.Reason))
	if same {
		b.WriteString("  - the same sites as above\n")
	}
	for i, e := range f.Evidence {
		if same {
			break
		}
		if i == sitesShown {
			fmt.Fprintf(&b, "  - and %s\n", number(len(f.Evidence)-i, "more site", "more sites"))
			break
		}
		size, note := part(f.Finding, e)
		if note != "" {
			note = " (" + prose(note) + ")"
		}
		fmt.Fprintf(&b, "  - %s, %s: %s%s\n", size, percent(e.Share), d.site(e.Site), note)
	}
	if e := explained(f.Finding); e != nil && !same && !told {
		b.WriteString(diffBlock(*e.Hunk))
	}
	if printed := f.printed(d.report, tailShown); len(printed) > 0 {
		// A list item's paragraph rather than a fence, which the output could end.
		for _, l := range printed {
			if code := codeSpan(l); code != "" {
				fmt.Fprintf(&b, "  - %s\n", code)
			}
		}
	}
	if f.Hint != "" {
		fmt.Fprintf(&b, "  - hint: %s\n", prose(f.Hint))
	}
	if c := f.command(); c != "" && !same && !d.remote {
		fmt.Fprintf(&b, "  - see: %s\n", codeSpan(c))
	}
	return b.String()
}

func (d *page) mismatches() {
	var lines []string
	for _, m := range d.report.Mismatches {
		what, consequence := differs(m)
		lines = append(lines, "- "+prose(what+": "+consequence)+"\n")
	}
	d.block("\n### Conditions that differ from the baseline's\n\n", lines, "", "conditions")
}

func (d *page) asides() {
	var lines []string
	for i := range d.report.Rows {
		row := &d.report.Rows[i]
		for _, text := range besides(d.report, row) {
			lines = append(lines, "- "+codeSpan(row.Scenario.ID())+": "+prose(text)+"\n")
		}
	}
	d.block("\n<details><summary>Sessions and child processes</summary>\n\n", lines, "\n</details>\n", "figures")
	unmeasured, unjudged, notes := asides(d.report)
	for _, s := range []struct {
		title string
		said  remarks
	}{{"Not measured", unmeasured}, {"New, or not judged", unjudged}, {"Notes", notes}} {
		var lines []string
		for _, r := range s.said {
			if d.told && slices.Equal(r.scenarios, []string{""}) {
				continue
			}
			var names []string
			for _, id := range r.scenarios {
				if c := codeSpan(id); c != "" {
					names = append(names, c)
				}
			}
			of := ""
			if len(names) > 0 {
				of = " (" + some(names, 4) + ")"
			}
			lines = append(lines, "- "+prose(r.text)+of+"\n")
		}
		d.block("\n<details><summary>"+s.title+"</summary>\n\n", lines, "\n</details>\n", "remarks")
	}
}

func (d *page) environment() {
	var lines []string
	for _, c := range environment(d.report.Env) {
		if code := codeSpan(c.text); code != "" {
			lines = append(lines, "- "+c.label+": "+code+"\n")
		}
	}
	d.block("\n<details><summary>Environment</summary>\n\n", lines, "\n</details>\n", "conditions")
}

// environment lists the conditions of a run, not yet fit to be shown.
func environment(e highwater.Environment) []fact {
	text := func(n int64) string {
		if n <= 0 {
			return ""
		}
		return bytes(n)
	}
	return []fact{
		{"Go", e.Go},
		{"system", strings.Trim(e.GOOS+"/"+e.GOARCH, "/")},
		{"kernel", e.Kernel},
		{"CPU", e.CPU},
		{"memory", text(e.MemoryBytes)},
		{"memory limit", text(e.MemoryLimit)},
		{"GOGC", e.GOGC},
		{"GOMEMLIMIT", e.GOMEMLIMIT},
		{"GOMAXPROCS", fmt.Sprint(e.GOMAXPROCS)},
		{"GODEBUG", e.GODEBUG},
		{"module", e.Module},
		{"revision", e.Revision},
		{"branch", e.Branch},
	}
}
