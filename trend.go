package highwater

import "time"

// TrendVerdict says in a word what a series does over time.
type TrendVerdict string

// The verdicts on a series.
const (
	TrendSteady TrendVerdict = "steady"
	// TrendWorse and TrendBetter: the newest change point moved it by more than the
	// threshold.
	TrendWorse  TrendVerdict = "worse"
	TrendBetter TrendVerdict = "better"
	// TrendDrifting: no step, and a slope that is real.
	TrendDrifting TrendVerdict = "drifting"
	// TrendNoisy: a change as large as the threshold could not be told from noise.
	TrendNoisy TrendVerdict = "too noisy to judge"
	// TrendShort: too few points to say anything.
	TrendShort TrendVerdict = "too few results"
)

// Trend is what is known of a series over time: the answer of a trend.
type Trend struct {
	Key     SeriesKey    `json:"key"`
	Verdict TrendVerdict `json:"verdict"`
	Reason  string       `json:"reason"` // one sentence
	Points  int          `json:"points"`
	First   time.Time    `json:"first"`
	Last    time.Time    `json:"last"`

	// Level is the centre since the last change point, in the metric's unit; Noise
	// is the spread about it from run to run, as a robust standard deviation.
	Level float64 `json:"level"`
	Noise float64 `json:"noise"`
	// Detectable is the smallest step, a ratio of Level, that would be found with the
	// points there are, in nine of ten cases, once ten more have followed it.
	Detectable float64 `json:"detectable,omitempty"`
	// BandLow and BandHigh are between which a next result would be usual.
	BandLow  float64 `json:"band_low"`
	BandHigh float64 `json:"band_high"`

	Changes   []ChangePoint `json:"changes,omitempty"` // oldest first
	Drift     *Drift        `json:"drift,omitempty"`
	Anomalies []Anomaly     `json:"anomalies,omitempty"`
	Forecast  *Forecast     `json:"forecast,omitempty"`
}

// ChangePoint is where a series began to be another one.
type ChangePoint struct {
	Index  int       `json:"index"` // of the first point after it
	At     time.Time `json:"at"`
	Before float64   `json:"before"` // the centre of the stretch before
	After  float64   `json:"after"`
	// Change is After over Before less 1, a ratio; from nothing it is 1 or -1.
	Change float64 `json:"change"`
	PValue float64 `json:"p_value"`
	// LastBefore and FirstAfter are the commits between which it happened, and Runs
	// the IDs of their runs: the range is LastBefore..FirstAfter.
	LastBefore string    `json:"last_before,omitempty"`
	FirstAfter string    `json:"first_after,omitempty"`
	Runs       [2]string `json:"runs"`
	// Commits is how many commits are in the range, 0 where that is not known.
	Commits int  `json:"commits,omitempty"`
	Worse   bool `json:"worse"`
}

// Drift is a slope of the stretch since the last change point that is not chance.
type Drift struct {
	PerDay     float64 `json:"per_day"` // the metric's unit
	PerDayLow  float64 `json:"per_day_low"`
	PerDayHigh float64 `json:"per_day_high"`
	PValue     float64 `json:"p_value"`
	Worse      bool    `json:"worse"`
}

// Anomaly is a single result outside of the band about its stretch.
type Anomaly struct {
	Index  int       `json:"index"`
	At     time.Time `json:"at"`
	Run    string    `json:"run"`
	Commit string    `json:"commit,omitempty"`
	Value  float64   `json:"value"`
	Low    float64   `json:"low"` // the band it is outside of
	High   float64   `json:"high"`
}

// Forecast is where a series goes if it goes on as it did since its last change point.
type Forecast struct {
	At    time.Time `json:"at"` // of Value
	Value float64   `json:"value"`
	Low   float64   `json:"low"` // 95 % prediction interval of a single result
	High  float64   `json:"high"`
	// Limit is what is not to be crossed; Crosses when the forecast does, and
	// Earliest and Latest when the interval's ends do. Nil: not within the horizon.
	Limit    *float64   `json:"limit,omitempty"`
	Crosses  *time.Time `json:"crosses,omitempty"`
	Earliest *time.Time `json:"earliest,omitempty"`
	Latest   *time.Time `json:"latest,omitempty"`
	Horizon  time.Time  `json:"horizon"` // how far it looks
}
