package probe

import (
	"runtime"
	"sync"
	"time"
)

// exact finds out what a program holds. Its process runs with
// GODEBUG=gcstoptheworld=2 on one processor: a collection stops the world from
// its start until everything is swept, so that what it leaves is exactly what
// was live, and the heap profile is of that very moment.
//
// Checkpoints force collections. Between them the climb (see climb.go) makes
// the collector run whenever live memory could have reached a new high.
type exact struct {
	spec  Spec
	link  *Link
	work  worker
	begun time.Time

	mu       sync.Mutex // between the workload and the collection hook
	climb    climb
	base     Reading
	baseProf rawProfile
	peakProf rawProfile
	spare    rawProfile // captured into, then swapped with peakProf
	peak     Peak
	op       int
	sessions *int // live at the coming checkpoint, where the workload says
	early    bool // the early profile was sent
	loop     time.Time
	allocs   allocations
	looks    looks
	forcing  bool   // a checkpoint forces collections
	forced   uint64 // the last collection that it has forced
	muted    bool   // the probe itself holds memory: no high counts
	ignored  uint64 // nor what the hook says of this collection, or of one before

	goroutines map[int]bool
	fds        map[string]bool
	children   map[int]bool
}

func newExact(s Spec, l *Link) *exact {
	return &exact{spec: s, link: l, work: newWorker()}
}

func (e *exact) Start() {
	e.work.do(e.start)
	letHookRun()
}

func (e *exact) start() {
	e.prepare()
	e.link.Send(Message{Type: TypeBaseline, Baseline: &e.base})
}

// prepare makes ready for measuring and takes the baseline.
func (e *exact) prepare() {
	e.mu.Lock()
	// Everything that the probe needs is made before the baseline.
	primeStacks()
	e.baseProf.reserve()
	e.peakProf.reserve()
	e.spare.reserve()
	e.allocs.reserve()
	e.looks.reserve()
	e.goroutines = goroutineIDs()
	e.fds, _ = openFDs()
	e.children, _ = childPIDs()
	e.climb.arm(e.collected)
	e.mu.Unlock()

	// A collection halves a goroutine's stack at most: that of the workload,
	// which the lines above have made grow, needs several to shrink again.
	settle()
	settle()

	e.mu.Lock()
	defer e.mu.Unlock()
	e.begun = time.Now()
	e.base = read()
	e.baseProf.capture()
	e.peak = Peak{Heap: e.base.Heap, Stacks: e.base.Stacks, Checkpoint: true, Name: "start"}
	e.peakProf.copyFrom(&e.baseProf)
	e.allocs.begin(&e.baseProf)
	e.op = 0
	e.looks.reset()
	e.forced = cycles()
	e.climb.reset(e.base.Heap, e.base.Stacks)
}

func (e *exact) LoopStart() {
	e.loop = time.Now()
	e.work.do(func() { e.allocs.begin(nil) })
}

func (e *exact) LoopEnd(ops int) { e.allocs.pending = ops }

// Called says that a call of a benchmark has ended, before its checkpoint.
func (e *exact) Called(ops int) { e.allocs.pending = ops }

func (e *exact) More(int) bool { return time.Since(e.loop) < e.spec.MinTime }

func (e *exact) Sessions(n int) { e.sessions = &n }

func (e *exact) Checkpoint(name string, op int, steady bool) {
	letHookRun() // or the forced collections overtake it
	e.work.do(func() { e.checkpoint(name, op, steady) })
	letHookRun()
}

func (e *exact) checkpoint(name string, op int, steady bool) {
	e.force(true)
	settle()
	e.force(false)
	e.mu.Lock()
	defer e.mu.Unlock()
	r := read()
	e.allocs.settled()
	e.op = op
	if r.Live() > e.peak.Heap+e.peak.Stacks {
		e.newPeak(r.Heap, r.Stacks, cycles(), true, name)
	}
	e.climb.follow(r.Heap, r.Stacks)
	e.link.Send(Message{Type: TypeCheckpoint, Checkpoint: &Checkpoint{
		Reading: r, Name: name, Op: op, Steady: steady, At: int64(time.Since(e.begun)), Sessions: e.sessions,
	}})
	e.sessions = nil
}

