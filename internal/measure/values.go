package measure

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/target"
)

// fill turns what the process told into the measurement. What it did not tell
// stays absent; values are taken only from a process that completed.
func fill(m *highwater.Measurement, j job, h heard, e target.Exit, o Options) {
	m.Values = map[string]float64{}
	m.Unsupported = map[string]string{}
	m.Notes = h.notes
	if j.target.Bench {
		h.lastSteady()
	}
	for _, c := range e.Children {
		m.Children = append(m.Children, highwater.ChildProcess{PID: c.PID, Command: c.Command, HighWater: c.HighWater})
	}
	ok := m.Outcome.Status == highwater.StatusOK
	sessions := float64(max(j.target.Info.Sessions, 1))
	if j.pass == highwater.PassExact {
		fillCheckpoints(m, h)
		fillCollections(m, h)
		switch {
		case ok && j.target.Program:
			fillProgram(m, h, e, sessions, j.target.Info.Ops)
			noteUnseen(m, h.peak)
		case ok:
			fillExact(m, h, e, sessions)
			if !j.target.Bench { // testing forces so many collections that the share says nothing
				noteUnseen(m, h.peak)
			}
		}
		fillSites(m, h, o)
	}
	if n := h.natural; n != nil && ok {
		if j.target.Program {
			n.Ops = j.target.Info.Ops // which only the load knows, and the user
		}
		fillNatural(m, n)
		if j.target.Bench || j.target.Program {
			m.Loop = nil
		}
		if j.target.Bench && !j.target.Test {
			fillPrinted(m, h.printed, j.target.Info.Name)
		}
		if e.ChildMemory > 0 {
			m.Values[highwater.ChildMemory] = float64(e.ChildMemory)
		}
		if runtime.GOOS != "linux" {
			m.Unsupported[highwater.ChildMemory] = childrenUnseen
		}
	}
	if c := h.collector; c != nil && ok {
		m.GC = &highwater.GCWork{Cycles: c.Cycles, CPUSeconds: c.GCSeconds, Busy: c.GCSeconds + c.UserSecond}
		if m.GC.Busy > 0 {
			m.GC.CPUShare = c.GCSeconds / m.GC.Busy
		}
		m.Values[highwater.GCPressure] = pressure(m.GC.CPUShare)
	}
	dropNonsense(m)
}

// dropNonsense takes out what is no number. A measured process may tell anything,
// and a Run file could not hold it: the metric is not measured then.
func dropNonsense(m *highwater.Measurement) {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	maps.DeleteFunc(m.Values, func(_ string, v float64) bool { return !finite(v) })
	if g := m.GC; g != nil && !(finite(g.CPUShare) && finite(g.CPUSeconds) && finite(g.Busy)) {
		m.GC = nil
	}
}

// plannedShare is the share of the CPU that the runtime's pacer plans for while
// a collection runs: gcBackgroundUtilization in runtime/mgcpacer.go.
const plannedShare = 0.25

// pressure maps the collector's share of busy CPU time to 0..1; 1 means that
// the collector works as hard as the pacer plans for, without a rest.
func pressure(share float64) float64 { return min(1, share/plannedShare) }

func fillCheckpoints(m *highwater.Measurement, h heard) {
	if h.baseline == nil {
		return
	}
	for _, c := range h.checkpoints {
		m.Checkpoints = append(m.Checkpoints, highwater.Checkpoint{
			Name: c.Name, Op: c.Op, Steady: c.Steady, At: c.At,
			Heap: c.Heap - h.baseline.Heap, Stacks: c.Stacks - h.baseline.Stacks, Unused: c.InUse - c.Heap, Sessions: c.Sessions,
		})
	}
}

// fillCollections says what the collections between the checkpoints found.
func fillCollections(m *highwater.Measurement, h heard) {
	p := h.peak
	if h.baseline == nil || p == nil || len(p.Looks) == 0 {
		return
	}
	c := &highwater.Collections{Total: p.Cycles, Seen: p.Seen, Thinned: max(p.Each, 1)}
	for _, l := range p.Looks {
		c.Points = append(c.Points, highwater.Collected{At: l.At, Op: l.Op, Heap: l.Heap - h.baseline.Heap, Stacks: l.Stacks - h.baseline.Stacks})
	}
	m.Collections = c
}

