package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/highwater-dev/highwater"
)

// HTML renders one page that needs nothing besides itself: no script, no font, no
// picture from elsewhere, and a policy that forbids them. What comes from outside
// passes through escape.go, and then as text through html/template.
type HTML struct{}

var _ highwater.Reporter = HTML{}

//go:embed report.gohtml
var pageSource string

var pageTemplate = template.Must(template.New("report").Parse(pageSource))

// Render implements [highwater.Reporter].
func (HTML) Render(w io.Writer, r *highwater.Report) error {
	var b strings.Builder
	if err := pageTemplate.Execute(&b, htmlView(r)); err != nil {
		return fmt.Errorf("rendering the report as HTML: %w", err)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// htmlPage is what the template shows. All of its texts are fit to be shown, and none
// of them is markup.
type htmlPage struct {
	Title, Tally    string
	Verdict         badge
	Meta            []string
	Soaks           []htmlSoak
	Table           *htmlTable
	Legend          string
	Findings, Known []htmlFinding
	Asides          []htmlAside
	Environment     []htmlFact
	Command         []string // each a line for a shell
	RunFile         string
}

// badge is a verdict with its colour; its name tells it without.
type badge struct{ Name, Class string }

func badgeOf(v highwater.Verdict) badge {
	class := map[ink]string{good: "good", caution: "caution", bad: "bad", dim: "dim"}[inkOf(v)]
	return badge{verdict(v), class}
}

type htmlFact struct{ Label, Text string }

type htmlAside struct {
	Title string
	Lines []string
}

type htmlTable struct {
	Heads []htmlCell
	Rows  [][]htmlCell
}

type htmlCell struct {
	Text, More string
	Right      bool
	Failed     bool
	Badge      *badge
}

type htmlFinding struct {
	Verdict                badge
	Scenario, Metric       string
	About, Reason          string
	Evidence               []htmlEvidence
	Diff                   string
	Hunk                   []htmlLine
	Printed                []string
	Hint, Command, Known   string
	EvidenceLeft, HunkLeft string
}

type htmlEvidence struct{ Size, Share, Func, Place, Note string }

// htmlLine is a line of a hunk, with its kind.
type htmlLine struct{ Class, Text string }

type htmlSoak struct {
	Scenario, Headline string
	Verdict            badge
	Facts              []htmlFact
	Main               []svgChart
	HasTrend, HasWarm  bool
	Of                 string
	Charts             []svgChart
	Suspects           []suspectView
	SuspectCharts      []svgChart
	Findings           []htmlFinding
	Asides             []htmlAside
}
