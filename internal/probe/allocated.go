package probe

import "runtime"

// allocations finds out what a scenario allocates in its operations, by site,
// from the profile's cumulative counts. They are as of the last collection, so
// that reading them costs a copy and forces nothing.
//
// A memtest scenario has one window, its loop. A benchmark is called twice by
// testing, each call with a set-up of its own: what the second call allocated more
// than the first is that of its further operations alone.
type allocations struct {
	at      [3]rawProfile // before the first window, and after each
	ops     [2]int        // operations of each window
	windows int
	pending int // operations of a window that ended and is not captured yet
}

func (a *allocations) reserve() {
	for i := range a.at {
		a.at[i].reserve()
	}
}

// begin starts anew with the state that p captured, or with that of now.
func (a *allocations) begin(p *rawProfile) {
	a.windows, a.pending = 0, 0
	if p != nil {
		a.at[0].copyFrom(p)
	} else {
		a.at[0].capture()
	}
}

// settled captures the end of a window, once collections have published all that
// it allocated.
func (a *allocations) settled() {
	if a.pending == 0 || a.windows == len(a.ops) {
		return
	}
	a.at[a.windows+1].capture()
	a.ops[a.windows] = a.pending
	a.windows++
	a.pending = 0
}

// bucket identifies the profile's counter of one stack and one size of object.
type bucket struct {
	stack [32]uintptr
	size  int64
}

type counted struct{ objects, bytes int64 }

func (p *rawProfile) allocated() map[bucket]counted {
	all := make(map[bucket]counted, p.n)
	for _, r := range p.records[:p.n] {
		if r.AllocObjects > 0 {
			k := bucket{r.Stack0, r.AllocBytes / r.AllocObjects}
			all[k] = counted{all[k].objects + r.AllocObjects, all[k].bytes + r.AllocBytes}
		}
	}
	return all
}

// resolve returns what was allocated in how many operations; nil where no window
// came to its end.
func (a *allocations) resolve() (*Profile, int) {
	if a.windows == 0 {
		return nil, 0
	}
	last := a.windows
	before, after := a.at[last-1].allocated(), a.at[last].allocated()
	ops := a.ops[last-1]
	var first map[bucket]counted
	if last == 2 && a.ops[1] > a.ops[0] {
		first = a.at[0].allocated()
		ops -= a.ops[0]
	}
	out := newProfile()
	for k, n := range after {
		was := before[k]
		n.objects, n.bytes = n.objects-was.objects, n.bytes-was.bytes
		if first != nil {
			n.objects -= was.objects - first[k].objects
			n.bytes -= was.bytes - first[k].bytes
		}
		// What the first call alone had to do, such as filling a cache, is less
		// than nothing now.
		if n.objects > 0 && n.bytes > 0 {
			record := runtime.MemProfileRecord{Stack0: k.stack}
			out.add(record.Stack(), n.objects, n.bytes)
		}
	}
	return out.Profile, ops
}
