package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
)

// The golden file is what schema 1 looks like; it must stay readable for ever.
func TestGoldenRun(t *testing.T) {
	golden := filepath.Join("testdata", "run-1.json")
	data, err := encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, golden), string(data)); diff != "" {
		t.Errorf("the Run file changed (-golden +now); a change that older readers cannot read needs a new schema:\n%s", diff)
	}
	r, err := ReadRun(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), r); diff != "" {
		t.Errorf("read back differently (-written +read):\n%s", diff)
	}
}

func TestReadRunRefuses(t *testing.T) {
	valid := read(t, filepath.Join("testdata", "run-1.json"))
	replace := func(old, new string) string {
		if !strings.Contains(valid, old) {
			t.Fatalf("the golden file holds no %s", old)
		}
		return strings.Replace(valid, old, new, 1)
	}
	for _, c := range []struct {
		name, content string
		want          []string // all in the message
	}{
		{"empty", "", []string{"empty", "make it again"}},
		{"blank", " \n\t\n", []string{"empty"}},
		{"truncated", valid[:700], []string{"cut off after 700 bytes", "line ", "make it again"}},
		{"not JSON", "hello\n", []string{"not JSON", "line 1, column 1"}},
		{"broken in the middle", replace(`"gogc": "100"`, `"gogc": 100"`), []string{"not JSON", "line 16, column 14"}},
		{"two documents", valid + valid, []string{"not JSON", "after top-level value"}},
		{"binary", "\x1f\x8b\x08\x00\x00", []string{"not JSON"}},
		{"array", "[1]", []string{"want a JSON object, got array"}},
		{"string", `"run"`, []string{"want a JSON object, got string"}},
		{"null", `null`, []string{`"schema" is missing`}},
		{"other JSON", `{"name":"left-pad","version":"1.0.0"}`, []string{`"schema" is missing`, "not a Run file"}},
		{"only a schema", `{"schema":1}`, []string{`"id" is missing`}},
		{"no scenarios", replace(`"scenarios"`, `"szenarios"`), []string{`"scenarios" is missing`}},
		{"no environment", replace(`"environment"`, `"umwelt"`), []string{`"environment" is missing`}},
		{"newer schema", `{"schema":7,"id":[]}`, []string{"schema 7", "up to 1", "update highwater"}},
		{"older schema", replace(`"schema": 1`, `"schema": 0`), []string{`"schema" is "0"`}},
		{"schema of words", replace(`"schema": 1`, `"schema": "one"`), []string{`"schema" is`, "one"}},
		{"newer schema in a report", `{"schema":1,"report":{},"run":{"schema":3}}`, []string{"run: ", "schema 3"}},
		{"wrong type", replace(`"gomaxprocs": 2`, `"gomaxprocs": "two"`), []string{"environment.gomaxprocs", "want a whole number, got string"}},
		{"wrong type inside", replace(`"peak": 117000.5`, `"peak": "big"`), []string{"measurements[0].values", "want a number, got string"}},
		{"fraction of a byte", replace(`"rss_bytes": 100`, `"rss_bytes": 100.5`), []string{"measurements[0].footprint.rss_bytes", "100.5"}},
		{"object for an array", replace(`"scenarios": [`, `"scenarios": {}, "x": [`), []string{"scenarios", "want an array"}},
		{"not a time", replace(`"created": "2026-03-04T05:06:07Z"`, `"created": "yesterday"`), []string{"yesterday"}},
		{"infinite", replace(`117000.5`, `1e999`), []string{"measurements[0].values", "1e999"}},
		{"traversing ID", replace(`"id": "20260304-050607-0a1b2c"`, `"id": "../../etc"`), []string{"id", "not an ID"}},
		{"scenario without name", replace(`"name": "alone"`, `"name": ""`), []string{"scenarios[1]", "empty"}},
		{"scenario with an escape sequence", replace(`"name": "alone"`, `"name": "a\u001b[2J"`), []string{"scenarios[1]", "control characters"}},
		{"endless name", replace(`"name": "alone"`, `"name": "`+strings.Repeat("a", 600)+`"`), []string{"scenarios[1]", "600 bytes"}},
		{"no session", replace(`"sessions": 10`, `"sessions": 0`), []string{"scenarios[0]", "0 sessions"}},
		{"unknown pass omitted", replace(`"collector": "nothing`, `"guess": "nothing`), []string{"scenarios[0]", `unknown pass "guess"`}},
		{"twice", strings.Replace(replace(`"name": "alone"`, `"name": "b"`), `"scenario": "alone"`, `"scenario": "c"`, 1), []string{"measurements[1]", `"c" is not among`}},
		{"unknown pass", replace(`"pass": "natural"`, `"pass": "guess"`), []string{"measurements[1]", `unknown pass "guess"`}},
		{"unknown outcome", replace(`"status": "timeout"`, `"status": "fine"`), []string{"measurements[1]", `unknown outcome "fine"`}},
		{"negative repeat", replace(`"repeat": 1`, `"repeat": -1`), []string{"measurements[0]", "repeat -1"}},
		{"negative duration", replace(`"duration_ns": 900000000`, `"duration_ns": -9`), []string{"measurements[0]", "duration"}},
		{"profile elsewhere", replace(`profiles/scrollback.pb.gz`, `../../../etc/passwd`), []string{"measurements[0]", "below the Run file's directory"}},
		{"absolute profile", replace(`profiles/scrollback.pb.gz`, `/etc/passwd`), []string{"measurements[0]", "below the Run file's directory"}},
		{"endless text", replace(`a warning\n`, strings.Repeat("x", maxText+1)), []string{"measurements[0].outcome.stderr", "65537 bytes"}},
		{"empty measurement", replace(`"measurements": [`, `"measurements": [null,`), []string{"measurements[0]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := inFile(t, c.content)
			_, err := ReadRun(path)
			if err == nil {
				t.Fatal("was read")
			}
			for _, want := range append(c.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
		})
	}
}

func TestReadRunRefusesTwoOfOneName(t *testing.T) {
	r := sample()
	r.Scenarios = append(r.Scenarios, highwater.ScenarioInfo{Suite: "terminal_operations", Name: "scrollback", Variant: "midterm", Sessions: 1})
	if err := Validate(r); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("got %v", err)
	}
}

