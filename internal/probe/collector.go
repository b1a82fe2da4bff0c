package probe

import (
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"time"
)

// collector measures how much of the CPU time the garbage collector takes. The
// process runs on one processor with a stop-the-world collector, so that at any
// moment either the collector runs or the program.
//
// The runtime counts the collector's time by the clock: another process that
// takes the CPU away in the middle of a collection makes it look long. A hook
// therefore notes each collection's time, the longest tenth are counted as the
// 90th percentile (an upper winsorised mean), and the whole is the CPU time of
// the process, which does not count what others took.
type collector struct {
	spec  Spec
	link  *Link
	begun time.Time
	cpu   time.Duration
	alloc uint64
	first uint64 // cycles at the start

	mu    sync.Mutex
	s     []metrics.Sample
	n     uint64    // cycles when the hook last ran
	at    float64   // the collector's seconds then
	times []float64 // seconds of each cycle since the start
	armed bool
	out   Collector
}

// The collector pass goes on until it has seen enough cycles for a steady
// share, or for so long that the share must be small.
const (
	collectorCycles  = 60
	collectorMinTime = 250 * time.Millisecond
	collectorMaxTime = 800 * time.Millisecond
	maxTimes         = 1 << 14
)

func newCollector(s Spec, l *Link) *collector {
	return &collector{spec: s, link: l, times: make([]float64, 0, maxTimes), s: []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/cpu/classes/gc/total:cpu-seconds"},
	}}
}

func (c *collector) Start() {
	runtime.GC()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.armed {
		c.armed = true
		runtime.SetFinalizer(&mark{c: c}, collected)
	}
	metrics.Read(c.s)
	c.n, c.at = value(c.s[0]), seconds(c.s[1])
	c.first, c.times = c.n, c.times[:0]
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.alloc = m.TotalAlloc
	c.begun, c.cpu = time.Now(), cpuTime()
}

// mark is the object whose finalizer runs after each collection.
type mark struct {
	c *collector
	_ [4]uintptr
}

func collected(m *mark) {
	m.c.note()
	runtime.SetFinalizer(m, collected)
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
	cpu := (cpuTime() - c.cpu).Seconds()
	c.note()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	o := &c.out
	o.AllocBytes = m.TotalAlloc - c.alloc
	o.Cycles = int64(c.n - c.first)
	o.GCSeconds = min(winsorisedMean(c.times)*float64(o.Cycles), cpu)
	o.UserSecond = cpu - o.GCSeconds
}

// winsorisedMean is the mean after the longest tenth have been replaced by the
// 90th percentile; 0 for none.
func winsorisedMean(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(xs))
	top := sorted[(len(sorted)-1)*9/10]
	sum := 0.0
	for _, x := range sorted {
		sum += min(x, top)
	}
	return sum / float64(len(sorted))
}

func (c *collector) TornDown() {
	c.link.Send(Message{Type: TypeCollector, Collector: &c.out})
}
