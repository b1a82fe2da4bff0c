package probe

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// collector measures which share of the busy CPU time the garbage collector
// takes, by the runtime's own account (/cpu/classes). The process runs on one
// processor, so that the collector has to share it: with a processor to spare,
// marking on idle time would count. What other processes take away falls on the
// collector and on the program in proportion.
//
// The account is brought up to date by collections only. It is therefore read
// right after a forced one, at the start and at the end.
type collector struct {
	spec     Spec
	link     *Link
	begun    time.Time
	s        []metrics.Sample
	cycles   uint64
	alloc    uint64
	gc, user float64
	out      Collector
}

// The collector pass goes on until it has seen enough cycles for a steady
// share, or for so long that the share must be small.
const (
	collectorCycles  = 60
	collectorMinTime = 400 * time.Millisecond
	collectorMaxTime = 800 * time.Millisecond
)

func newCollector(s Spec, l *Link) *collector {
	return &collector{spec: s, link: l, s: []metrics.Sample{
		{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/user:cpu-seconds"}, {Name: "/gc/heap/allocs:bytes"},
	}}
}

func (c *collector) read() {
	runtime.GC()
	metrics.Read(c.s)
}

func (c *collector) Start() {
	c.read()
	c.gc, c.user, c.alloc = seconds(c.s[0]), seconds(c.s[1]), value(c.s[2])
	c.cycles, c.begun = cycles(), time.Now()
}

func (c *collector) LoopStart()                   {}
func (c *collector) LoopEnd(int)                  {}
func (c *collector) Checkpoint(string, int, bool) {}

func (c *collector) More(int) bool {
	spent := time.Since(c.begun)
	if spent < max(collectorMinTime, c.spec.MinTime) {
		return true
	}
	return spent < collectorMaxTime && cycles()-c.cycles < collectorCycles
}

func (c *collector) SteadyEnd() {
	o := &c.out
	o.Cycles = int64(cycles() - c.cycles)
	c.read()
	// The closing collection is ours. It cost as much as an average cycle, so
	// that is taken off.
	o.GCSeconds = (seconds(c.s[0]) - c.gc) * float64(o.Cycles) / float64(o.Cycles+1)
	o.UserSecond = seconds(c.s[1]) - c.user
	o.AllocBytes = value(c.s[2]) - c.alloc
	if o.Cycles > 0 {
		o.CycleSeconds = o.GCSeconds / float64(o.Cycles)
	}
}

func (c *collector) TornDown() {
	c.link.Send(Message{Type: TypeCollector, Collector: &c.out})
}