func TestReadRunRefusesSizes(t *testing.T) {
	if _, err := decode(make([]byte, maxReportBytes+1)); err == nil || !strings.Contains(err.Error(), "larger than 512 MiB") {
		t.Errorf("got %v", err)
	}
	var many elements[highwater.ScenarioInfo]
	err := json.Unmarshal([]byte("["+strings.Repeat("{},", maxScenarios)+"{}]"), &many)
	if err == nil || !strings.Contains(err.Error(), "more than 20000") {
		t.Errorf("got %v", err)
	}
}

func TestReadRunOfNoFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadRun(filepath.Join(dir, "none.json")); err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("got %v", err)
	}
	if _, err := ReadRun(dir); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("got %v", err)
	}
}

// Later versions of schema 1 may add fields and metrics.
func TestReadRunIgnoresWhatItDoesNotKnow(t *testing.T) {
	text := read(t, filepath.Join("testdata", "run-1.json"))
	text = strings.Replace(text, `"schema": 1`, `"schema": 1, "weather": {"sun": true}`, 1)
	text = strings.Replace(text, `"peak": 117000.5`, `"peak": 117000.5, "entropy": 3`, 1)
	r, err := ReadRun(inFile(t, text))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Measurements[0].Values["entropy"]; got != 3 {
		t.Errorf("an unknown metric was lost: %v", got)
	}
}

// What --output result.json writes serves as a Run file as well.
func TestReadRunOfReport(t *testing.T) {
	run := read(t, filepath.Join("testdata", "run-1.json"))
	r, err := ReadRun(inFile(t, `{"schema":1,"report":{"exit":0},"run":`+run+`}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), r); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func FuzzDecode(f *testing.F) {
	golden := read(f, filepath.Join("testdata", "run-1.json"))
	f.Add([]byte(golden))
	f.Add([]byte(golden[:len(golden)/2]))
	f.Add([]byte(`{"schema":2}`))
	f.Add([]byte(`{"schema":1,"report":{},"run":` + golden + `}`))
	f.Add([]byte(`{"schema":1,"id":"a","environment":{},"scenarios":null,"measurements":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			if r != nil || strings.TrimSpace(err.Error()) == "" {
				t.Fatalf("run %v with error %v", r, err)
			}
			return
		}
		// What was accepted can be written and read again unchanged. Bytes that
		// are not UTF-8 were replaced when it was first read.
		written, err := encode(r)
		if err != nil {
			t.Fatalf("accepted and not writable: %v", err)
		}
		again, err := decode(written)
		if err != nil {
			t.Fatalf("written and not readable: %v", err)
		}
		twice, err := encode(again)
		if err != nil || string(twice) != string(written) {
			t.Fatalf("changed when written again (%v):\n%s\n%s", err, written, twice)
		}
	})
}
