package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// trial is one soak of a program.
type trial struct {
	Kind   string  `json:"kind"`
	Leak   bool    `json:"leak"`
	Rate   float64 `json:"rate"` // bytes a second; 0: the program's own
	Number int     `json:"number"`
}

// result is what came of it.
type result struct {
	Key string `json:"key"`
	trial
	At      time.Time         `json:"at"`
	Seconds float64           `json:"seconds"`
	Exit    int               `json:"exit"`
	Verdict highwater.Verdict `json:"verdict"`
	Course  highwater.Course  `json:"course"`
	PerHour float64           `json:"per_hour_bytes"` // by the clock

	Found bool `json:"found"` // a finding says that it leaks, and the status is 1
	// Detected is how long it took, in seconds of the program's own time; nil where
	// nobody can say.
	Detected *float64 `json:"detected,omitempty"`
	// Right are the suspects that leak, and Wrong those that do not, in words.
	Right  []string `json:"right,omitempty"`
	Wrong  []string `json:"wrong,omitempty"`
	Failed []string `json:"failed,omitempty"` // the findings that failed, in words
	Error  string   `json:"error,omitempty"`  // why it was not measured
}

// take fills in what the report says of the trial's one scenario.
func (r *result) take(rep *highwater.Report, t truth, leaks map[place]bool) {
	if len(rep.Rows) != 1 || rep.Rows[0].Soak == nil {
		r.Error = fmt.Sprintf("%d scenarios in the report, want one that was soaked", len(rep.Rows))
		return
	}
	row := rep.Rows[0]
	r.Verdict, r.Course, r.PerHour = row.Verdict, row.Soak.Course, row.Soak.PerHour.Center
	for _, f := range append(row.Findings, rep.Findings...) {
		words := fmt.Sprintf("%s %s: %s", f.Check, f.Metric, f.Reason)
		switch f.Verdict {
		case highwater.VerdictFail:
			r.Failed = append(r.Failed, words)
			r.Found = r.Found || slices.Contains(leakChecks, f.Check)
			if t.offHeap(f) {
				r.Right = append(r.Right, words)
			}
		case highwater.VerdictError:
			r.Error = words
		}
	}
	r.Found = r.Found && r.Exit == highwater.ExitFail
	for _, s := range row.Soak.Suspects {
		words := s.Kind + " " + s.Name
		if s.Site != nil {
			words = fmt.Sprintf("%s %s (%s:%d)", s.Kind, s.Site.Where.Func, at(s.Site.Where).file, s.Site.Where.Line)
		}
		if t.right(s, leaks) {
			r.Right = append(r.Right, words)
		} else {
			r.Wrong = append(r.Wrong, words)
		}
	}
}

// leakChecks are those that say that something leaks; a slow-down, say, is another
// one's.
var leakChecks = []string{"leak", "goroutines", "fds", "threads", "children", "off_heap"}

// alarm reports a clean program that failed.
func (r result) alarm() bool { return !r.Leak && r.Exit == highwater.ExitFail }

// open reports a run that says neither that it leaks nor that it does not.
func (r result) open() bool {
	return r.Error != "" || r.Exit != highwater.ExitOK && r.Exit != highwater.ExitFail
}
