package highwater

import (
	"cmp"
	"time"
)

// SeriesKey is what results have in common that may stand in one trend.
type SeriesKey struct {
	Module   string `json:"module,omitempty"`
	Scenario string `json:"scenario"` // ScenarioInfo.ID
	Metric   string `json:"metric"`
	Branch   string `json:"branch,omitempty"`
	// Environment holds all conditions that matter to the metric, as gate's table of
	// conditions has them, and always the operating system and the architecture, so
	// that no trend mixes platforms: linux/amd64 go1.26 GOGC=100 ….
	Environment string `json:"environment"`
	Sessions    int    `json:"sessions"`
}

// Compare orders keys for a listing: by scenario, by metric as [Metrics] has them,
// then by what is left.
func (k SeriesKey) Compare(o SeriesKey) int {
	return cmp.Or(cmp.Compare(k.Module, o.Module), cmp.Compare(k.Scenario, o.Scenario),
		cmp.Compare(metricIndex(k.Metric), metricIndex(o.Metric)), cmp.Compare(k.Metric, o.Metric),
		cmp.Compare(k.Branch, o.Branch), cmp.Compare(k.Environment, o.Environment), cmp.Compare(k.Sessions, o.Sessions))
}

func metricIndex(name string) int {
	for i, m := range metrics {
		if m.Name == name {
			return i
		}
	}
	return len(metrics)
}

// Point is what one run says of one series: its measurements of the scenario that
// have the metric, in the metric's unit.
type Point struct {
	Run    string    `json:"run"` // its ID
	Commit string    `json:"commit,omitempty"`
	Dirty  bool      `json:"dirty,omitempty"` // measured with changes that were not committed
	At     time.Time `json:"at"`              // when the run began
	Go     string    `json:"go,omitempty"`    // the whole version: patch releases share a series
	Center float64   `json:"center"`          // median
	Low    float64   `json:"low"`             // 95 % confidence interval of the centre
	High   float64   `json:"high"`
	// Samples are the values themselves, in the order measured.
	Samples []float64 `json:"samples,omitempty"`
	// Limit is the limit that the metric had to keep in that run, nil for none.
	Limit *float64 `json:"limit,omitempty"`
}

// Series is one metric of one scenario over time, the oldest point first.
type Series struct {
	Key    SeriesKey `json:"key"`
	Points []Point   `json:"points"`
}
