package driver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseLabel(t *testing.T) {
	for _, c := range []struct{ text, description, reason, until, wrong string }{
		{"memory-accepted: 2027-01-31 the pool is to grow", "", "the pool is to grow", "2027-01-31", ""},
		{"memory-accepted:2027-01-31: by design", "", "by design", "2027-01-31", ""},
		{"memory-accepted: until 2027-01-31", "as its description has it", "as its description has it", "2027-01-31", ""},
		{"memory-accepted: 2027-01-31", "", "", "", "give the reason"},
		{"memory-accepted: 31.1.2027 by design", "", "", "", "the last day"},
		{"memory-accepted: 2027-02-30 by design", "", "", "", "the last day"},
		{"memory-accepted", "by design", "", "", "the last day"},
		{"memory-acceptedness: 2027-01-31 by design", "", "", "", "the last day"},
	} {
		l, err := parseLabel(c.text, c.description, "--label")
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %v, want %q", c.text, err, c.wrong)
			}
		case err != nil || l.Reason != c.reason || l.Until.Format("2006-01-02") != c.until:
			t.Errorf("%s: %+v, %v", c.text, l, err)
		}
	}
}

// What GitHub says of the event is somebody else's: nothing in it makes labels that are
// not there, and none of it is an error.
func TestPipelineLabels(t *testing.T) {
	event := filepath.Join(t.TempDir(), "event.json")
	for text, want := range map[string]int{
		`{"pull_request": {"labels": [{"name": "a"}, {"name": "b", "description": "c"}]}}`: 2,
		`{"pull_request": {"labels": null}}`:                                               0,
		`{"pull_request": {"labels": "a"}}`:                                                0,
		`{`:                                                                                0,
		``:                                                                                 0,
	} {
		if err := os.WriteFile(event, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got := pipelineLabels(func(k string) string { return map[string]string{"GITHUB_EVENT_PATH": event}[k] })
		if len(got) != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	got := pipelineLabels(func(k string) string {
		return map[string]string{"CI_MERGE_REQUEST_LABELS": " bug, memory-accepted: 2027-01-31 x,,"}[k]
	})
	if len(got) != 2 || got[1].Name != "memory-accepted: 2027-01-31 x" {
		t.Errorf("GitLab: %+v", got)
	}
}
