package driver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// measureAll measures the sessions in turn, and then what needed lists for each of
// them, until it lists nothing. The options are those of the last session, which is
// the one that is judged, also when ctx ended before all was measured.
func measureAll(ctx context.Context, sessions []*session, needed func() [][]measure.Repeat, quiet, verbose bool) (*highwater.Report, error) {
	last := sessions[len(sessions)-1]
	var show *progress
	if !quiet {
		show = newProgress(last.app.Stderr)
	}
	o := last.options
	o.Progress = func(p measure.Progress) {
		if o.Output == nil || p.Repeat > 0 { // a command's own output is to be read
			show.update(p)
		}
	}
	var sides []measure.Side
	for _, s := range sessions {
		sides = append(sides, measure.Side{
			Name: s.side, Dir: s.options.Dir, Targets: s.targets,
			Record: func(m highwater.Measurement) {
				s.record(m)
				switch {
				case !verbose || quiet:
				case show != nil:
					show.above(s.said(m))
				default:
					fmt.Fprintln(last.app.Stderr, s.said(m))
				}
			},
		})
	}
	err := measure.Alternate(ctx, sides, o)
	for err == nil {
		more := needed()
		if len(slices.Concat(more...)) == 0 {
			break
		}
		err = measure.AlternateMore(ctx, sides, more, o)
	}
	show.end()
	if err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	var saveErrs []error
	for _, s := range sessions {
		if err == nil {
			s.run.Finished = &now
		}
		s.save() // all in one file, also when interrupted
		saveErrs = append(saveErrs, s.saveErr)
	}
	if _, pruneErr := last.dir.Prune(keepRuns, keepBytes); pruneErr != nil && !quiet {
		last.app.warn("%v", pruneErr)
	}
	return last.judge(), errors.Join(saveErrs...)
}

// said tells of a process that has been measured.
func (s *session) said(m highwater.Measurement) string {
	side := s.side
	if side != "" {
		side += " "
	}
	return fmt.Sprintf("%s%s %s #%d: %s in %v", side, m.Scenario, m.Pass, m.Repeat+1, m.Outcome.Status, m.Duration.Round(time.Millisecond))
}

// further are the repeats for the needs, of each session, within its budget.
func further(needs []gate.Need, sessions ...*session) [][]measure.Repeat {
	repeats := make([][]measure.Repeat, len(sessions))
	for _, n := range needs {
		for i, s := range sessions {
			j := slices.IndexFunc(s.targets, func(t target.Target) bool { return t.Info.ID() == n.Scenario })
			if j >= 0 {
				repeats[i] = append(repeats[i], measure.Further(s.run, s.targets[j], n.Pass, n.Samples, s.budget)...)
			}
		}
	}
	return repeats
}
