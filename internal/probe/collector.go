package probe

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// collector measures how much of the CPU time the garbage collector takes. The
// process runs on one processor with a stop-the-world collector, so that at any
// moment either the collector runs or the program, and noise of the machine
// falls on both alike.
type collector struct {
	spec  Spec
	link  *Link
	begun time.Time
	s     []metrics.Sample

	cycles, alloc uint64
	gc, user      float64
	out           Collector
}

// The collector pass goes on until it has seen enough cycles for a steady
// share, or for so long that the share must be small.
const (
	collectorCycles  = 40
	collectorMinTime = 250 * time.Millisecond
	collectorMaxTime = 800 * time.Millisecond
)

func newCollector(s Spec, l *Link) *collector {
	return &collector{spec: s, link: l, s: []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/gc/heap/allocs:bytes"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/user:cpu-seconds"},
	}}
}

// refresh runs a collection, because the runtime's account of CPU time is
// brought up to date by collections only.
func (c *collector) refresh() {
	runtime.GC()
	metrics.Read(c.s)
}

func (c *collector) Start() {
	c.refresh()
	c.cycles, c.alloc = value(c.s[0]), value(c.s[1])
	c.gc, c.user = seconds(c.s[2]), seconds(c.s[3])
	c.begun = time.Now()
}

func (c *collector) LoopStart()                   {}
func (c *collector) LoopEnd(int)                  {}
func (c *collector) Checkpoint(string, int, bool) {}

func (c *collector) More(int) bool {
	metrics.Read(c.s[:1])
	spent := time.Since(c.begun)
	if spent < max(collectorMinTime, c.spec.MinTime) {
		return true
	}
	return value(c.s[0])-c.cycles < collectorCycles && spent < collectorMaxTime
}

func (c *collector) SteadyEnd() {
	c.refresh()
	// The closing collection is ours. It did the work of an average cycle, so
	// its share of the collector's time is taken off.
	all := int64(value(c.s[0]) - c.cycles)
	o := &c.out
	o.Cycles = max(all-1, 0)
	o.AllocBytes = value(c.s[1]) - c.alloc
	o.UserSecond = seconds(c.s[3]) - c.user
	if all > 0 {
		o.GCSeconds = (seconds(c.s[2]) - c.gc) * float64(o.Cycles) / float64(all)
	}
}

func (c *collector) TornDown() {
	c.link.Send(Message{Type: TypeCollector, Collector: &c.out})
}
