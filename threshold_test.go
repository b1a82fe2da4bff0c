package highwater_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestParseThreshold(t *testing.T) {
	for text, want := range map[string]highwater.Threshold{
		"10%": {Relative: 0.1}, "0%": {}, " 10 % ": {Relative: 0.1}, "2.5%": {Relative: 0.025}, "250%": {Relative: 2.5},
		"10%|64KiB": {Relative: 0.1, Floor: 64 << 10}, "10% | 1 MB": {Relative: 0.1, Floor: 1e6}, "0%|0.5": {Floor: 0.5}, "5%|16": {Relative: 0.05, Floor: 16},
	} {
		if got, err := highwater.ParseThreshold(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "10", "%", "10%%", "-10%", "+10%", "1e2%", "Inf%", "NaN%", "10%|", "10%|lots", "10%|-5", "10%|5|6", "|5", "64KiB", "10|64KiB", "0x1p4%", "10%64KiB", "1000000001%", "1" + strings.Repeat("0", 300) + "%"} {
		got, err := highwater.ParseThreshold(text)
		if err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		} else if !strings.Contains(err.Error(), "10%|64KiB") {
			t.Errorf("%q: %v does not say what to write", text, err)
		}
	}
}

func FuzzParseThreshold(f *testing.F) {
	for _, s := range []string{"10%", "10%|64KiB", "0.1%|0.5", "1e3%", "7%|9223372036854775807", "99999999999999999999%"} {
		f.Add(s)
	}
	f.Add("1" + strings.Repeat("0", 300) + "%")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := highwater.ParseThreshold(s)
		if err != nil {
			return
		}
		if v.Relative < 0 || v.Floor < 0 || math.IsInf(v.Relative+v.Floor, 0) || math.IsNaN(v.Relative+v.Floor) {
			t.Fatalf("%q: %+v", s, v)
		}
		// What is written is read back, to the digits that a percentage has.
		again, err := highwater.ParseThreshold(v.String())
		if err != nil {
			t.Fatalf("%q is written as %s: %v", s, v, err)
		}
		if math.Abs(again.Relative-v.Relative) > 1e-11+1e-9*v.Relative || again.Floor != v.Floor {
			t.Errorf("%q: %+v is written as %s and read as %+v", s, v, v, again)
		}
	})
}

func TestThresholdInJSON(t *testing.T) {
	var got struct{ T highwater.Threshold }
	if err := json.Unmarshal([]byte(`{"T":"10%|64KiB"}`), &got); err != nil || got.T != (highwater.Threshold{Relative: 0.1, Floor: 65536}) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"T":"ten"}`), &got); err == nil || got.T.Floor != 65536 {
		t.Errorf("%+v, %v; want an error, and the old value", got, err)
	}
}

// Both keys have to turn: the change counts above the larger of the two.
func TestAllowance(t *testing.T) {
	threshold := highwater.Threshold{Relative: 0.1, Floor: 64}
	for reference, want := range map[float64]float64{0: 64, 100: 64, 640: 64, 1000: 100, -1000: 100} {
		if got := threshold.Allowance(reference); got != want {
			t.Errorf("of %v: %v, want %v", reference, got, want)
		}
	}
}

func TestMergeLimits(t *testing.T) {
	base := []highwater.Limit{{Metric: "a", Bound: 1}, {Metric: "b", Bound: 2}}
	got := highwater.MergeLimits(base, []highwater.Limit{{Metric: "c", Bound: 3}, {Metric: "a", Bound: 9, Reason: "large"}})
	want := []highwater.Limit{{Metric: "a", Bound: 9, Reason: "large"}, {Metric: "b", Bound: 2}, {Metric: "c", Bound: 3}}
	if !slices.Equal(got, want) || base[0].Bound != 1 {
		t.Errorf("got %v, want %v; the base is %v", got, want, base)
	}
}

// The published limits, and that strict is never laxer.
func TestLimits(t *testing.T) {
	standard, strict := map[string]float64{}, map[string]float64{}
	for _, l := range highwater.StandardLimits() {
		standard[l.Metric] = l.Bound
	}
	for _, l := range highwater.StrictLimits() {
		strict[l.Metric] = l.Bound
	}
	for metric, want := range map[string][2]float64{highwater.Peak: {3e6, 2.5e6}, highwater.Sustained: {2.5e6, 2e6}, highwater.GCPressure: {0.8, 0.6}} {
		if standard[metric] != want[0] || strict[metric] != want[1] {
			t.Errorf("%s: %v, strict %v; want %v", metric, standard[metric], strict[metric], want)
		}
	}
	for metric, bound := range standard {
		if _, ok := highwater.MetricByName(metric); !ok {
			t.Errorf("limit on unknown metric %s", metric)
		}
		if s, ok := strict[metric]; !ok || s > bound {
			t.Errorf("%s: strict %v (%v), standard %v", metric, s, ok, bound)
		}
	}
}

// Thresholds are written into reports and read from them.
func TestThresholdReadsBack(t *testing.T) {
	all := []highwater.Threshold{{Relative: 0.07}, {Relative: 0.125, Floor: 0.5}, {Relative: 0.0025, Floor: 1e15}, {}, {Relative: 0.1, Floor: 64 << 10}}
	for _, m := range highwater.Metrics() {
		all = append(all, m.Relative)
	}
	for _, want := range all {
		text := want.String()
		got, err := highwater.ParseThreshold(text)
		if err != nil {
			t.Errorf("%+v is written as %s: %v", want, text, err)
		}
		if got != want {
			t.Errorf("%+v is written as %s and read as %+v", want, text, got)
		}
	}
	if got := (highwater.Threshold{Relative: 0.07, Floor: 4 << 20}).String(); got != "7%|4194304" {
		t.Errorf("got %s", got)
	}
}
