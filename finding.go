package highwater

// Verdict is what a judgement came to. Missing data is never VerdictPass.
type Verdict string

// The verdicts, from good to bad.
const (
	VerdictPass         Verdict = "pass"
	VerdictNew          Verdict = "new"          // no counterpart in the baseline
	VerdictUnjudged     Verdict = "unjudged"     // no budget, no baseline
	VerdictUnsupported  Verdict = "unsupported"  // this platform cannot measure it
	VerdictWarn         Verdict = "warn"         // real, and more than half of the threshold
	VerdictInconclusive Verdict = "inconclusive" // the interval straddles the threshold
	VerdictMissing      Verdict = "missing"      // in the baseline, not here
	VerdictError        Verdict = "error"        // could not be measured or judged
	VerdictFail         Verdict = "fail"
)

var verdictOrder = []Verdict{
	VerdictPass, VerdictNew, VerdictUnjudged, VerdictUnsupported, VerdictWarn,
	VerdictInconclusive, VerdictMissing, VerdictError, VerdictFail,
}

// Worse returns the worse of two verdicts.
func Worse(a, b Verdict) Verdict {
	if b.rank() > a.rank() {
		return b
	}
	return a
}

func (v Verdict) rank() int {
	for i, o := range verdictOrder {
		if v == o {
			return i
		}
	}
	return len(verdictOrder) // unknown is worst: never a silent pass
}

// Severity grades a failure.
type Severity string

// The severities of a failed finding.
const (
	SeverityWarning  Severity = "warning"
	SeverityCritical Severity = "critical"
)

// Label says what kind of change a regression is.
type Label string

// The labels.
const (
	LabelLive    Label = "live growth"
	LabelChurn   Label = "churn"
	LabelGC      Label = "GC headroom"
	LabelOffHeap Label = "off-heap"
	LabelNoise   Label = "noise"
)

// Summary is one metric of one scenario over all repeats.
type Summary struct {
	Metric string  `json:"metric"`
	Center float64 `json:"center"` // median
	Low    float64 `json:"low"`    // 95 % confidence interval of the centre
	High   float64 `json:"high"`
	N      int     `json:"n"`
	// Samples are the values themselves, in the order measured.
	Samples []float64 `json:"samples,omitempty"`
}

// Finding is one verdict with its reason, evidence and a hint.
type Finding struct {
	Scenario string   `json:"scenario"`
	Metric   string   `json:"metric,omitempty"`
	Check    string   `json:"check"` // limit, baseline, presence, outcome, leak
	Verdict  Verdict  `json:"verdict"`
	Severity Severity `json:"severity,omitempty"` // of a failure
	Label    Label    `json:"label,omitempty"`

	Observed  *Summary   `json:"observed,omitempty"`
	Reference *Summary   `json:"reference,omitempty"` // the baseline's
	Limit     *Limit     `json:"limit,omitempty"`
	Threshold *Threshold `json:"threshold,omitempty"`
	// Change is observed over reference less 1 (a ratio), with its interval.
	Change     float64 `json:"change,omitempty"`
	ChangeLow  float64 `json:"change_low,omitempty"`
	ChangeHigh float64 `json:"change_high,omitempty"`

	Reason      string       `json:"reason"` // one sentence for a reviewer
	Hint        string       `json:"hint,omitempty"`
	Evidence    []SiteChange `json:"evidence,omitempty"`
	Fingerprint string       `json:"fingerprint,omitempty"`
	// Known says until when, and why, what failed is accepted as a known
	// regression; its verdict is then a warning.
	Known   string `json:"known,omitempty"`
	Command string `json:"command,omitempty"` // opens the profile behind it
}

// SiteChange is an allocation site's part in a change. Without a baseline
// Before is 0 and After is what the site holds.
type SiteChange struct {
	Site Site `json:"site"`
	// Before and After are bytes: live ones of the whole process, or those
	// allocated per operation in a finding on allocs or alloc_bytes.
	Before int64 `json:"before_bytes"`
	After  int64 `json:"after_bytes"`
	// BeforeObjects and AfterObjects are how many objects that is.
	BeforeObjects float64 `json:"before_objects,omitempty"`
	AfterObjects  float64 `json:"after_objects,omitempty"`
	Share         float64 `json:"share"` // of the whole change, a ratio
	New           bool    `json:"new,omitempty"`
	// Was is where the same was allocated before, if it was in another function:
	// renamed, or taken out of another one.
	Was *Frame `json:"was,omitempty"`
	// Hunk is the part of the difference between the two sources that is nearest
	// to the site, where both are at hand.
	Hunk *Hunk `json:"hunk,omitempty"`
	// Escape is the compiler's reason why something on the site's line is on the
	// heap that was not before, in one sentence.
	Escape string `json:"escape,omitempty"`
}

