package probe

import (
	"runtime"
	"time"
)

// programExact finds out what a program holds: the most of it since the process
// began, and, where a load drives it, what it holds under the load and what the load
// leaves behind.
type programExact struct {
	*exact
	marked  bool       // ready was called
	atReady rawProfile // what was live then
	ids     []int      // the goroutines then, outside of the heap
}

// begin tells as the baseline what is taken off: of the heap the probe's own part,
// which is all that has come since before, and the stacks that there are when nothing
// of the program has run, most of them the runtime's. Nothing is taken off the
// profile, in which the probe's records are known by their frames.
func (e *programExact) begin(before origin) {
	e.atReady.reserve()
	e.work.do(func() {
		e.prepare()
		e.baseProf.n = 0
		e.link.Send(Message{Type: TypeBaseline, Baseline: &Reading{
			Heap: e.base.Heap - before.live.Heap, Stacks: e.base.Stacks, InUse: e.base.InUse - before.live.InUse,
		}})
	})
	letHookRun()
}

// noGoroutine ends the list of those that were there when the program was ready.
const noGoroutine = 0

func (e *programExact) ready() {
	letHookRun()
	e.work.do(func() {
		e.mute(true)
		e.note()
		settle()
		settle()
		e.mute(false)
		e.atReady.capture()
		e.allocs.begin(&e.atReady)
		e.marked = true
	})
	e.work.do(func() { e.exact.checkpoint("ready", 0, false) })
	letHookRun()
}

// mute says whether what is live now is partly the probe's own: the text of all
// goroutines' stacks, for example.
func (e *programExact) mute(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.muted = on
	if !on {
		e.ignored = cycles()
	}
}

// note remembers what is there, outside of the heap where it may be large.
func (e *programExact) note() {
	ids := goroutineIDs()
	e.ids = offHeap[int](len(ids) + 1)
	i := 0
	for id := range ids {
		e.ids[i] = id
		i++
	}
	e.ids[i] = noGoroutine
	e.fds, _ = openFDs()
	e.children, _ = childPIDs()
}

func (e *programExact) checkpoint() { e.Checkpoint("under load", 0, true) }

func (e *programExact) last(asked bool) {
	letHookRun()
	e.work.do(func() {
		e.allocs.pending = 1 // all is one operation here; highwater knows how many it was
		e.exact.checkpoint("end", 0, false)
		e.mu.Lock()
		e.peak.Cycles, e.peak.Seen = e.climb.stop()
		e.mu.Unlock()
		var out TornDown
		if asked && e.marked {
			e.left(&out)
		}
		out.Allocated, out.AllocatedOps = e.allocs.resolve()
		e.link.Send(Message{Type: TypeTornDown, TornDown: &out})
		e.peak.Profile = e.peakProf.resolve()
		e.peak.Looks, e.peak.Each = e.looks.all()
		e.link.Send(Message{Type: TypePeak, Peak: &e.peak})
		if n := e.climb.note(); n != "" {
			e.link.Send(Message{Type: TypeNote, Note: n})
		}
		if runtime.GOMAXPROCS(0) != 1 {
			e.link.Send(Message{Type: TypeNote, Note: "the program sets GOMAXPROCS: with more than one processor peaks between checkpoints are less exact"})
		}
	})
}

// left finds what the load has left behind, when what it set off has come to
// rest: connections that it has closed, for example, are closed here a little later.
func (e *programExact) left(out *TornDown) {
	e.goroutines = map[int]bool{}
	for _, id := range e.ids {
		e.goroutines[id] = true
	}
	waitGone(func() bool { return len(newGoroutines(e.goroutines)) == 0 })
	out.Goroutines = newGoroutines(e.goroutines)
	out.FDs, out.Children, out.Missing = e.leftOpen()
	e.goroutines = nil
	out.Reading = atRest()
	e.spare.capture()
	out.Base, out.Profile = e.atReady.resolve(), e.spare.resolve()
}

// atRest reads live memory when it does not fall any more, or after some seconds.
func atRest() Reading {
	const still = 16 << 10
	settle()
	settle()
	r := read()
	for pause := 10 * time.Millisecond; pause < 2*time.Second; pause *= 2 {
		time.Sleep(pause)
		settle()
		now := read()
		if r.Live()-now.Live() < still {
			return now
		}
		r = now
	}
	return r
}