// force says whether a checkpoint forces collections, which are none between checkpoints.
func (e *exact) force(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.forcing = on; !on {
		e.forced = cycles()
	}
}

// collected is called after each collection with what it left alive.
func (e *exact) collected(heap, stacks int64, cycle uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.climb.count(heap + stacks)
	if e.muted || cycle <= e.ignored {
		return
	}
	if !e.forcing && cycle > e.forced {
		e.looks.add(Look{At: int64(time.Since(e.begun)), Heap: heap, Stacks: stacks, Op: e.op})
	}
	if heap+stacks > e.peak.Heap+e.peak.Stacks {
		e.newPeak(heap, stacks, cycle, false, "")
	}
	e.climb.follow(heap, stacks)
}

// newPeak remembers the new high and, when the profile still is of the same
// collection, what is alive now. A profile that was missed leaves the one
// before: the report reconciles its total with the live bytes.
func (e *exact) newPeak(heap, stacks int64, cycle uint64, checkpoint bool, name string) {
	e.peak.Heap, e.peak.Stacks = heap, stacks
	e.peak.Checkpoint, e.peak.Name, e.peak.Op = checkpoint, name, e.op
	e.spare.capture()
	if cycles() == cycle {
		e.spare, e.peakProf = e.peakProf, e.spare
	}
	if e.spec.High > 0 && heap > e.spec.High && !e.early {
		e.early = true
		e.tellEarly()
	}
}

// tellEarly says what holds the memory, since highwater may have to end this
// process soon. From here on the figures are spoilt by the telling, which does
// not matter so far above any budget.
func (e *exact) tellEarly() {
	// On its only processor the workload would reach the ceiling meanwhile.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	e.link.Send(Message{Type: TypeProfile, Base: e.baseProf.resolve(), Profile: e.peakProf.resolve()})
}

func (e *exact) SteadyEnd() {}

func (e *exact) TornDown() { e.work.do(e.tornDown) }

func (e *exact) tornDown() {
	e.mu.Lock()
	e.peak.Cycles, e.peak.Seen = e.climb.stop()
	e.mu.Unlock()

	out := TornDown{}
	waitGone(func() bool { return len(newGoroutines(e.goroutines)) == 0 })
	out.Goroutines = newGoroutines(e.goroutines)
	out.FDs, out.Children, out.Missing = e.leftOpen()

	settle()
	settle()
	out.Reading = read()
	e.spare.capture()
	if e.allocs.windows == 0 {
		e.allocs.pending = max(e.allocs.pending, 1) // without a loop all is one operation
		e.allocs.settled()
	}
	out.Profile = e.spare.resolve()
	out.Allocated, out.AllocatedOps = e.allocs.resolve()
	e.link.Send(Message{Type: TypeTornDown, TornDown: &out})

	e.mu.Lock()
	defer e.mu.Unlock()
	e.peak.Base, e.peak.Profile = e.baseProf.resolve(), e.peakProf.resolve()
	e.peak.Looks, e.peak.Each = e.looks.all()
	e.link.Send(Message{Type: TypePeak, Peak: &e.peak})
	if n := e.climb.note(); n != "" {
		e.link.Send(Message{Type: TypeNote, Note: n})
	}
}

// leftOpen lists descriptors and children that were not there at the start, and
// names what cannot be listed here.
func (e *exact) leftOpen() (fds, children, missing []string) {
	waitGone(func() bool {
		now, err := openFDs()
		pids, err2 := childPIDs()
		return err != nil || err2 != nil || (len(added(now, e.fds)) == 0 && len(newChildren(pids, e.children)) == 0)
	})
	now, err := openFDs()
	if err != nil {
		missing = append(missing, "fds: "+err.Error())
	} else {
		fds = added(now, e.fds)
	}
	pids, err := childPIDs()
	if err != nil {
		missing = append(missing, "children: "+err.Error())
	} else {
		children = newChildren(pids, e.children)
	}
	return fds, children, missing
}

// waitGone polls with growing pauses, for about a second: what was told to end
// needs a moment to do so.
func waitGone(gone func() bool) {
	for pause := 100 * time.Microsecond; pause < 500*time.Millisecond; pause *= 2 {
		if gone() {
			return
		}
		time.Sleep(pause)
	}
}