func fillExact(m *highwater.Measurement, h heard, e target.Exit, sessions float64) {
	if h.baseline == nil || h.peak == nil || h.tornDown == nil {
		return // the metrics are absent, and so an error
	}
	base := float64(h.baseline.Live())
	v := m.Values
	v[highwater.Peak] = (float64(h.peak.Heap+h.peak.Stacks) - base) / sessions
	v[highwater.Retained] = retained(h.tornDown, *h.baseline) / sessions
	var live, unused, ops []float64
	for _, c := range h.checkpoints {
		if c.Steady {
			live = append(live, float64(c.Live())-base)
			ops = append(ops, float64(c.Op))
			if c.InUse > 0 {
				unused = append(unused, float64(c.InUse-c.Heap)/float64(c.InUse))
			}
		}
	}
	if len(live) > 0 {
		v[highwater.Sustained] = stat.Median(live) / sessions
	}
	if len(unused) > 0 {
		v[highwater.Fragmentation] = stat.Median(unused)
	}
	v[highwater.Growth] = growth(ops, live)
	fillLeftovers(m, h.tornDown, e)
	fillSessions(m)
	if t := h.tornDown.Profile; t != nil {
		m.Retained = heap.Sites(difference(h.peak.Base, t), topSites)
	}
	fillAllocated(m, h.tornDown)
}

// noteUnseen notes a share of collections that the probe could not look at.
func noteUnseen(m *highwater.Measurement, p *probe.Peak) {
	if p != nil && p.Cycles > 20 && p.Seen*10 < p.Cycles*9 {
		m.Notes = append(m.Notes, fmt.Sprintf("the probe could look at %d of %d collections only: a finalizer of the program may block, and peaks between checkpoints may be missed", p.Seen, p.Cycles))
	}
}

// stackSpan is the step in which the runtime takes goroutine stacks from the heap,
// _StackCacheSize in runtime/malloc.go, and so what a reading can be told to.
const stackSpan = 32 << 10

// fillSessions fits the cost of one more session, where the workload said how
// many were live.
func fillSessions(m *highwater.Measurement) {
	var sessions, live []float64
	fit := &highwater.SessionFit{}
	for _, c := range m.Checkpoints {
		if c.Sessions != nil {
			sessions, live = append(sessions, float64(*c.Sessions)), append(live, float64(c.Live()))
			fit.Points = append(fit.Points, highwater.SessionPoint{Sessions: *c.Sessions, Live: c.Live()})
		}
	}
	if len(sessions) < 2 || slices.Min(sessions) == slices.Max(sessions) {
		return
	}
	line := stat.SumLine(sessions, live, stackSpan)
	fit.Fixed, fit.Cost, fit.R2 = line.Intercept, line.Slope, line.R2
	fit.Worst, fit.WorstAt = line.Worst, fit.Points[line.WorstAt].Sessions
	m.SessionFit = fit
	m.Values[highwater.SessionCost], m.Values[highwater.FixedCost] = fit.Cost, fit.Fixed
	if !fit.Straight() {
		m.Notes = append(m.Notes, "a session does not cost the same for any number of them: the line of session_cost and fixed_cost is off by more than a tenth at one of its readings")
	}
}

// growth is the slope of live bytes over operations. A steady phase of fewer
// than three checkpoints, or of one operation, has none.
func growth(ops, live []float64) float64 {
	if len(live) < 3 || ops[0] == ops[len(ops)-1] {
		return 0
	}
	return stat.TheilSen(ops, live, 0.95).Center
}

