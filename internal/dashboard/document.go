package dashboard

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// document is what the script draws. Names and sentences in it are fit to be shown;
// keys are short where they stand hundreds of times. Absent is unknown, and is shown as
// that.
type document struct {
	Title     string         `json:"title"`
	Verdict   string         `json:"verdict"`
	Tally     string         `json:"tally"`
	Run       string         `json:"run"`
	Created   int64          `json:"created,omitempty"` // seconds since 1970
	Commit    string         `json:"commit,omitempty"`
	Branch    string         `json:"branch,omitempty"`
	CutShort  bool           `json:"cutShort,omitempty"`
	Against   string         `json:"against,omitempty"`
	Metrics   []metric       `json:"metrics"`
	Scenarios []scenario     `json:"scenarios"`
	Processes []process      `json:"processes,omitempty"`
	Brief     []brief        `json:"brief"`
	Loud      []remark       `json:"loud"`   // what went wrong with the whole
	Frames    []string       `json:"frames"` // functions and places, by number
	Results   []result       `json:"results"`
	NoHistory string         `json:"noHistory,omitempty"`
	About     about          `json:"about"`
	Thinned   []string       `json:"thinned"` // what is not all of it
	numbers   map[string]int // of Frames
	runs      map[string]int // of Results
	metrics   map[string]int // of Metrics
	detail    detail
	left      map[string]bool // sentences of Thinned
	report    *highwater.Report
}

// metric is a column.
type metric struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Unit   string `json:"unit"`
	Doc    string `json:"doc"`
	Higher bool   `json:"higher,omitempty"` // is better
}

// result is a run of the history.
type result struct {
	Run    string `json:"run"`
	Commit string `json:"commit,omitempty"`
	At     int64  `json:"at"` // seconds since 1970
	Dirty  bool   `json:"dirty,omitempty"`
}

// brief is one thing to look at, the most urgent first.
type brief struct {
	Kind     string `json:"kind"` // a verdict, or that of a trend, or another word
	Scenario int    `json:"scenario"`
	Metric   int    `json:"metric"` // -1 for none
	Text     string `json:"text"`
	More     int    `json:"more,omitempty"` // metrics of which the same is true
	rank     int
}

// remark is a statement with the verdict that it stands for.
type remark struct {
	Verdict string `json:"verdict"`
	Text    string `json:"text"`
	Hint    string `json:"hint,omitempty"`
}

// about is where it was measured, and what was not.
type about struct {
	Facts      []report.Fact   `json:"facts"`
	Reproduce  []string        `json:"reproduce"`
	Differs    []string        `json:"differs"`
	Unmeasured []report.Remark `json:"unmeasured"`
	Unjudged   []report.Remark `json:"unjudged"`
	Notes      []report.Remark `json:"notes"`
}

// scenario is a row of the list, with all that is shown when it is opened.
type scenario struct {
	ID       string    `json:"id"`
	Suite    string    `json:"suite,omitempty"`
	Name     string    `json:"name"`
	Variant  string    `json:"variant,omitempty"`
	Doc      string    `json:"doc,omitempty"`
	Verdict  string    `json:"verdict"`
	Sessions int       `json:"sessions,omitempty"`
	Ops      int       `json:"ops,omitempty"`
	Seconds  float64   `json:"seconds,omitempty"`
	Values   []value   `json:"values"`
	Share    *share    `json:"share,omitempty"`
	Findings []finding `json:"findings,omitempty"`
	Courses  []course  `json:"courses,omitempty"`
	Whole    []whole   `json:"whole,omitempty"`
	Flame    *flame    `json:"flame,omitempty"`
	Trends   []trend   `json:"trends,omitempty"`
	Soak     *soaked   `json:"soak,omitempty"`
	Advice   []advice  `json:"advice,omitempty"`
	Advised  bool      `json:"advised,omitempty"` // by debug optimize, which had the source
	Gaps     []string  `json:"gaps,omitempty"`    // advice that could not be looked for
	Lacks    []string  `json:"lacks,omitempty"`   // what was not measured
	Notes    []string  `json:"notes,omitempty"`
	Failed   []outcome `json:"failed,omitempty"` // processes that did not come to their end
}

// share is the largest share of a budget that is used up.
type share struct {
	Metric int     `json:"m"`
	Of     float64 `json:"of"` // a ratio
}

// value is one metric of a scenario.
type value struct {
	Metric      int       `json:"m"`
	Center      *float64  `json:"c,omitempty"`
	Low         *float64  `json:"lo,omitempty"`
	High        *float64  `json:"hi,omitempty"`
	N           int       `json:"n,omitempty"`
	Samples     []float64 `json:"s,omitempty"`
	Limit       *float64  `json:"l,omitempty"`
	LimitWhy    string    `json:"why,omitempty"`
	Base        *float64  `json:"b,omitempty"` // the baseline's
	BaseSamples []float64 `json:"bs,omitempty"`
	Verdict     string    `json:"v,omitempty"`
	Lacks       string    `json:"x,omitempty"` // why it was not measured
}

// outcome is how a process ended before its time.
type outcome struct {
	What    string   `json:"what"`
	Printed []string `json:"printed,omitempty"`
}
