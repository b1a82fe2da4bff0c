package live

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// View is what is known at one moment. Nothing in it changes any more, and nobody who
// gets one may change what it refers to.
type View struct {
	Version  int                // grows with everything that changes the picture
	Snapshot highwater.Snapshot // the newest look
	Base     highwater.Snapshot // the look from which changes are counted

	Began    time.Time // the first look
	ResetAt  time.Time // the look from which changes are counted
	Looks    int
	Restarts int    // how often another process stood where the one before had been
	Ended    string // how the process ended; "" while it runs

	// Recent are the newest looks one by one, and All the whole time, thinned. Both are
	// oldest first.
	Recent, All []Point

	Rates       Rates
	Parts       []PartRow // that RSS consists of; nil where that cannot be seen
	Sites       []SiteRow // most live bytes first
	SitesBefore time.Time // of the profile before, since which the rates of sites are; zero for none
	Groups      []GroupRow
	Cycles      []CycleRow // the newest first
	Missed      int64      // collections since the reset that no look met
	Pauses      Pauses
	Processes   []ProcessRow // in the order of their tree
}

// Lacks says why a quantity cannot be seen, "" where it can.
func (v *View) Lacks(q highwater.Quantity) string { return v.Snapshot.Lacks[q] }

// Stopped reports whether the process is held by a signal or a debugger, and does nothing:
// of several that are looked at together, all of them.
func (v *View) Stopped() bool {
	own := 0
	for _, p := range v.Snapshot.Processes {
		if v.Snapshot.PID != 0 && p.PID != v.Snapshot.PID {
			continue // it was started by the one that is looked at
		}
		if !p.Stopped {
			return false
		}
		own++
	}
	return own > 0
}

// ProcessRow is a process with its place in the tree: 0 for one whose parent is not in it.
type ProcessRow struct {
	highwater.Process
	Depth int
}

// deepest bounds how far a hostile tree can be nested.
const deepest = 64

// tree puts children behind their parents. What it cannot place, such as processes that
// are each other's parents, stands at the end, so that nothing is left out.
func tree(all []highwater.Process) []ProcessRow {
	if len(all) == 0 {
		return nil
	}
	children := map[int][]int{}
	known := map[int]bool{}
	for _, p := range all {
		known[p.PID] = true
	}
	for i, p := range all {
		if known[p.Parent] && p.Parent != p.PID {
			children[p.Parent] = append(children[p.Parent], i)
		}
	}
	rows := make([]ProcessRow, 0, len(all))
	placed := make([]bool, len(all))
	var place func(i, depth int)
	place = func(i, depth int) {
		if placed[i] || depth > deepest {
			return
		}
		placed[i] = true
		rows = append(rows, ProcessRow{all[i], depth})
		for _, c := range children[all[i].PID] {
			place(c, depth+1)
		}
	}
	for i, p := range all {
		if !known[p.Parent] || p.Parent == p.PID {
			place(i, 0)
		}
	}
	for i := range all {
		place(i, 0)
	}
	return rows
}