func fillNatural(m *highwater.Measurement, n *probe.Natural) {
	v := m.Values
	if n.LoopOps > 0 && n.LoopNS > 0 {
		m.Loop = &highwater.LoopWork{Ops: int64(n.LoopOps), Wall: time.Duration(n.LoopNS), CPU: time.Duration(n.LoopCPUNS)}
	}
	if n.Ops > 0 {
		v[highwater.AllocBytes] = float64(n.AllocBytes) / float64(n.Ops)
		v[highwater.Allocs] = float64(n.Mallocs) / float64(n.Ops)
	}
	c := n.Classes
	if held := c["total"] - c["heap/released"]; held > 0 {
		v[highwater.Efficiency] = min(1, float64(n.LiveHeap)/float64(held))
	}
	m.GC = &highwater.GCWork{Cycles: n.Cycles, Forced: n.Forced, CPUSeconds: n.GCSeconds, Busy: n.Busy}
	if n.Busy > 0 {
		m.GC.CPUShare = n.GCSeconds / n.Busy
	}
	if n.NoThreads != "" {
		m.Unsupported[highwater.Threads] = n.NoThreads
	} else {
		v[highwater.Threads] = float64(n.Threads)
	}
	if n.NoRSS != "" {
		m.Unsupported[highwater.Footprint] = n.NoRSS
		return
	}
	v[highwater.Footprint] = float64(n.HighWater)
	if n.HighWaterSource != "" {
		m.Sources = map[string]string{highwater.Footprint: n.HighWaterSource}
	}
	if n.RSS <= 0 {
		return // the highest is known, and not what it consisted of
	}
	f := &highwater.FootprintParts{
		RSS:           n.RSS,
		LiveHeap:      min(n.LiveHeap, c["heap/objects"]),
		Fragmentation: c["heap/unused"],
		Stacks:        c["heap/stacks"] + c["os-stacks"],
		Free:          c["heap/free"],
		Metadata: c["metadata/mcache/free"] + c["metadata/mcache/inuse"] + c["metadata/mspan/free"] +
			c["metadata/mspan/inuse"] + c["metadata/other"] + c["other"] + c["profiling/buckets"],
	}
	f.DeadHeap = c["heap/objects"] - f.LiveHeap
	f.OffHeap = f.RSS - f.Sum()
	m.Footprint = f
}

// topSites is how many sites a measurement keeps. The profile beside it has
// them all.
const topSites = 20

// fillSites says what was live at the peak, from the profile of the peak less
// that of the baseline.
func fillSites(m *highwater.Measurement, h heard, o Options) {
	var base, at *probe.Profile
	switch {
	case h.peak != nil && h.peak.Profile != nil:
		base, at = h.peak.Base, h.peak.Profile
	case h.early != nil:
		base, at = h.earlyBase, h.early
		m.Notes = append(m.Notes, "the process did not complete; its sites are of the moment when its memory ran high")
	default:
		return
	}
	records := withoutProbe(difference(base, at))
	m.Sites = heap.Sites(records, topSites)
	var profiled int64
	for _, r := range records {
		profiled += r.Bytes
	}
	if h.peak != nil && h.baseline != nil {
		m.PeakParts = &highwater.PeakParts{
			Heap: h.peak.Heap - h.baseline.Heap, Stacks: h.peak.Stacks - h.baseline.Stacks,
			Op: h.peak.Op, Where: "between checkpoints", Profiled: profiled, Rate: at.Rate, Baseline: h.baseline.Live(),
		}
		if h.peak.Checkpoint {
			m.PeakParts.Where = "checkpoint " + h.peak.Name
		}
		reconcile(m)
	}
	if o.Dir == "" {
		return
	}
	name := profileName(m)
	if err := heap.Write(filepath.Join(o.Dir, name), heap.Profile(records, at.Rate)); err != nil {
		m.Notes = append(m.Notes, "the profile was not kept: "+err.Error())
		return
	}
	m.Profile = filepath.ToSlash(filepath.Join(filepath.Base(o.Dir), name))
}

// reconcile notes a profile that does not account for the live heap. Samples
// are a Poisson process: beside a tenth, four standard deviations are allowed
// for, with objects as large as the rate.
func reconcile(m *highwater.Measurement) {
	p := m.PeakParts
	off := math.Abs(float64(p.Profiled - p.Heap))
	if off > 0.1*float64(p.Heap) && off > 4*math.Sqrt(math.Max(float64(p.Heap), 0)*float64(p.Rate)) && off > 16<<10 {
		m.Notes = append(m.Notes, fmt.Sprintf("the profile accounts for %s of %s of live heap at the peak",
			highwater.FormatBytes(float64(p.Profiled)), highwater.FormatBytes(float64(p.Heap))))
	}
}

// profileName is a file name made of the scenario.
func profileName(m *highwater.Measurement) string {
	return fmt.Sprintf("%s.%d.%d.pb.gz", safeName(m.Scenario), m.Started.UnixMilli()%1e8, m.Repeat)
}

// safeName is a part of a file name, free of anything that a scenario's name may
// hold.
func safeName(scenario string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '@', r == '.':
			return r
		}
		return '-'
	}, scenario)
	safe = strings.TrimLeft(safe, ".")
	if len(safe) > 100 {
		safe = safe[:100]
	}
	return safe
}
