package probe

import (
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"time"
)

// collector measures which share of the process's CPU time the garbage collector
// takes. The process runs on one processor, so that the collector has to share
// it: with a processor to spare, marking on idle time would count.
//
// There are two ways to the share, and a loaded machine disturbs each in its own
// way, mostly upwards; the smaller counts:
//
//   - the runtime's account, collector over collector and user code. It goes by
//     the clock (/cpu/classes), and one collection in the middle of which another
//     process had the processor can weigh more than all others;
//   - cycles × lower quartile of a cycle's time ÷ CPU time of the process. Most
//     cycles are short against a time slice and pass undisturbed, and CPU time
//     does not count what others took. It misjudges programs whose cycles differ.
type collector struct {
	spec  Spec
	link  *Link
	begun time.Time
	cpu   time.Duration
	first uint64 // cycles at the start

	mu    sync.Mutex // between the workload and the hook
	s     []metrics.Sample
	armed bool
	n     uint64  // cycles when the hook last ran
	at    float64 // the collector's seconds then
	user  float64 // the program's seconds then
	gc0   float64 // both at the start
	user0 float64
	times []float64 // seconds of each cycle since the start
	out   Collector

	// testing forces a collection before each of its calls of a benchmark. Those are
	// not the benchmark's, and all that there are for one that allocates little.
	testing bool
	forced  uint64 // cycles at the start
}

// The collector pass goes on until it has seen enough cycles for a steady
// share, or for so long that the share must be small. What is compared with other runs is
// watched for longer.
const (
	collectorCycles  = 60
	collectorMinTime = 300 * time.Millisecond
	collectorMaxTime = 500 * time.Millisecond
	comparedMaxTime  = 800 * time.Millisecond
	maxTimes         = 1 << 14
)

func newCollector(s Spec, l *Link) *collector {
	return &collector{spec: s, link: l, times: make([]float64, 0, maxTimes), s: []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"},
		{Name: "/cpu/classes/user:cpu-seconds"},
		{Name: "/gc/cycles/forced:gc-cycles"},
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
	c.n, c.at, c.user = value(c.s[0]), seconds(c.s[1]), seconds(c.s[2])
	c.gc0, c.user0 = c.at, c.user
	c.first, c.forced, c.times = c.n, value(c.s[3]), c.times[:0]
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
	c.n, c.at, c.user = n, at, seconds(c.s[2])
}

func (c *collector) LoopStart()                   {}
func (c *collector) LoopEnd(int)                  {}
func (c *collector) Checkpoint(string, int, bool) {}

func (c *collector) More(int) bool {
	spent := time.Since(c.begun)
	if spent < max(collectorMinTime, c.spec.MinTime) {
		return true
	}
	longest := collectorMaxTime
	if c.spec.Compared {
		longest = comparedMaxTime
	}
	return spent < longest && cycles()-c.first < collectorCycles
}

func (c *collector) SteadyEnd() {
	cpu := (CPUTime() - c.cpu).Seconds()
	c.note()
	o := &c.out
	o.Cycles = int64(c.n - c.first)
	if len(c.times) > 0 && cpu > 0 {
		sorted := slices.Sorted(slices.Values(c.times))
		o.CycleSeconds = sorted[len(sorted)/4]
		share := float64(o.Cycles) * o.CycleSeconds / cpu
		if busy := c.at - c.gc0 + c.user - c.user0; busy > 0 {
			share = min(share, (c.at-c.gc0)/busy)
		}
		if c.testing {
			share *= 1 - float64(value(c.s[3])-c.forced)/float64(o.Cycles)
		}
		o.GCSeconds = share * cpu
	}
	o.UserSecond = cpu - o.GCSeconds
}

func (c *collector) TornDown() {
	c.link.Send(Message{Type: TypeCollector, Collector: &c.out})
}
