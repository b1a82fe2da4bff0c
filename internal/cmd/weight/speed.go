package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/gated/own"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/report"
)

// work is something that is timed.
type work struct {
	name string
	do   func() error
}

// speeds returns how many times as long each piece of work takes as decoding the run
// does. All are done in turn, round after round, so that a machine that becomes slower
// does so for all; the quickest of each counts, since nothing makes code quicker than
// it is.
func speeds(ctx context.Context, rounds int) (map[string]float64, error) {
	if rounds < 1 {
		return nil, fmt.Errorf("-rounds %d: want 1 or more", rounds)
	}
	run, base := own.Run(own.Scenarios, 1.5), own.Run(own.Scenarios, 1)
	text, err := json.Marshal(run)
	if err != nil {
		return nil, err
	}
	policy := gate.Policy{Now: run.Created}
	judged := gate.Judge(run, base, policy)
	var profile bytes.Buffer
	if err := heap.UseProfile(own.Uses(5000), 4096).Write(&profile); err != nil {
		return nil, err
	}
	all := []work{
		{"", func() error { return json.Unmarshal(text, new(highwater.Run)) }},
		{"judge", func() error { gate.Judge(run, base, policy); return nil }},
		{"heap_profile", func() error {
			p, err := heap.Decode(profile.Bytes())
			if err == nil {
				_, err = heap.ProfileUses(p)
			}
			return err
		}},
	}
	for _, format := range []string{"text", "html", "comment", "sarif"} {
		r, err := report.ByName(format, report.Options{})
		if err != nil {
			return nil, err
		}
		all = append(all, work{"report_" + format, func() error { return r.Render(io.Discard, judged) }})
	}
	times := make([][]time.Duration, len(all))
	for range rounds {
		for i, one := range all {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			begun := time.Now()
			if err := one.do(); err != nil {
				return nil, fmt.Errorf("%s: %w", one.name, err)
			}
			times[i] = append(times[i], time.Since(begun))
		}
	}
	ratios := map[string]float64{}
	for i, one := range all[1:] {
		ratios[one.name] = float64(slices.Min(times[i+1])) / float64(slices.Min(times[0]))
	}
	return ratios, nil
}
