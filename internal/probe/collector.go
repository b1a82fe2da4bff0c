package probe

import (
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"time"
)

// collector measures which share of the process's CPU time the garbage collector
// takes:
//
//	share = cycles × median time of a cycle ÷ CPU time of the process
//
// The process runs on one processor, so that the collector has to share it: with
// a processor to spare, marking on idle time would count. The runtime counts a
// cycle's time by the clock (/cpu/classes/gc/total), and another process that
// takes the processor away in the middle makes it look long; most cycles are
// short against a time slice and pass undisturbed, hence the median. The CPU
// time of the process does not count what others took at all.
type collector struct {
	spec  Spec
	link  *Link
	begun time.Time
	cpu   time.Duration
	alloc uint64
	first uint64 // cycles at the start

	mu    sync.Mutex // between the workload and the hook
	s     []metrics.Sample
	armed bool
	n     uint64    // cycles when the hook last ran
	at    float64   // the collector's seconds then
	times []float64 // seconds of each cycle since the start
	out   Collector
}

// The collector pass goes on until it has seen enough cycles for a steady
// share, or for so long that the share must be small.
const (
	collectorCycles  = 60
	collectorMinTime = 300 * time.Millisecond
	collectorMaxTime = 800 * time.Millisecond
	maxTimes         = 1 << 14
)

func newCollector(s Spec, l *Link) *collector {
	return &collector{spec: s, link: l, times: make([]float64, 0, maxTimes), s: []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/gc/heap/allocs:bytes"},
	}}
}

func (c *collector) Start() {
	runtime.GC() // brings the runtime's account up to date, as every collection does
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.armed {
		c.armed = true
		runtime.SetFinalizer(&mark{c: c}, marked)
	}
	metrics.Read(c.s)
	c.n, c.at, c.alloc = value(c.s[0]), seconds(c.s[1]), value(c.s[2])
	c.first, c.times = c.n, c.times[:0]
	c.begun, c.cpu = time.Now(), CPUTime()
}

// mark is the object whose finalizer is the hook that runs after collections.
type mark struct {
	c *collector
	_ [4]uintptr
}

func marked(m *mark) {
	m.c.note()
	runtime.SetFinalizer(m, marked)
}

// note divides the collector's time since the last note over the cycles since.
func (c *collector) note() {
	c.mu.Lock()
	defer c.mu.Unlock()
	metrics.Read(c.s)
	n, at := value(c.s[0]), seconds(c.s[1])
	for range min(n-c.n, uint64(cap(c.times)-len(c.times))) {
		c.times = append(c.times, (at-c.at)/float64(n-c.n))
	}
	c.n, c.at = n, at
}

func (c *collector) LoopStart()                   {}
func (c *collector) LoopEnd(int)                  {}
func (c *collector) Checkpoint(string, int, bool) {}

func (c *collector) More(int) bool {
	spent := time.Since(c.begun)
	if spent < max(collectorMinTime, c.spec.MinTime) {
		return true
	}
	return spent < collectorMaxTime && cycles()-c.first < collectorCycles
}

func (c *collector) SteadyEnd() {
	cpu := (CPUTime() - c.cpu).Seconds()
	c.note()
	o := &c.out
	o.Cycles = int64(c.n - c.first)
	o.AllocBytes = value(c.s[2]) - c.alloc
	if len(c.times) > 0 {
		sorted := slices.Sorted(slices.Values(c.times))
		o.CycleSeconds = sorted[len(sorted)/2]
	}
	o.GCSeconds = min(float64(o.Cycles)*o.CycleSeconds, cpu)
	o.UserSecond = cpu - o.GCSeconds
}

func (c *collector) TornDown() {
	c.link.Send(Message{Type: TypeCollector, Collector: &c.out})
}
