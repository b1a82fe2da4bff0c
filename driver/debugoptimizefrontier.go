package driver

import (
	"context"
	"fmt"
	"time"

	"github.com/highwater-dev/highwater/internal/frontier"
	"github.com/highwater-dev/highwater/internal/measure"
)

// How a frontier is measured where nobody says otherwise: processes at each setting, and
// how long each of them loops.
const (
	frontierRepeats = 5
	frontierTime    = 500 * time.Millisecond
)

// frontiers runs each scenario at several settings of the collector. What cannot be run so
// is said of it, and the others are.
func (a *app) frontiers(ctx context.Context, o *debugOptions, h held, all []advised) error {
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	defer show.end()
	for i := range all {
		one := &all[i]
		if one.target == nil {
			continue
		}
		f, err := frontier.Run(ctx, *one.target, frontier.Options{Measure: measure.Options{
			Repeats: or(h.Repeats, frontierRepeats), Time: or(h.Time, frontierTime), Timeout: or(h.Timeout, 0), MaxMemory: or(h.MaxMemory, 0), Progress: show.update,
		}})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			one.failed = append(one.failed, fmt.Sprintf("frontier: %v", err))
			continue
		}
		one.evidence.Frontier = &f
	}
	return nil
}
