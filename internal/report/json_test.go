package report

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
)

func TestJSONGolden(t *testing.T) {
	for _, sample := range []string{"baseline", "errors"} {
		golden(t, sample+".json", render(t, JSON{}, samples()[sample]))
	}
}

func TestJSONHoldsEverything(t *testing.T) {
	for sample, r := range everySample() {
		out := render(t, JSON{}, r)
		if out != render(t, JSON{}, r) {
			t.Errorf("%s: rendered differently the second time", sample)
		}
		if c, bad := unsafe(strings.ReplaceAll(out, "\n", "")); bad {
			t.Errorf("%s: %U in the output", sample, c)
		}
		if strings.Contains(out, ": null") {
			t.Errorf("%s: a null in the output", sample)
		}
		var d Document
		if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatal(err)
		}
		if d.Schema != 1 || len(d.Report.Rows) != len(r.Rows) || len(d.Run.Measurements) != len(r.Run.Measurements) {
			t.Errorf("%s: something is missing", sample)
		}
		if sample == "soak-growing" {
			if diff := cmp.Diff(r.Rows[0].Soak, d.Report.Rows[0].Soak); diff != "" {
				t.Errorf("the soak read back (-rendered +read):\n%s", diff)
			}
			if diff := cmp.Diff(r.Run, d.Run); diff != "" {
				t.Errorf("the series read back (-rendered +read):\n%s", diff)
			}
		}
		if sample == "baseline" {
			want := *r
			want.Run, want.Baseline = nil, nil
			if diff := cmp.Diff(&want, d.Report); diff != "" {
				t.Errorf("the report read back (-rendered +read):\n%s", diff)
			}
			if diff := cmp.Diff(r.Run, d.Run); diff != "" {
				t.Errorf("the run read back (-rendered +read):\n%s", diff)
			}
		}
	}
}

func TestJSONLeavesTheReportAlone(t *testing.T) {
	r := &highwater.Report{Rows: []highwater.Row{{}}}
	render(t, JSON{}, r)
	if r.Rows[0].Limits != nil || r.Findings != nil {
		t.Error("the caller's report was changed")
	}
}

// JSON has no way to write them; a null would be read as 0.
func TestJSONOfNotANumber(t *testing.T) {
	r := samplePass()
	r.Rows[0].Seconds = math.NaN()
	var b strings.Builder
	if err := (JSON{}).Render(&b, r); err == nil || b.Len() > 0 {
		t.Errorf("got %v after %d bytes", err, b.Len())
	}
}
