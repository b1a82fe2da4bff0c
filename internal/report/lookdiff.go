package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// DifferenceText writes what two snapshots of a process differ in.
func DifferenceText(w io.Writer, c live.Comparison, o LookOptions) error {
	var b strings.Builder
	fmt.Fprintf(&b, "from %s to %s, %s later\n", c.From.Local().Format("15:04:05"), c.To.Local().Format("15:04:05"), span(c.Elapsed))
	for _, why := range c.Cautions {
		fmt.Fprintf(&b, "  mind: %s\n", sentence(why))
	}
	line := func(what, before, after, by, rate string) {
		fmt.Fprintf(&b, "  %-20s %12s → %-12s %12s %14s\n", what, before, after, by, rate)
	}
	hourly := func(by int64, word func(float64) string) string {
		h := c.Elapsed.Hours()
		if h <= 0 || by == 0 {
			return ""
		}
		return word(float64(by)/h) + "/h"
	}
	parts := map[string]bool{}
	for _, p := range c.Parts {
		parts[p.Name] = true
	}
	// A part of resident memory stands with the others, so that they add up.
	whole := slices.DeleteFunc(slices.Clone(c.Bytes), func(p live.Change) bool { return parts[p.Name] })
	for _, p := range append(whole, c.Parts...) {
		rate := ""
		if !p.Swings() {
			rate = hourly(p.By(), func(x float64) string { return signed(x, sizeOf) })
		}
		line(p.Name, bytes(p.Before), bytes(p.After), signedBytes(p.By()), rate)
	}
	for _, p := range c.Counts {
		line(p.Name, grouped(p.Before), grouped(p.After), fmt.Sprintf("%+d", p.By()), hourly(p.By(), func(x float64) string { return signed(x, digits) }))
	}
	sites := slices.DeleteFunc(slices.Clone(c.Sites), func(s live.SiteChange) bool {
		by := s.After - s.Before
		return max(by, -by) < o.Threshold || !o.keeps(s.Site.Where, s.Site.Stack)
	})
	sites = sites[:min(len(sites), 4*o.most())]
	places := live.Places(sites, 0, len(sites), func(s live.SiteChange) highwater.Site { return s.Site })
	for i, s := range sites {
		fmt.Fprintf(&b, "  %-20s %12s → %-12s %12s  %s\n", "site", listed(s.InBefore, bytes(s.Before)), listed(s.InAfter, bytes(s.After)), signedBytes(s.After-s.Before), name(places[i]))
	}
	n := 0
	for _, g := range c.Groups {
		if !o.keeps(g.Group.Created, g.Group.Stack) {
			continue
		}
		if n++; n > 4*o.most() {
			break
		}
		where := "the main goroutine"
		if g.Group.Created.Func != "" {
			where = "created at " + name(g.Group.Created.Place())
		}
		if g.Group.State != "" {
			where = "in " + name(g.Group.State) + ", " + where
		}
		fmt.Fprintf(&b, "  %-20s %12d → %-12d %+12d  %s\n", "goroutines", g.Before, g.After, g.After-g.Before, where)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// signed words a figure with its sign.
func signed(x float64, word func(float64) string) string {
	if x < 0 {
		return "-" + word(-x)
	}
	return "+" + word(x)
}

// listed is a figure, or that the snapshot does not have it.
func listed(is bool, text string) string {
	if !is {
		return "-"
	}
	return text
}

// StepsText writes what grew from each snapshot to the next, and of what that is not
// known.
func StepsText(w io.Writer, all []highwater.Snapshot, o LookOptions) error {
	var b strings.Builder
	grew := live.Steps(all)
	sites := slices.DeleteFunc(slices.Clone(grew.Sites), func(s live.SiteSteps) bool {
		return s.Bytes[len(s.Bytes)-1]-s.Bytes[0] < o.Threshold || !o.keeps(s.Site.Where, s.Site.Stack)
	})
	places := live.Places(sites, 0, len(sites), func(s live.SiteSteps) highwater.Site { return s.Site })
	for i, s := range sites {
		first, last := s.Bytes[0], s.Bytes[len(s.Bytes)-1]
		fmt.Fprintf(&b, "  site         %s → %s in %s, %s/h  %s\n", bytes(first), bytes(last), number(len(s.Bytes)-1, "step", "steps"), sizeOf(s.PerHour), name(places[i]))
	}
	groups := 0
	for _, g := range grew.Groups {
		if !o.keeps(g.Group.Created, g.Group.Stack) {
			continue
		}
		groups++
		fmt.Fprintf(&b, "  goroutines   %d → %d in %s, %s/h  in %s, created at %s\n", g.Counts[0], g.Counts[len(g.Counts)-1], number(len(g.Counts)-1, "step", "steps"), digits(g.PerHour), name(g.Group.State), name(g.Group.Created.Place()))
	}
	title := "what grew at every step:\n"
	switch {
	case len(all) < live.LeastSteps:
		title = fmt.Sprintf("what grew at every step cannot be told from %s: it takes %d\n", number(len(all), "snapshot", "snapshots"), live.LeastSteps)
	case len(sites)+groups == 0 && grew.Profiles >= live.LeastSteps && grew.Lists >= live.LeastSteps:
		title = "nothing grew at every step\n"
	default:
		last := all[len(all)-1].Lacks
		unseen(&b, "sites", len(sites), grew.Profiles, cmp.Or(last[highwater.QuantitySites],
			"what a program allocates is published when a collection has ended, so there must be one between two snapshots: a longer --interval"))
		unseen(&b, "groups of goroutines", groups, grew.Lists, cmp.Or(last[highwater.QuantityStates], "a longer --interval"))
	}
	_, err := io.WriteString(w, title+b.String())
	return err
}

// unseen says of what none has grown, or that it is not known whether any has: by have
// snapshots, and why there are no more.
func unseen(b *strings.Builder, what string, grew, have int, why string) {
	switch {
	case have < live.LeastSteps:
		fmt.Fprintf(b, "  %s: not known, for %s something new of them and it takes %d; %s\n",
			what, number(have, "snapshot tells", "snapshots tell"), live.LeastSteps, sentence(why))
	case grew == 0:
		fmt.Fprintf(b, "  no %s\n", what)
	}
}
