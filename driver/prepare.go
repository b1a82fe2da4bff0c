package driver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

// prepare lets the suites of the targets make what their scenarios need and what
// is kept from one run to the next. The time that it takes is in no figure, and
// is told. A failure is not the end: the scenarios in want of what is missing
// will say so, and the others are measured.
func (a *app) prepare(ctx context.Context, targets []target.Target, quiet bool) {
	for _, s := range a.Suites {
		if s.Prepare == nil || !slices.ContainsFunc(targets, func(t target.Target) bool { return t.Info.Suite == s.Name }) {
			continue
		}
		begun, did := time.Now(), 0
		err := s.Prepare(ctx, func(what string) {
			did++
			if !quiet {
				fmt.Fprintf(a.Stderr, "%s: %s, for %s (once)\n", a.Name, what, s.Name)
			}
		})
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.warn("preparing %s: %v", s.Name, err)
		case did > 0 && !quiet:
			fmt.Fprintf(a.Stderr, "%s: prepared %s in %.1f s, which is in no figure\n", a.Name, s.Name, time.Since(begun).Seconds())
		}
	}
}
