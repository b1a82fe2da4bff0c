package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// named is a report whose every scenario and function has that name.
func named(text string) *highwater.Report {
	r := betterSample()
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Scenario.Name, row.Scenario.Suite, row.Scenario.Variant = text, text, text
		for k := range row.Sites {
			row.Sites[k].Where.Func = text
		}
		for k := range row.Findings {
			f := &row.Findings[k]
			f.Scenario, f.Reason, f.Hint = row.Scenario.ID(), text, text
			for n := range f.Evidence {
				f.Evidence[n].Site.Where.Func, f.Evidence[n].Site.Where.File = text, text
			}
		}
	}
	r.Notes, r.BaseName = []string{text}, text
	return r
}

// parses are the formats that a program reads: what was written is still one of them.
var parses = map[string]func(string) error{
	"json":  func(s string) error { return json.Unmarshal([]byte(s), new(any)) },
	"sarif": func(s string) error { return json.Unmarshal([]byte(s), new(sarifLog)) },
	"junit": func(s string) error {
		for d := xml.NewDecoder(strings.NewReader(s)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	},
	"github": func(s string) error {
		for l := range strings.Lines(s) {
			if command.FindStringSubmatch(strings.TrimSuffix(l, "\n")) == nil {
				return errors.New("not a command: " + l)
			}
		}
		return nil
	},
	"comment":  func(string) error { return nil }, // TestCommentIsSafe reads these
	"markdown": func(string) error { return nil },
	"html": func(s string) error {
		if strings.Contains(s, "<script") || strings.Contains(s, "<img") {
			return errors.New("markup of a name")
		}
		return nil
	},
}

// mostHostile is far more than a report of nine scenarios is, and less than what names of
// 10,000 characters would make of it if they were shown whole: they are shortened.
const mostHostile = 600_000

// Whatever things are called: no format passes on what acts on a terminal, reorders text
// or is markup, and each is read by what reads such a format.
func TestHostileNames(t *testing.T) {
	for what, text := range map[string]string{
		"markup":            `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "`]](http://evil.example)|",
		"control":           "a\x1b[2J\x1b]0;owned\x07\r\n::error::owned\nb\x00\x7f",
		"xml":               "]]><![CDATA[&#0;&lol;\ufffe\uffff",
		"right to left":     "\u202egnp.exe\u2066\u200f",
		"10,000 characters": strings.Repeat("0123456789", 1000),
		"wide":              strings.Repeat("\U0001F600\u0301", 5000),
		"not UTF-8":         "\xff\xfe\xc3(",
		"empty":             "",
		"a space":           " ",
		"everything":        hostileText,
	} {
		r := named(text)
		for _, format := range Names() {
			reporter, err := ByName(format, Options{Locate: inMidterm, Links: linked})
			if err != nil {
				t.Fatal(err)
			}
			out := render(t, reporter, r)
			visible := strings.NewReplacer("\n", "", "\u2060", "", "\t", "").Replace(out)
			if c, bad := unsafe(visible); bad {
				t.Errorf("%s in %s: %U in the output", what, format, c)
			}
			if parse := parses[format]; parse != nil {
				if err := parse(out); err != nil {
					t.Errorf("%s in %s: %v", what, format, err)
				}
			}
			switch format {
			case "comment":
				checkMarkdown(t, what, out)
			case "bench":
				if got, _ := lines(t, out); len(got) == 0 {
					t.Errorf("%s: no benchmark is read back", what)
				}
			}
			if format != "json" && len(out) > mostHostile { // which has everything
				t.Errorf("%s in %s: %d bytes", what, format, len(out))
			}
		}
	}
}

func FuzzFormats(f *testing.F) {
	for _, s := range []string{"plain", hostileText, "a%0A::error::b", "]]>", "\x00\u202e", "100%25"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := newReport()
		row := measured(r, highwater.ScenarioInfo{Suite: text, Name: text}, 1000)
		fail(r, row, highwater.Finding{Check: text, Metric: text, Verdict: highwater.VerdictFail, Reason: text, Known: ""})
		for _, format := range []string{"junit", "sarif", "github"} {
			reporter, err := ByName(format, Options{})
			if err != nil {
				t.Fatal(err)
			}
			out := render(t, reporter, r)
			if err := parses[format](out); err != nil {
				t.Errorf("%s: %v in %q", format, err, out)
			}
			if c, bad := unsafe(strings.ReplaceAll(out, "\n", "")); bad {
				t.Errorf("%s: %U", format, c)
			}
		}
	})
}
