package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// Two real leaks of plugin hosts fail on what is retained, with the function that
// allocated it; the same hosts without them pass.
func TestLeakyHostsFailOnRetained(t *testing.T) {
	if testing.Short() {
		t.Skip("reloads real plugins, and measures it")
	}
	const scenario = "plugin_system/hot_reload"
	engines := map[string]string{
		"goplugin": "", "wazero": "",
		"goplugin-netrpc": "yamux.newSession",
		"wazero-open":     "wasm.(*MemoryInstance).Grow",
	}
	file := filepath.Join(t.TempDir(), "report.json")
	args := []string{"gates", "--scenario", scenario, "--quiet", "--output", file}
	for e := range engines {
		args = append(args, "--engine", e)
	}
	cmd := exec.Command(filepath.Join(bin, "highwater"), args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != highwater.ExitFail {
		t.Fatalf("%v, want status 1\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc report.Document
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range doc.Report.Rows {
		function, known := engines[row.Scenario.Variant]
		if !known {
			t.Errorf("nobody asked for %s", row.Scenario.ID())
			continue
		}
		seen++
		var named []string
		failed := false
		for _, f := range row.Findings {
			if f.Verdict != highwater.VerdictFail || f.Metric != highwater.Retained {
				continue
			}
			failed = true
			for _, e := range f.Evidence {
				named = append(named, e.Site.Where.Func)
			}
		}
		switch {
		case function == "" && row.Verdict != highwater.VerdictPass:
			t.Errorf("%s: verdict %s, want a pass\n%s", row.Scenario.ID(), row.Verdict, out)
		case function != "" && !failed:
			t.Errorf("%s does not fail on retained\n%s", row.Scenario.ID(), out)
		case function != "" && (len(named) == 0 || !strings.HasSuffix(named[0], function)):
			t.Errorf("%s: the evidence is %q, want %s at its head", row.Scenario.ID(), named, function)
		}
	}
	if seen != len(engines) {
		t.Errorf("%d of %d engines are in the report\n%s", seen, len(engines), out)
	}
}
