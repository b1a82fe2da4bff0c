package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/highwater-dev/highwater"
)

// SARIF renders the Static Analysis Results Interchange Format 2.1.0 (OASIS). Each
// finding that is not well is a result that points at the line of the repository which
// allocates, with the fingerprints of the finding and of its allocation site. Accepted
// findings are there, suppressed.
type SARIF struct {
	// Locate finds the lines of the repository; see [Options].
	Locate Locate
}

var _ highwater.Reporter = SARIF{}

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	// maxResults is what GitHub's code scanning shows of a run.
	maxResults       = 5000
	maxRelated       = 5
	maxNotifications = 100
	// nowhere is the file that a result points at which has no line of its own: code
	// scanning refuses a result without a place, and a module has this file.
	nowhere = "go.mod"
	root    = "%SRCROOT%"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Automation  sarifAutomation   `json:"automationDetails"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
	Properties  map[string]string `json:"properties,omitempty"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name        string      `json:"name"`
	Version     string      `json:"version,omitempty"`
	Information string      `json:"informationUri"`
	Rules       []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
	Help  sarifText `json:"help"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Exit          int                 `json:"exitCode"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   map[string]any     `json:"properties,omitempty"`
}

type sarifLocation struct {
	ID       *int           `json:"id,omitempty"`
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI    string `json:"uri"`
	BaseID string `json:"uriBaseId"`
}

type sarifRegion struct {
	Line int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

// Render implements [highwater.Reporter].
func (s SARIF) Render(w io.Writer, r *highwater.Report) error {
	locate := Options{Locate: s.Locate}.locator(r)
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "highwater", Information: "https://github.com/highwater-dev/highwater", Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{Successful: r.Exit != highwater.ExitError, Exit: r.Exit}},
		Automation:  sarifAutomation{"highwater/"},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
	}
	if r.Run != nil {
		run.Tool.Driver.Version = name(r.Run.Tool)
	}
	all := append(problems(r), knowns(r)...)
	rules := map[string]int{}
	for i, p := range all {
		if i == maxResults {
			run.Invocations[0].Notifications = []sarifNotification{{"warning", sarifText{fmt.Sprintf("%d of %d findings left out for length; the JSON report has them all", len(all)-i, len(all))}}}
			break
		}
		rule := ruleOf(p)
		index, known := rules[rule.ID]
		if !known {
			index = len(run.Tool.Driver.Rules)
			rules[rule.ID], run.Tool.Driver.Rules = index, append(run.Tool.Driver.Rules, rule)
		}
		run.Results = append(run.Results, sarifOf(p, rule.ID, index, locate))
	}
	// An acceptance that is past, or for nothing, is among the notes.
	_, _, notes := asides(r)
	for i, n := range notes {
		if i == maxNotifications {
			break
		}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotification{"note", sarifText{remarkLine(n)}})
	}
	data, err := json.MarshalIndent(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}}, "", "  ")
	if err != nil {
		return fmt.Errorf("rendering the report as SARIF: %w", err)
	}
	_, err = w.Write(append(jsonSafe(data), '\n'))
	return err
}

// ruleOf is the kind of a finding: its check, and its metric where it has one.
func ruleOf(p problem) sarifRule {
	id, short := name(p.Check), name(p.Check)
	help := "See docs/gates.md and docs/stability.md."
	if m, ok := highwater.MetricByName(p.Metric); ok {
		id, short, help = id+"/"+m.Name, m.Title+" ("+short+")", m.Doc
	}
	if id == "" {
		id, short = "finding", "finding"
	}
	return sarifRule{id, sarifText{short}, sarifText{help}}
}

func sarifOf(p problem, rule string, index int, locate Locate) sarifResult {
	text := sentence(p.Reason)
	if text == "" {
		text = verdict(p.Verdict)
	}
	if p.Hint != "" {
		text += " Hint: " + sentence(p.Hint)
	}
	res := sarifResult{
		RuleID: rule, RuleIndex: index, Level: levelOf(p.Finding), Message: sarifText{text}, Fingerprints: fingerprints(p),
		Properties: map[string]any{"scenario": name(p.Scenario), "verdict": verdict(p.Verdict)},
	}
	for key, value := range map[string]string{"severity": string(p.Severity), "label": string(p.Label)} {
		if value != "" {
			res.Properties[key] = name(value)
		}
	}
	if p.Reference != nil && p.Observed != nil {
		res.Properties["change"] = finiteOr(p.Change, 0)
	}
	at, ok := locate.spotOf(p)
	if !ok {
		at = spot{nowhere, 1}
	}
	here := at.sarif()
	if id := name(p.Scenario); id != "" {
		here.Logical = []sarifLogical{{id, "member"}}
	}
	res.Locations = []sarifLocation{here}
	seen := map[spot]bool{at: true}
	for _, e := range p.Evidence {
		s, ok := locate.site(e.Site)
		if !ok || seen[s] || len(res.Related) == maxRelated {
			continue
		}
		seen[s] = true
		size, note := part(p.Finding, e)
		l := s.sarif()
		l.ID, l.Message = new(len(res.Related)), &sarifText{strings.TrimRight(fmt.Sprintf("%s, %s: %s %s", size, percent(e.Share), name(shortFunc(e.Site.Where.Func)), note), " ")}
		res.Related = append(res.Related, l)
	}
	if p.Known != "" {
		res.Suppressions = []sarifSuppression{{"external", "accepted", sentence(p.Known)}}
	}
	return res
}

func (s spot) sarif() sarifLocation {
	return sarifLocation{Physical: sarifPhysical{
		sarifArtifact{(&url.URL{Path: s.file}).EscapedPath(), root}, sarifRegion{max(s.line, 1)},
	}}
}

// levelOf is error for all that keeps a gate from passing by itself.
func levelOf(f highwater.Finding) string {
	switch f.Verdict {
	case highwater.VerdictWarn, highwater.VerdictInconclusive:
		return "warning"
	default:
		return "error"
	}
}

// fingerprints identify a finding over moved lines. GitHub goes by the first of them
// only, which its upload computes from the line's text where a file has none: that of a
// finding stays the same also when the line is changed.
func fingerprints(p problem) map[string]string {
	h := sha256.Sum256([]byte(strings.Join([]string{p.Scenario, p.Check, p.Metric, p.Fingerprint}, "\x00")))
	id := hex.EncodeToString(h[:12])
	prints := map[string]string{"primaryLocationLineHash": id, "highwaterFinding/v1": id}
	if site := name(p.Fingerprint); site != "" {
		prints["allocationSite/v1"] = site
	}
	return prints
}

func finiteOr(v, otherwise float64) float64 {
	if v-v != 0 {
		return otherwise
	}
	return v
}
