package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// The message is made of a real report.
func TestMessage(t *testing.T) {
	f, err := os.Open("../../internal/report/testdata/baseline.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out strings.Builder
	if err := run(f, &out); err != nil {
		t.Fatal(err)
	}
	var said struct{ Text string }
	if err := json.Unmarshal([]byte(out.String()), &said); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"memory: fail, 6 scenarios, run 20260304-050607-0a1b2c\n", "• fail: peak is +42 % against the baseline", "• missing: the baseline has this scenario"} {
		if !strings.Contains(said.Text, want) {
			t.Errorf("%q is not in %q", want, said.Text)
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, in := range []string{"", "{", `{"schema": 2}`} {
		if err := run(strings.NewReader(in), &strings.Builder{}); err == nil {
			t.Errorf("%q is taken", in)
		}
	}
	hostile := `{"schema": 1, "report": {"findings": [{"verdict": "fail", "reason": "<!channel> @here & <http://evil.example|x>"}]}}`
	var out strings.Builder
	if err := run(strings.NewReader(hostile), &out); err != nil || strings.Contains(out.String(), "<!channel>") || strings.Contains(out.String(), "@here") {
		t.Errorf("%v: %s", err, out.String())
	}
}
