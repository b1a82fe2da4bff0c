package probe

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// natural lets the program run as its user would, and reads without forcing
// anything until the steady phase is over.
type natural struct {
	spec    Spec
	link    *Link
	threads int
	gc      []metrics.Sample

	before, after runtime.MemStats
	window        time.Time
	cpu           time.Duration // of the process when the window began
	out           Natural
	cycles0       uint64
	forced0       uint64
	gc0, user0    float64 // CPU seconds, as of the last collection before
}

func newNatural(s Spec, l *Link) *natural {
	// The first collection of a process starts the collector's workers, which
	// allocates. It happens here, before there is anything of the workload, and
	// not now before and now within the window.
	runtime.GC()
	return &natural{spec: s, link: l, gc: []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/gc/cycles/forced:gc-cycles"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"},
		{Name: "/cpu/classes/user:cpu-seconds"},
	}}
}

func (n *natural) Start() {
	n.threads, _ = threadCount() // what is wrong now is wrong at the end, too
	metrics.Read(n.gc)
	n.cycles0, n.forced0 = value(n.gc[0]), value(n.gc[1])
	n.gc0, n.user0 = seconds(n.gc[2]), seconds(n.gc[3])
	// A body without a loop is one operation, counted from here.
	n.LoopStart()
	n.out.Ops = 0
}

func (n *natural) LoopStart() {
	n.window, n.cpu = time.Now(), CPUTime()
	runtime.ReadMemStats(&n.before)
}

func (n *natural) LoopEnd(ops int) {
	runtime.ReadMemStats(&n.after)
	n.out.WindowNS = int64(time.Since(n.window))
	n.looped(ops)
	n.out.Ops = ops
}

func (n *natural) Checkpoint(string, int, bool) {}

// More ends the loop once it was long enough. What it made beyond the scenario's own
// operations counts for its speed, and not for allocations.
func (n *natural) More(ops int) bool {
	if time.Since(n.window) < n.spec.MinTime {
		return true
	}
	n.looped(ops)
	return false
}

func (n *natural) looped(ops int) {
	n.out.LoopOps, n.out.LoopNS, n.out.LoopCPUNS = ops, int64(time.Since(n.window)), int64(CPUTime()-n.cpu)
}

func (n *natural) SteadyEnd() {
	if n.out.Ops == 0 {
		n.LoopEnd(1)
	}
	o := &n.out
	var err error
	if o.RSS, o.HighWater, err = residentMemory(); err != nil {
		o.NoRSS = err.Error()
	}
	o.HighWaterSource = highWaterSource
	o.Classes = memoryClasses()
	o.AllocBytes = n.after.TotalAlloc - n.before.TotalAlloc
	o.Mallocs = n.after.Mallocs - n.before.Mallocs
	o.TotalAlloc = n.after.TotalAlloc
	if threads, err := threadCount(); err != nil {
		o.NoThreads = err.Error()
	} else {
		o.Threads = max(threads-n.threads, 0)
	}
	metrics.Read(n.gc)
	o.Cycles = int64(value(n.gc[0]) - n.cycles0)
	o.Forced = int64(value(n.gc[1]) - n.forced0)
	// All readings are taken; now one collection, which also brings the
	// runtime's account of CPU time up to date.
	runtime.GC()
	o.LiveHeap = read().Heap
	metrics.Read(n.gc)
	o.GCSeconds = seconds(n.gc[2]) - n.gc0
	o.Busy = o.GCSeconds + seconds(n.gc[3]) - n.user0
}

func (n *natural) TornDown() {
	n.link.Send(Message{Type: TypeNatural, Natural: &n.out})
}
