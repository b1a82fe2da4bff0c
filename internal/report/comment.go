package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Comment renders what a pull request is told: the verdict first, then what became
// worse and what better with both values, what is over its limit, the lines of source
// behind it, what was not measured and why, and what is accepted. All else is folded.
// It is as long as the place allows at most, whatever the report holds.
type Comment struct {
	// Locate and Links make links of lines of source; see [Options].
	Locate Locate
	Links  Links
	// Limit is the most bytes, [CommentLimit] where it is 0.
	Limit int
	// Marker is the hidden first line by which the comment is found again, "" for none.
	Marker string
}

var _ highwater.Reporter = Comment{}

// The bounds of GitHub: the characters of a comment, of which there are no more than
// bytes, and the bytes of a step's summary, with some room for what others wrote there.
const (
	CommentLimit = maxMarkdown
	SummaryLimit = 1_000_000
)

// Render implements [highwater.Reporter].
func (c Comment) Render(w io.Writer, r *highwater.Report) error {
	limit := c.Limit
	if limit <= 0 || limit > SummaryLimit {
		limit = CommentLimit
	}
	d := &page{report: r, reserve: reserve, limit: limit, locate: Options{Locate: c.Locate}.locator(r), links: c.Links, remote: true}
	if c.Marker != "" {
		d.out.WriteString(c.Marker + "\n")
	}
	d.verdict()
	d.unmeasured()
	d.changed("Worse", "worse", func(p problem) bool { return isProblem(p.Verdict) && p.Known == "" })
	d.limits()
	d.behind()
	d.soaks()
	d.knowns()
	d.changed("Better", "better", better)
	d.notes()
	d.mismatches()
	d.reproduce()
	d.unchanged()
	d.asides()
	d.reserve = notesReserve
	d.environment()
	_, err := io.WriteString(w, d.out.String())
	return err
}

// comparisons are the findings that compare two values, of all rows but soaks.
func comparisons(r *highwater.Report, wanted func(problem) bool) []problem {
	return slices.DeleteFunc(apart(sorted(r, func(f highwater.Finding) bool { return f.Reference != nil && f.Observed != nil })),
		func(p problem) bool { return !wanted(p) })
}

// better is a change for the better that is as large and as sure as one for the worse
// must be.
func better(p problem) bool {
	m, ok := highwater.MetricByName(p.Metric)
	if !ok || isProblem(p.Verdict) || p.Threshold == nil {
		return false
	}
	gain, sure := p.Reference.Center-p.Observed.Center, p.ChangeHigh < 0
	if m.HigherIsBetter {
		gain, sure = -gain, p.ChangeLow > 0
	}
	return sure && gain > 0 && gain >= p.Threshold.Allowance(p.Reference.Center)
}

// changed is a table of changes, each with both values.
func (d *page) changed(title, noun string, wanted func(problem) bool) {
	var lines []string
	for _, p := range comparisons(d.report, wanted) {
		m, ok := highwater.MetricByName(p.Metric)
		if !ok {
			m = highwater.Metric{Name: p.Metric, Title: p.Metric}
		}
		severity := mark(p.Verdict)
		if about := p.about(); about != "" {
			severity += ", " + prose(about)
		}
		if noun == "better" {
			severity = "✅ better"
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s | **%s** | %s | %s |\n", codeSpan(p.Scenario), prose(m.Title),
			m.Format(p.Reference.Center), m.Format(p.Observed.Center), change(p.Change), interval(p.Finding), severity))
	}
	d.block("\n### "+title+"\n\n| scenario | metric | before | after | change | 95 % interval | severity |\n|---|---|--:|--:|--:|--:|---|\n", lines, "", "changes for the "+noun)
}

// interval is that of a change. Figures that do not scatter have none.
func interval(f highwater.Finding) string {
	if f.ChangeLow == 0 && f.ChangeHigh == 0 || math.IsNaN(f.ChangeLow+f.ChangeHigh) {
		return "–"
	}
	return change(f.ChangeLow) + " … " + change(f.ChangeHigh)
}

