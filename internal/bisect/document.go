package bisect

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// DocumentSchema is the version of a Document's JSON form.
const DocumentSchema = 1

// Document is what a search came to, and all that it rests on.
type Document struct {
	Schema  int     `json:"schema"`
	Verdict Verdict `json:"verdict"`
	// Conclusion says it in one sentence.
	Conclusion string `json:"conclusion"`

	Scenario  string              `json:"scenario,omitempty"`  // that was searched for
	Metric    string              `json:"metric,omitempty"`    // whose change was searched for
	Unit      highwater.Unit      `json:"unit,omitempty"`      // of the metric
	Threshold highwater.Threshold `json:"threshold,omitzero"`  // that the ends had to differ by
	Good      Commit              `json:"good"`                // the good end
	Bad       Commit              `json:"bad"`                 // the bad end
	Commits   int                 `json:"commits"`             // after the good end, up to the bad one
	Ends      []Difference        `json:"ends,omitempty"`      // of every metric, the searched one first
	First     *Commit             `json:"first_bad,omitempty"` // or the last of those that it may be
	Before    *Commit             `json:"last_good,omitempty"`
	Between   []Commit            `json:"between,omitempty"` // those that may be it as well, since they could not be tested
	// Confidence is the probability that the change lies there, a ratio, given that it
	// is one; Wanted is what was asked for.
	Confidence float64 `json:"confidence,omitempty"`
	Wanted     float64 `json:"confidence_wanted"`

	// Change is that of the first bad commit against the last good one, measured in
	// turn once more.
	Change   *Difference         `json:"change,omitempty"`
	Findings []highwater.Finding `json:"findings,omitempty"` // with the allocation sites behind it

	Steps     []Measured    `json:"steps,omitempty"`   // in the order they were made
	Skipped   []Skipped     `json:"skipped,omitempty"` // commits that could not be tested
	Builds    int           `json:"builds"`            // commits that were built, or tried to
	Processes int           `json:"processes"`         // that were measured
	Took      time.Duration `json:"took_ns"`           // over all invocations
	Notes     []string      `json:"notes,omitempty"`
	// Next are commands that go on from here.
	Next []string `json:"next,omitempty"`
}

// Verdict is what a search came to.
type Verdict string

// The verdicts.
const (
	VerdictFound       Verdict = "found"       // one commit
	VerdictRange       Verdict = "range"       // one of several that could not be told apart
	VerdictSpread      Verdict = "spread"      // no commit on its own makes as much as the threshold
	VerdictUnconfirmed Verdict = "unconfirmed" // the commit that was found does not differ from the one before
	VerdictNothing     Verdict = "nothing"     // the ends do not differ by the threshold
	VerdictImproved    Verdict = "improved"    // the bad end is the better one
	VerdictTooNoisy    Verdict = "too_noisy"   // the ends cannot be told apart
	VerdictUndecided   Verdict = "undecided"   // the budget of processes was spent
)

// Commit is one of the line.
type Commit struct {
	Hash    string    `json:"hash"`
	Author  string    `json:"author"`
	Date    time.Time `json:"date"`
	Subject string    `json:"subject"`
	Merge   bool      `json:"merge,omitempty"` // it brings all that was merged
}

// Short is the beginning of the hash.
func (c Commit) Short() string {
	const short = 7
	return c.Hash[:min(short, len(c.Hash))]
}

// Difference is a metric of two commits.
type Difference struct {
	Scenario string  `json:"scenario"`
	Metric   string  `json:"metric"`
	Before   float64 `json:"before"`
	After    float64 `json:"after"`
	// Change is after over before less 1, a ratio, with its 95 % interval; 0 where
	// before is nothing.
	Change float64 `json:"change"`
	Low    float64 `json:"change_low"`
	High   float64 `json:"change_high"`
	// Over is how many times what is allowed the change is for the worse, at the lower
	// end of its interval.
	Over float64 `json:"over"`
}

// Measured is a commit that was measured, and what it told. The good end's values were
// measured in turn with it.
type Measured struct {
	Commit  string    `json:"commit"` // its hash
	Subject string    `json:"subject,omitempty"`
	Values  []float64 `json:"values"`
	Good    []float64 `json:"good_values"`
}

// Skipped is a commit that could not be tested.
type Skipped struct {
	Commit  string `json:"commit"` // its hash
	Subject string `json:"subject,omitempty"`
	Reason  string `json:"reason"`
}