// Near says how a Hunk is connected with an allocation site.
type Near string

// The connections, the closest first.
const (
	NearLine     Near = "line"     // the allocating line itself
	NearFunction Near = "function" // elsewhere in the allocating function
	NearCaller   Near = "caller"   // in a function further up the stack
	NearUse      Near = "use"      // in something that these functions use
	NearPackage  Near = "package"  // elsewhere in the package
)

// Hunk is a place where two versions of a source differ.
type Hunk struct {
	// File is the file after (before, if there is none any more), relative to its
	// module; with the module's path and version before it in a dependency.
	File string `json:"file"`
	// Before and After are the numbers of the hunk's first line in either version,
	// or of the line behind it where the version has none of its lines.
	Before int `json:"before"`
	After  int `json:"after"`
	// Lines are the first lines of the hunk as in a unified diff, with "-" or "+"
	// in front; Cut is how many more there are.
	Lines []string `json:"lines"`
	Cut   int      `json:"cut,omitempty"`
	// In is the function, or another declaration, that the hunk is in.
	In   string `json:"in,omitempty"`
	Near Near   `json:"near"`
	// Distance is the number of lines between the hunk and the line of the stack
	// that it is near to, 0 for one that is in it.
	Distance int `json:"distance"`
}

// Row is everything a report says of one scenario.
type Row struct {
	Scenario  ScenarioInfo       `json:"scenario"`
	Verdict   Verdict            `json:"verdict"`
	Summaries map[string]Summary `json:"summaries"`
	Limits    []Limit            `json:"limits"` // as applied
	Findings  []Finding          `json:"findings"`
	Sites     []Site             `json:"sites,omitempty"`
	Profile   string             `json:"profile,omitempty"` // absolute path
	PeakParts *PeakParts         `json:"peak_parts,omitempty"`
	Footprint *FootprintParts    `json:"footprint,omitempty"`
	// SessionFit is of the exact process that the other parts are of.
	SessionFit *SessionFit `json:"session_fit,omitempty"`
	// Soak is what came of a soak, whose series are in the run's measurement.
	Soak    *SoakResult `json:"soak,omitempty"`
	Seconds float64     `json:"seconds"` // spent measuring it
	Notes   []string    `json:"notes,omitempty"`
}

// Report is a judged Run: all that a Reporter needs.
type Report struct {
	Run      *Run      `json:"-"`
	Baseline *Run      `json:"-"`
	RunID    string    `json:"run"`
	RunFile  string    `json:"run_file,omitempty"`
	BaseName string    `json:"baseline,omitempty"`
	Base     *Source   `json:"base,omitempty"` // the two source trees, where two were compared
	Head     *Source   `json:"head,omitempty"`
	Verdict  Verdict   `json:"verdict"`
	Exit     int       `json:"exit"`
	Rows     []Row     `json:"rows"`
	Findings []Finding `json:"findings"` // those not bound to a row, such as missing scenarios
	// Mismatches are differences between the environments of run and baseline,
	// in words, with the metrics that they concern.
	Mismatches []Mismatch `json:"mismatches,omitempty"`
	// Notes are what to know of the whole, such as an accepted regression that is for
	// nothing of it, or a scenario that stood in two of several merged runs.
	Notes   []string    `json:"notes,omitempty"`
	Env     Environment `json:"environment"`
	Seconds float64     `json:"seconds"`
	// Commands are those of several merged runs, of the ones that do not pass where there
	// are any: each shows a part of it again. Nil for one run, whose command Run has.
	Commands [][]string `json:"commands,omitempty"`
}

// Mismatch is a condition in which the run and the baseline differ.
type Mismatch struct {
	Condition string   `json:"condition"`
	Here      string   `json:"here"`
	Baseline  string   `json:"baseline"`
	Metrics   []string `json:"metrics,omitempty"` // not compared because of it; empty: no matter
}
