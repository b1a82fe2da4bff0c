package highwater

import "testing"

// Thresholds are written into reports and read from them.
func TestThresholdReadsBack(t *testing.T) {
	all := []Threshold{{Relative: 0.07}, {Relative: 0.125, Floor: 0.5}, {Relative: 0.0025, Floor: 1e15}, {}, {Relative: 0.1, Floor: 64 << 10}}
	for _, m := range Metrics() {
		all = append(all, m.Relative)
	}
	for _, want := range all {
		text := want.String()
		got, err := ParseThreshold(text)
		if err != nil {
			t.Errorf("%+v is written as %s: %v", want, text, err)
		}
		if got != want {
			t.Errorf("%+v is written as %s and read as %+v", want, text, got)
		}
	}
	if got := (Threshold{Relative: 0.07, Floor: 4 << 20}).String(); got != "7%|4194304" {
		t.Errorf("got %s", got)
	}
}
