// Command highwater-chat is a reporter of its own: it makes a message for a chat of a
// report, as the body of an incoming webhook of Slack or Mattermost.
//
//	go build -o ~/bin/highwater-chat ./examples/chat
//	highwater report gates.json --format chat | curl --data @- -H 'Content-Type: application/json' "$WEBHOOK"
//
// It reads the report as JSON from its standard input, as docs/reporters.md has it, and
// sends nothing itself.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// document is what of the report a message needs.
type document struct {
	Schema int `json:"schema"`
	Report struct {
		Run     string `json:"run"`
		Verdict string `json:"verdict"`
		Rows    []struct {
			Verdict  string    `json:"verdict"`
			Findings []finding `json:"findings"`
		} `json:"rows"`
		Findings []finding `json:"findings"`
	} `json:"report"`
}

type finding struct {
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
	Known   string `json:"known"`
}

const shown = 5

// message words the report. What comes from it is text: a chat would make mentions and
// links of some of it.
func message(d document) string {
	findings := d.Report.Findings
	for _, row := range d.Report.Rows {
		findings = append(findings, row.Findings...)
	}
	var bad []string
	for _, f := range findings {
		switch f.Verdict {
		case "pass", "new", "unjudged", "unsupported", "warn":
		default:
			bad = append(bad, "• "+f.Verdict+": "+f.Reason)
		}
	}
	text := fmt.Sprintf("memory: %s, %d scenarios, run %s", d.Report.Verdict, len(d.Report.Rows), d.Report.Run)
	for i, b := range bad {
		if i == shown {
			text += fmt.Sprintf("\n… and %d more", len(bad)-shown)
			break
		}
		text += "\n" + b
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@\u2060").Replace(text)
}

func run(in io.Reader, out io.Writer) error {
	var d document
	if err := json.NewDecoder(in).Decode(&d); err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	if d.Schema != 1 {
		return fmt.Errorf("the report has schema %d, and this reporter knows 1", d.Schema)
	}
	return json.NewEncoder(out).Encode(map[string]string{"text": message(d)})
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "highwater-chat:", err)
		os.Exit(2)
	}
}