// limits is the table of what is over its own limit.
func (d *page) limits() {
	var lines []string
	for _, p := range apart(problems(d.report)) {
		if p.Limit == nil || p.Observed == nil || p.Reference != nil || p.Verdict == highwater.VerdictError {
			continue
		}
		m, ok := highwater.MetricByName(p.Metric)
		if !ok {
			m = highwater.Metric{Name: p.Metric, Title: p.Metric}
		}
		over := "–"
		if p.Limit.Bound != 0 {
			over = change(p.Observed.Center/p.Limit.Bound - 1)
		}
		severity := mark(p.Verdict)
		if about := p.about(); about != "" {
			severity += ", " + prose(about)
		}
		why := ""
		if p.Limit.Reason != "" {
			why = "<br>" + prose(p.Limit.Reason)
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s%s | %s | **%s** | %s |\n", codeSpan(p.Scenario), prose(m.Title), bound(m, p.Limit.Bound), why, m.Format(p.Observed.Center), over, severity))
	}
	d.block("\n### Over the limit\n\n| scenario | metric | limit | value | over by | severity |\n|---|---|--:|--:|--:|---|\n", lines, "", "broken limits")
}

// behind says which lines of source are behind what failed, the worst first. A
// scenario whose figures have the same sites is told of once.
func (d *page) behind() {
	all := slices.DeleteFunc(apart(problems(d.report)), func(p problem) bool { return len(p.Evidence) == 0 && explained(p.Finding) == nil })
	var lines []string
	for i, p := range all {
		same := func(q problem) bool { return sameEvidence(q, p) }
		if slices.ContainsFunc(all[:i], same) {
			continue
		}
		lines = append(lines, d.finding(p, false, i > 0 && sameHunk(all[i-1], p)))
	}
	d.block("\n### Lines responsible\n", lines, "", "findings")
	// The tables have figures, and not why: that an acceptance is past, or what a check of
	// somebody's own has found, which may have no figure at all.
	lines = nil
	for _, p := range apart(problems(d.report)) {
		if p.Verdict == highwater.VerdictFail && len(p.Evidence) == 0 && explained(p.Finding) == nil {
			lines = append(lines, d.finding(p, false, false))
		}
	}
	d.block("\n### With no line to blame\n", lines, "", "findings")
}

// unmeasured says first of all what could not be measured or judged: it is no pass.
func (d *page) unmeasured() {
	var lines []string
	for _, p := range apart(problems(d.report)) {
		if p.Verdict == highwater.VerdictFail || p.Verdict == highwater.VerdictWarn || p.Observed != nil || len(p.Evidence) > 0 {
			continue
		}
		lines = append(lines, d.finding(p, false, false))
	}
	d.block("\n### Not measured, and why\n", lines, "", "findings")
}

// notes stand where they are seen: an acceptance that is past, or for nothing.
func (d *page) notes() {
	d.told = true
	var lines []string
	for _, n := range d.report.Notes {
		lines = append(lines, "- "+prose(n)+"\n")
	}
	d.block("\n### Notes\n\n", lines, "", "notes")
}

// reproduce is the line that makes the same on a laptop.
func (d *page) reproduce() {
	var lines []string
	for _, l := range locally(d.report) {
		// A fence, so that it can be copied; a backtick could end it, and a quoted word
		// with one in it is of no use to copy.
		lines = append(lines, "\n```sh\n"+strings.ReplaceAll(l, "`", "ˋ")+"\n```\n")
	}
	d.block("\nTo see the same locally:\n", lines, "", "commands")
}

// outputs are flags that only say where a report goes, and whether they take a value
// in the next argument.
var outputs = map[string]bool{"--output": true, "-o": true, "--format": true, "--quiet": false, "-q": false, "--verbose": false, "-v": false}

// locally are the commands of the run, or of several merged ones, without what only says
// where a report went, each behind the commit that it was made of, and on one line. A
// pipeline may have measured a commit that no branch has, such as the merge of a pull
// request: it is asked of the remote first.
func locally(r *highwater.Report) []string {
	at := ""
	if rev := r.Env.Revision; rev != "" && (r.Head == nil || r.Head.Revision == rev) {
		if len(rev) >= 40 {
			at = "git fetch origin " + shellQuote(rev) + "; "
		}
		at += "git checkout " + shellQuote(rev) + " && "
	}
	var lines []string
	for _, c := range commandsOf(r) {
		lines = append(lines, shorten(clean(clip(at+strings.Join(withoutOutputs(c), " "))), maxSentence))
	}
	return lines
}

// commandsOf are the commands that made what the report is of.
func commandsOf(r *highwater.Report) [][]string {
	switch {
	case len(r.Commands) > 0:
		return r.Commands
	case r.Run != nil && len(r.Run.Command) > 0:
		return [][]string{r.Run.Command}
	}
	return nil
}

// withoutOutputs quotes the words of a command but those that say where its report goes.
func withoutOutputs(command []string) []string {
	var words []string
	skip := false
	for i, w := range command {
		flag, _, both := strings.Cut(w, "=")
		takes, is := outputs[flag]
		switch {
		case skip:
			skip = false
		case w == "--":
			for _, rest := range command[i:] {
				words = append(words, shellQuote(rest))
			}
			return words
		case is:
			skip = takes && !both
		default:
			words = append(words, shellQuote(w))
		}
	}
	return words
}

// unchanged folds the scenarios that nothing is to be said of.
func (d *page) unchanged() {
	var lines []string
	for _, row := range gateRows(d.report) {
		if !isProblem(row.Verdict) {
			lines = append(lines, d.tableRow(row))
		}
	}
	head := fmt.Sprintf("\n<details><summary>%s unchanged or within its limits</summary>\n", number(len(lines), "scenario", "scenarios"))
	if len(lines) != 1 {
		head = strings.Replace(head, "its limits", "their limits", 1)
	}
	d.block(head+d.tableHead(), lines, "\n</details>\n", "unchanged scenarios")
}
