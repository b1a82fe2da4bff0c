package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Annotations renders workflow commands, which GitHub Actions shows beside the lines of
// a change: the worst findings as errors, what is only a warning as such, notices of what
// is accepted and what to know, and one with the verdict. They are printed to a step's standard output.
type Annotations struct {
	// Locate finds the lines of the repository; see [Options].
	Locate Locate
}

var _ highwater.Reporter = Annotations{}

// maxAnnotations is how many of one kind GitHub takes of a step.
const maxAnnotations = 10

// Annotation is a remark on a line of the repository, or on none.
type Annotation struct {
	Level   string // error, warning or notice
	File    string // from the root of the repository, "" for none
	Line    int    // from 1
	Title   string
	Message string
}

// Annotate returns the findings that are not well, the worst first, and those that are
// accepted as notices. Everything in them is fit to be shown.
func Annotate(r *highwater.Report, locate Locate) []Annotation {
	locate = Options{Locate: locate}.locator(r)
	var all []Annotation
	add := func(p problem, level, message string) {
		a := Annotation{Level: level, Title: strings.TrimSpace(verdict(p.Verdict) + " " + name(p.Scenario)), Message: message}
		if s, ok := locate.spotOf(p); ok {
			a.File, a.Line = s.file, s.line
		}
		all = append(all, a)
	}
	for _, p := range problems(r) {
		message := sentence(p.Reason)
		if p.Hint != "" {
			message += " (" + sentence(p.Hint) + ")"
		}
		level := levelOf(p.Finding)
		if r.Exit == highwater.ExitOK {
			level = "warning"
		}
		add(p, level, message)
	}
	for _, p := range knowns(r) {
		add(p, "notice", sentence(p.Reason)+" ("+sentence(p.Known)+")")
	}
	return all
}

// Render implements [highwater.Reporter].
func (a Annotations) Render(w io.Writer, r *highwater.Report) error {
	var b strings.Builder
	said, left := map[string]int{}, 0
	most := map[string]int{"error": maxAnnotations, "warning": maxAnnotations, "notice": maxAnnotations - 1}
	all := Annotate(r, a.Locate)
	_, _, notes := asides(r)
	for _, n := range notes {
		all = append(all, Annotation{Level: "notice", Title: "highwater note", Message: remarkLine(n)})
	}
	for _, n := range all {
		if said[n.Level] == most[n.Level] {
			left++
			continue
		}
		said[n.Level]++
		b.WriteString(n.command())
	}
	text := Headline(r)
	if left > 0 {
		text += fmt.Sprintf("; %s besides, in the summary", number(left, "finding or note", "findings and notes"))
	}
	b.WriteString(Annotation{Level: "notice", Title: "highwater", Message: text}.command())
	_, err := io.WriteString(w, b.String())
	return err
}

var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// command is the annotation as the runner reads it. Its message cannot begin another
// command: it stands on the same line.
func (a Annotation) command() string {
	var properties []string
	add := func(key, value string) {
		if value != "" {
			properties = append(properties, key+"="+commandProperty.Replace(value))
		}
	}
	if a.File != "" {
		add("file", a.File)
		add("line", fmt.Sprint(a.Line))
	}
	add("title", a.Title)
	return fmt.Sprintf("::%s %s::%s\n", a.Level, strings.Join(properties, ","), commandData.Replace(a.Message))
}

// Headline is the report in one line: fail: 8 scenarios: 1 fail, 7 pass.
func Headline(r *highwater.Report) string { return verdict(r.Verdict) + ": " + sentence(tally(r)) }
