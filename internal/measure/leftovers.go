package measure

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// retained is what is live after tear-down and was not before, in bytes. The runtime
// takes memory for stacks in spans of 32 KB, each of which stays while one stack in it
// is used: after hundreds of goroutines have come and gone, the few that were there all
// the time lie in a span each. So stacks count only where goroutines are left.
func retained(t *probe.TornDown, before probe.Reading) float64 {
	if len(t.Goroutines) == 0 {
		return float64(t.Heap - before.Heap)
	}
	return float64(t.Live() - before.Live())
}

// fillLeftovers fills in what was still there after tear-down.
func fillLeftovers(m *highwater.Measurement, t *probe.TornDown, e target.Exit) {
	for _, missing := range t.Missing {
		name, why, _ := strings.Cut(missing, ": ")
		m.Unsupported[name] = why
	}
	goroutines := 0
	for _, g := range t.Goroutines {
		goroutines += g.Count
		m.Leftovers = append(m.Leftovers, leftover(g))
	}
	m.Values[highwater.Goroutines] = float64(goroutines)
	if _, un := m.Unsupported[highwater.FDs]; !un {
		m.Values[highwater.FDs] = float64(len(t.FDs))
	}
	for _, fd := range t.FDs {
		m.Leftovers = append(m.Leftovers, highwater.Leftover{Kind: "fd", Count: 1, Detail: fd})
	}
	// A child that was still there after tear-down may have ended before the
	// process did; one that daemonised itself is known to the supervisor only.
	// Between the two looks a child may have become another program.
	children := map[string]string{} // by process id, which begins the text
	for _, c := range t.Children {
		pid, _, _ := strings.Cut(c, " ")
		children[pid] = c
	}
	for _, c := range e.Orphans {
		children[strconv.Itoa(c.PID)] = orphan(c)
	}
	if _, un := m.Unsupported[highwater.Children]; !un {
		m.Values[highwater.Children] = float64(len(children))
	}
	fillChildren(m, slices.Sorted(maps.Values(children)))
}

// fillOrphans is for a process that has no probe, or ended by itself: what it left
// behind is processes only.
func fillOrphans(m *highwater.Measurement, e target.Exit) {
	var all []string
	for _, c := range e.Orphans {
		all = append(all, orphan(c))
	}
	fillChildren(m, all)
}

func orphan(c target.Child) string { return fmt.Sprintf("%d %s", c.PID, c.Command) }

func fillChildren(m *highwater.Measurement, all []string) {
	for _, c := range all {
		m.Leftovers = append(m.Leftovers, highwater.Leftover{Kind: "child", Count: 1, Detail: c})
	}
}
