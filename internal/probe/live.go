package probe

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// LiveReading is a part of a look at a live process: that which was asked for.
type LiveReading struct {
	Ops     int64        `json:"ops"` // so far
	Figures *LiveFigures `json:"figures,omitempty"`
	Profile *Profile     `json:"profile,omitempty"` // with what was allocated, too
	// Groups are all goroutines but the runtime's and the probe's own. To see them stops
	// the world.
	Groups []Goroutines `json:"groups,omitempty"`
	Took   int64        `json:"took_ns"` // to make it
}

// LiveFigures are what package runtime/metrics tells, in bytes and seconds.
type LiveFigures struct {
	Classes map[string]int64 `json:"classes"` // memory classes
	Live    int64            `json:"live"`    // found by the last collection
	Goal    int64            `json:"goal"`
	Limit   int64            `json:"limit"`
	GOGC    int64            `json:"gogc"` // percent

	AllocBytes   int64 `json:"alloc_bytes"`
	AllocObjects int64 `json:"alloc_objects"`

	Cycles  int64              `json:"cycles"`
	Forced  int64              `json:"forced"`
	CPU     map[string]float64 `json:"cpu"` // by class
	Limited int64              `json:"limited"`
	// Pauses and Ends are of the latest collections, the newest first: how long each
	// stopped the world in all, and when it ended, in ns since 1970.
	Pauses []int64 `json:"pauses,omitempty"`
	Ends   []int64 `json:"ends,omitempty"`

	Goroutines int              `json:"goroutines"`
	States     map[string]int64 `json:"states,omitempty"`
}

// Heed lets an agent of scenarios answer what highwater asks: to end, and, in a live
// process, to tell. Other agents are asked nothing.
func Heed(a Agent, asks <-chan byte) {
	s, ok := a.(*soak)
	if !ok {
		return
	}
	go func() {
		for ask := range asks {
			if ask == AskEnd {
				s.End()
				continue
			}
			s.tell(ask)
			s.link.answer()
		}
	}()
}

// tell sends what is asked of a live process.
func (s *soak) tell(ask byte) {
	begun := time.Now()
	r := &LiveReading{}
	s.mu.Lock()
	r.Ops = s.op
	s.mu.Unlock()
	s.work.do(func() {
		switch ask {
		case AskCollect:
			runtime.GC()
			r.Figures = figures()
		case AskFigures:
			r.Figures = figures()
		case AskCount:
		case AskProfile:
			s.profile.reserve()
			s.profile.capture()
			r.Profile = s.profile.resolveAll()
		case AskGroups:
			r.Groups = newGoroutines(nil)
		default:
			return
		}
		r.Took = int64(time.Since(begun))
		s.link.Send(Message{Type: TypeLive, Live: r})
	})
}

// resolveAll is resolve with what is not live any more.
func (p *rawProfile) resolveAll() *Profile {
	out := newProfile()
	for _, r := range p.records[:p.n] {
		if r.AllocObjects > 0 {
			out.add(r.Stack(), r.InUseObjects(), r.InUseBytes())
			last := &out.Records[len(out.Records)-1]
			last.AllocObjects, last.AllocBytes = r.AllocObjects, r.AllocBytes
		}
	}
	return out.Profile
}

const (
	metricLive    = "/gc/heap/live:bytes"
	metricGoal    = "/gc/heap/goal:bytes"
	metricLimit   = "/gc/gomemlimit:bytes"
	metricGOGC    = "/gc/gogc:percent"
	metricBytes   = "/gc/heap/allocs:bytes"
	metricObjects = "/gc/heap/allocs:objects"
	metricCycles  = "/gc/cycles/total:gc-cycles"
	metricForced  = "/gc/cycles/forced:gc-cycles"
	metricLimited = "/gc/limiter/last-enabled:gc-cycle"
)

var (
	liveMetrics = []string{
		metricLive, metricGoal, metricLimit, metricGOGC, metricBytes, metricObjects, metricCycles, metricForced, metricLimited,
	}
	cpuClasses = []string{"gc/total", "gc/mark/assist", "gc/mark/idle", "scavenge/total", "user", "idle", "total"}
	// Since Go 1.26; an older runtime has none of them.
	stateNames = []string{"running", "runnable", "waiting", "not-in-go"}
)

// figures reads them. They are as of the moment but for the CPU times, which the
// runtime adds up at the end of each collection.
func figures() *LiveFigures {
	f := &LiveFigures{Classes: memoryClasses(), CPU: map[string]float64{}, Goroutines: runtime.NumGoroutine()}
	var s []metrics.Sample
	for _, name := range liveMetrics {
		s = append(s, metrics.Sample{Name: name})
	}
	for _, name := range cpuClasses {
		s = append(s, metrics.Sample{Name: "/cpu/classes/" + name + ":cpu-seconds"})
	}
	for _, name := range stateNames {
		s = append(s, metrics.Sample{Name: "/sched/goroutines/" + name + ":goroutines"})
	}
	metrics.Read(s)
	for i, to := range []*int64{&f.Live, &f.Goal, &f.Limit, &f.GOGC, &f.AllocBytes, &f.AllocObjects, &f.Cycles, &f.Forced, &f.Limited} {
		*to = int64(value(s[i]))
	}
	for i, name := range cpuClasses {
		f.CPU[name] = seconds(s[len(liveMetrics)+i])
	}
	for i, name := range stateNames {
		if m := s[len(liveMetrics)+len(cpuClasses)+i]; m.Value.Kind() == metrics.KindUint64 {
			if f.States == nil {
				f.States = map[string]int64{}
			}
			f.States[name] = int64(m.Value.Uint64())
		}
	}
	var g debug.GCStats
	debug.ReadGCStats(&g)
	for i := range g.Pause {
		f.Pauses = append(f.Pauses, int64(g.Pause[i]))
		f.Ends = append(f.Ends, g.PauseEnd[i].UnixNano())
	}
	return f
}
