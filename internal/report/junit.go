package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// JUnit renders the XML that build servers read as results of tests: a test case for
// each scenario. What failed is a failure, what was not measured or could not be judged
// an error; what nobody judged is skipped, and never passed. The exit status and the
// counts agree: where the policy lets a failure pass, it is skipped with its reason.
type JUnit struct {
	// Locate finds the lines of the repository; see [Options].
	Locate Locate
}

var _ highwater.Reporter = JUnit{}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
	Out      string      `xml:"system-out,omitempty"`

	seconds float64
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Line    int          `xml:"line,attr,omitempty"`
	Time    string       `xml:"time,attr"`
	Failure *junitResult `xml:"failure,omitempty"`
	Error   *junitResult `xml:"error,omitempty"`
	Skipped *junitResult `xml:"skipped,omitempty"`
	Out     string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Render implements [highwater.Reporter].
func (j JUnit) Render(w io.Writer, r *highwater.Report) error {
	all := junitSuites{Name: "highwater", Time: junitSeconds(r.Seconds)}
	add := func(suite string, c junitCase, seconds float64) {
		i := slices.IndexFunc(all.Suites, func(s junitSuite) bool { return s.Name == suite })
		if i < 0 {
			i, all.Suites = len(all.Suites), append(all.Suites, junitSuite{Name: suite})
		}
		c.Class, c.Time = suite, junitSeconds(seconds)
		all.Suites[i].add(c, seconds)
	}
	locate := Options{Locate: j.Locate}.locator(r)
	for i := range r.Rows {
		row := &r.Rows[i]
		plain := row.Scenario
		plain.Suite = ""
		c := junitCase{Name: name(plain.ID())}
		c.judge(r, row.Verdict, caseFindings(r, row), locate)
		c.Out = noted(c.Out, row.Notes)
		add(suiteName(row.Scenario.Suite), c, row.Seconds)
	}
	// What belongs to no row: scenarios that are missing, a baseline that cannot be read.
	for _, p := range sorted(r, func(highwater.Finding) bool { return true }) {
		if p.row != nil {
			continue
		}
		suite, of := "highwater", p.Check
		if i := strings.LastIndexByte(p.Scenario, '/'); i > 0 {
			suite, of = p.Scenario[:i], p.Scenario[i+1:]
		} else if p.Scenario != "" {
			of = p.Scenario
		}
		c := junitCase{Name: name(of)}
		c.judge(r, p.Verdict, []problem{p}, locate)
		add(suiteName(suite), c, 0)
	}
	if r.Run != nil {
		for _, s := range r.Run.Skipped {
			add("skipped", junitCase{Name: name(s.Scenario), Skipped: &junitResult{Message: sentence(s.Reason)}}, 0)
		}
	}
	for i := range all.Suites {
		s := &all.Suites[i]
		if i == 0 {
			s.Out = noted("", r.Notes) // which are of the whole
		}
		s.Time = junitSeconds(s.seconds)
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	data, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("rendering the report as JUnit XML: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
	return err
}

// noted adds notes to what a case says.
func noted(out string, notes []string) string {
	var lines []string
	if out != "" {
		lines = append(lines, out)
	}
	for _, n := range notes {
		lines = append(lines, "note: "+sentence(n))
	}
	return strings.Join(lines, "\n")
}

func suiteName(s string) string {
	if s = name(s); s == "" {
		return "highwater"
	}
	return s
}

func junitSeconds(s float64) string {
	if !(s >= 0) || s > 1e9 {
		s = 0
	}
	return strconv.FormatFloat(s, 'f', 3, 64)
}

func (s *junitSuite) add(c junitCase, seconds float64) {
	s.Cases, s.Tests, s.seconds = append(s.Cases, c), s.Tests+1, s.seconds+max(seconds, 0)
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// caseFindings are the row's findings that say why its verdict is what it is.
func caseFindings(r *highwater.Report, row *highwater.Row) []problem {
	return slices.DeleteFunc(sorted(r, func(f highwater.Finding) bool { return f.Verdict != highwater.VerdictPass }),
		func(p problem) bool { return p.row != row })
}

// judge makes the result of a verdict and its findings.
func (c *junitCase) judge(r *highwater.Report, v highwater.Verdict, findings []problem, locate Locate) {
	var text []string
	message := verdict(v)
	for i, p := range findings {
		if s, ok := locate.spotOf(p); ok && c.File == "" {
			c.File, c.Line = s.file, s.line
		}
		said := sentence(p.Reason)
		if i == 0 && said != "" {
			message = said
		}
		text = append(text, junitText(r, p)...)
	}
	result := &junitResult{Message: message, Type: verdict(v), Text: strings.Join(text, "\n")}
	bad := isProblem(v) && v != highwater.VerdictWarn
	switch {
	case bad && r.Exit == highwater.ExitOK:
		result.Message = "allowed: " + result.Message
		c.Skipped = result
	case v == highwater.VerdictFail || v == highwater.VerdictMissing:
		c.Failure = result
	case bad:
		c.Error = result
	case v == highwater.VerdictUnjudged || v == highwater.VerdictUnsupported:
		c.Skipped = result
	default:
		c.Out = result.Text
	}
}

// junitText is a finding with its lines.
func junitText(r *highwater.Report, p problem) []string {
	head := verdict(p.Verdict)
	for _, s := range []string{name(p.Metric), p.about()} {
		if s != "" {
			head += " " + s
		}
	}
	lines := []string{head + ": " + sentence(p.Reason)}
	for i, e := range p.Evidence {
		if i == sitesShown {
			lines = append(lines, "  and "+number(len(p.Evidence)-i, "more site", "more sites"))
			break
		}
		size, note := part(p.Finding, e)
		lines = append(lines, strings.TrimRight(fmt.Sprintf("  %s %s %s %s %s", size, percent(e.Share), name(shortFunc(e.Site.Where.Func)), name(place(e.Site.Where)), note), " "))
	}
	for _, l := range p.printed(r, tailShown) {
		lines = append(lines, "  | "+l)
	}
	for _, s := range []struct{ label, text string }{{"hint", p.Hint}, {"accepted", p.Known}, {"see", p.command()}} {
		if s.text != "" {
			lines = append(lines, "  "+s.label+": "+sentence(s.text))
		}
	}
	return lines
}
