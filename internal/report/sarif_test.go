package report

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/highwater-dev/highwater"
)

// sarifSchemaOf reads the published schema. It is of draft 4, of which the validator
// knows all but two words, that have other names since.
func sarifSchemaOf(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	data, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		`"http://json-schema.org/draft-04/schema#"`, `"http://json-schema.org/draft-07/schema#"`,
		`"id": "https://docs.oasis-open.org/`, `"$id": "https://docs.oasis-open.org/`,
	).Replace(string(data))
	var s jsonschema.Schema
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// in locates what the samples call midterm.
func inMidterm(f highwater.Frame) (string, bool) { return ByModule("github.com/vito/midterm", "vt")(f) }

func TestSARIFIsValid(t *testing.T) {
	schema := sarifSchemaOf(t)
	all := everySample()
	all["many"] = sampleMany(60)
	for sample, r := range all {
		text := render(t, SARIF{Locate: inMidterm}, r)
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%s: %v", sample, err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", sample, err)
		}
	}
	// The schema does refuse.
	text := render(t, SARIF{}, sampleBaseline())
	for _, c := range []struct{ old, new string }{
		{`"version": "2.1.0"`, `"version": "2.2"`},
		{`"startLine": 1`, `"startLine": 0`},
		{`"level": "error"`, `"level": "bad"`},
		{`"results"`, `"findings"`},
		{`"ruleIndex": 0`, `"ruleIndex": -2`},
		{`"tool"`, `"tools"`},
	} {
		changed := strings.Replace(text, c.old, c.new, 1)
		var v any
		if err := json.Unmarshal([]byte(changed), &v); err != nil || changed == text {
			t.Fatalf("%s: %v", c.old, err)
		}
		if schema.Validate(v) == nil {
			t.Errorf("valid with %s", c.new)
		}
	}
}

// decodeSARIF reads back what was written.
func decodeSARIF(t *testing.T, s SARIF, r *highwater.Report) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(render(t, s, r)), &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

func TestSARIFPointsAtTheLine(t *testing.T) {
	r := sampleBaseline()
	run := decodeSARIF(t, SARIF{Locate: inMidterm}, r)
	worst := run.Results[0]
	at := worst.Locations[0].Physical
	if at.Artifact.URI != "vt/screen.go" || at.Artifact.BaseID != "%SRCROOT%" || at.Region.Line != 88 || worst.Level != "error" {
		t.Errorf("%+v", worst)
	}
	if worst.Fingerprints["allocationSite/v1"] != insertLine.Fingerprint || run.Tool.Driver.Rules[worst.RuleIndex].ID != "baseline/peak" {
		t.Errorf("%+v", worst)
	}
	if n := len(problems(r)); len(run.Results) != n {
		t.Errorf("%d results, want %d", len(run.Results), n)
	}
	// What has no line of the repository points at a file that there is.
	if at := decodeSARIF(t, SARIF{}, r).Results[0].Locations[0].Physical; at.Artifact.URI != "go.mod" || at.Region.Line != 1 {
		t.Errorf("%+v", at)
	}
	// A moved line is the same finding, another site is not.
	print := func(change func(*highwater.Finding)) string {
		r := sampleBaseline()
		for i := range r.Rows {
			for k := range r.Rows[i].Findings {
				if f := &r.Rows[i].Findings[k]; f.Severity == highwater.SeverityCritical {
					change(f)
				}
			}
		}
		return decodeSARIF(t, SARIF{}, r).Results[0].Fingerprints["primaryLocationLineHash"]
	}
	same := print(func(*highwater.Finding) {})
	if got := print(func(f *highwater.Finding) { f.Evidence[0].Site.Where.Line += 7; f.Reason = "other words" }); got != same {
		t.Error("a moved line is another finding")
	}
	if got := print(func(f *highwater.Finding) { f.Fingerprint = "ffffffffffff" }); got == same {
		t.Error("another site is the same finding")
	}
}

// Accepted findings are there, suppressed; of too many the worst are.
func TestSARIFSuppressesAndIsBounded(t *testing.T) {
	r := knownSample()
	suppressed := 0
	for _, res := range decodeSARIF(t, SARIF{}, r).Results {
		if len(res.Suppressions) > 0 {
			suppressed++
			if !strings.Contains(res.Suppressions[0].Justification, "known until") {
				t.Errorf("%+v", res.Suppressions)
			}
		}
	}
	if suppressed != len(knowns(r)) || suppressed == 0 {
		t.Errorf("%d suppressed, want %d", suppressed, len(knowns(r)))
	}
	many := newReport()
	for range maxResults + 3 {
		many.Findings = append(many.Findings, highwater.Finding{Check: "presence", Verdict: highwater.VerdictMissing, Reason: "is missing"})
	}
	run := decodeSARIF(t, SARIF{}, many)
	if n := run.Invocations[0].Notifications; len(run.Results) != maxResults || len(n) != 1 || !strings.Contains(n[0].Message.Text, "3 of 5003") {
		t.Errorf("%d results, %+v", len(run.Results), n)
	}
}

func TestByModule(t *testing.T) {
	for _, c := range []struct{ function, file, want string }{
		{"example.com/app.F", "/home/x/app/f.go", "f.go"},
		{"example.com/app/store.(*T[go.shape.int]).Put", "/home/x/app/store/put.go", "store/put.go"},
		{"example.com/app/store.Map[example.com/other/x.T].Put", "example.com/app/store/put.go", "store/put.go"},
		{"example.com/app/yaml%2ev3.F", "/x/yaml.v3/y.go", "yaml.v3/y.go"},
		{"example.com/app/store_test.TestX", `C:\app\store\put_test.go`, "store/put_test.go"},
		{"example.com/app_test.TestX", "/app/put_test.go", "put_test.go"},
		{"example.com/application.F", "/x/f.go", ""},
		{"main.main", "/home/x/app/main.go", ""},
		{"runtime.malloc", "/go/src/runtime/malloc.go", ""},
		{"example.com/app/../../etc.F", "/x/passwd.go", ""},
		{"example.com/app/a\nb.F", "/x/p.go", ""},
		{"example.com/app.F", "", ""},
		{"example.com/app.F", "/x/\u202eog.go", ""},
		{"", "", ""},
	} {
		got, ok := ByModule("example.com/app", "")(highwater.Frame{Func: c.function, File: c.file, Line: 3})
		if want := c.want; ok != (want != "") || ok && got != want {
			t.Errorf("%s in %s: %q, %v, want %q", c.function, c.file, got, ok, want)
		}
	}
	if got, _ := ByModule("example.com/app", "services/app")(highwater.Frame{Func: "example.com/app/x.F", File: "x.go", Line: 1}); got != "services/app/x/x.go" {
		t.Error(got)
	}
}
