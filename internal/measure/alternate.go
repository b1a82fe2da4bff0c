package measure

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// Side is one of several sources of the same scenarios, such as two revisions of a
// program.
type Side struct {
	Name    string // for Progress; "" where there is one side only
	Targets []target.Target
	Dir     string // of profiles; see Options.Dir
	Record  func(highwater.Measurement)
}

// Alternate measures the sides in one session, as Run does: a scenario's processes
// of all sides follow on each other, in turn the one and the other first (A B B A),
// so that a machine which becomes slower or fuller treats them alike. No two
// Records are called at once.
func Alternate(ctx context.Context, sides []Side, o Options) error {
	ids, targets := scenarios(sides)
	var turns []turn
	for _, pass := range highwater.Passes() {
		for repeat := range o.repeats(pass) {
			for i, id := range ids {
				t := turn{pass: pass}
				for side := range sides {
					for _, target := range targets[of{side, id}] {
						if _, omitted := target.Info.Omit[pass]; !omitted {
							t.jobs = append(t.jobs, job{side: side, target: target, pass: pass, repeat: repeat})
						}
					}
				}
				// The order changes with the repeat, and from one scenario to the next:
				// there may be one repeat only.
				t.reversed = (repeat+i)%2 == 1
				turns = append(turns, t)
			}
		}
	}
	return alternate(ctx, sides, turns, o)
}

// AlternateMore measures further repeats of each side, in turn.
func AlternateMore(ctx context.Context, sides []Side, repeats [][]Repeat, o Options) error {
	type key struct {
		id   string
		pass highwater.Pass
		nth  int // of those asked for
	}
	var order []key
	jobs := map[key][]job{}
	for side := range repeats {
		nth := map[key]int{}
		for _, r := range repeats[side] {
			k := key{id: r.Target.Info.ID(), pass: r.Pass}
			nth[k]++
			k.nth = nth[k]
			if jobs[k] == nil {
				order = append(order, k)
			}
			jobs[k] = append(jobs[k], job{side: side, target: r.Target, pass: r.Pass, repeat: r.Number, rate: r.ProfileRate})
		}
	}
	var turns []turn
	for i, k := range order {
		turns = append(turns, turn{k.pass, jobs[k], i%2 == 1})
	}
	return alternate(ctx, sides, turns, o)
}

// turn is a repeat of one scenario on all sides that have it.
type turn struct {
	pass     highwater.Pass
	jobs     []job
	reversed bool
}

func alternate(ctx context.Context, sides []Side, turns []turn, o Options) error {
	p := &plan{options: o, sides: sides, facts: map[of]*facts{}}
	for _, s := range sides {
		if s.Dir == "" {
			continue
		}
		if err := os.MkdirAll(s.Dir, 0o700); err != nil {
			return fmt.Errorf("making the folder for profiles: %w", err)
		}
	}
	var alone, shared []job
	for _, t := range turns {
		if t.reversed {
			slices.Reverse(t.jobs)
		}
		if t.pass == highwater.PassNatural {
			alone = append(alone, t.jobs...)
		} else {
			shared = append(shared, t.jobs...)
		}
	}
	p.total = len(alone) + len(shared)
	if err := p.run(ctx, alone, 1); err != nil {
		return err
	}
	return p.run(ctx, shared, jobs(o.Jobs))
}

// scenarios are the IDs on all sides, those that only a later side has at the end,
// and the targets of each on each side.
func scenarios(sides []Side) ([]string, map[of][]target.Target) {
	var ids []string
	seen := map[string]bool{}
	targets := map[of][]target.Target{}
	for side, s := range sides {
		for _, t := range s.Targets {
			id := t.Info.ID()
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
			targets[of{side, id}] = append(targets[of{side, id}], t)
		}
	}
	return ids, targets
}
