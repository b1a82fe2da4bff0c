package store

import (
	"encoding/json"
	"fmt"

	"github.com/highwater-dev/highwater"
)

// Judged is what a JSON report holds besides its run.
type Judged struct {
	// Report is the judgement as it was made then, without Run and Baseline.
	Report *highwater.Report
	// Baseline is the part of the baseline that the report is about, nil where there
	// was none.
	Baseline *highwater.Run
}

// ReadJudged reads a Run file as [ReadRun] does, and what was made of it, nil where the
// file is no report. The run is nil in a report that was made without one, such as that
// of a baseline which could not be read.
func ReadJudged(path string) (*highwater.Run, *Judged, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, nil, err
	}
	var h struct {
		Schema   *json.RawMessage  `json:"schema"`
		Report   *highwater.Report `json:"report"`
		Run      json.RawMessage   `json:"run"`
		Baseline json.RawMessage   `json:"baseline"`
	}
	if len(data) > maxReportBytes || json.Unmarshal(data, &h) != nil || h.Report == nil || checkSchema(h.Schema) != nil {
		run, err := readRun(path, data) // which says what is wrong
		return run, nil, err
	}
	j := &Judged{Report: h.Report}
	if isObject(h.Baseline) {
		if j.Baseline, err = decode(h.Baseline); err != nil {
			return nil, nil, fmt.Errorf("reading run %s: baseline: %w", path, err)
		}
	}
	if !isObject(h.Run) {
		if h.Report.Verdict == "" || h.Report.Exit == highwater.ExitOK {
			return nil, nil, fmt.Errorf("reading run %s: the report has no run, and passes all the same: nothing was measured; %s", path, measureAgain)
		}
		return nil, j, nil
	}
	run, err := readRun(path, h.Run)
	if err != nil {
		run, err = readRun(path, data) // which says on which line it is wrong
	}
	return run, j, err
}
