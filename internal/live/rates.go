package live

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
)

const (
	// Window is what the collector's rates and shares are of: it works in bursts.
	Window = 10 * time.Second
	// Quick is the same for what the program does all the time.
	Quick = 2 * time.Second
)

// PacerShare is the part of the CPU time that the runtime's pacer plans for while a
// cycle is under way (gcBackgroundUtilization in runtime/mgcpacer.go).
const PacerShare = 0.25

// Rates are of the time until now: of [Quick] or [Window], or of the time between two
// looks where that is longer. What is not known is NaN.
type Rates struct {
	AllocBytes   float64 // bytes a second
	AllocObjects float64 // objects a second
	Ops          float64 // operations a second
	Cycles       float64 // collections a second
	// Shares of the process's CPU time, ratios. Assists are in the collector's.
	GCShare, AssistShare, ScavengeShare float64
	// Pressure is min(1, GCShare / PacerShare): the meaning of the metric gc_pressure,
	// estimated from the runtime's account of CPU time in the window. The metric itself
	// is steadier, and is measured in a process of its own (docs/metrics.md).
	Pressure float64
	Over     time.Duration // what the collector's figures are of
}

// mark is the counters of one look.
type mark struct {
	at        time.Time
	allocated highwater.Allocated
	gc        highwater.Collector
	ops       int64
}

func markOf(s *highwater.Snapshot) mark {
	m := mark{s.At, s.Allocated, s.GC, s.Ops}
	m.gc.Pauses = nil
	return m
}

// addMark keeps what the longest window needs: the marks within, and one before.
func addMark(marks []mark, m mark) []mark {
	marks = append(marks, m)
	old := 0
	for old+1 < len(marks) && !marks[old+1].at.After(m.at.Add(-Window)) {
		old++
	}
	return append(marks[:0], marks[old:]...)
}

// since is the newest mark that is at least that old, or the oldest one.
func since(marks []mark, d time.Duration) mark {
	last := marks[len(marks)-1]
	for i := len(marks) - 2; i > 0; i-- {
		if last.at.Sub(marks[i].at) >= d {
			return marks[i]
		}
	}
	return marks[0]
}

func ratesOf(marks []mark, s *highwater.Snapshot) Rates {
	none := math.NaN()
	r := Rates{none, none, none, none, none, none, none, none, 0}
	if len(marks) < 2 {
		return r
	}
	b := marks[len(marks)-1]
	a := since(marks, Quick)
	rate := func(from, to int64, a mark, lack ...highwater.Quantity) float64 {
		for _, q := range lack {
			if s.Lacks[q] != "" && to == 0 {
				return none
			}
		}
		if d := b.at.Sub(a.at).Seconds(); d > 0 && to >= from {
			return float64(to-from) / d
		}
		return none
	}
	r.AllocBytes = rate(a.allocated.Bytes, b.allocated.Bytes, a, highwater.QuantityAllocated)
	r.AllocObjects = rate(a.allocated.Objects, b.allocated.Objects, a, highwater.QuantityAllocated)
	if b.ops > 0 {
		r.Ops = rate(a.ops, b.ops, a)
	}
	a = since(marks, Window)
	r.Over = b.at.Sub(a.at)
	r.Cycles = rate(a.gc.Cycles, b.gc.Cycles, a, highwater.QuantityCycles, highwater.QuantityMemory)
	if s.Lacks[highwater.QuantityGCCPU] != "" {
		return r
	}
	r.GCShare = share(a.gc.GCSeconds, b.gc.GCSeconds, a, b)
	r.AssistShare = share(a.gc.AssistSeconds, b.gc.AssistSeconds, a, b)
	r.ScavengeShare = share(a.gc.ScavengeSeconds, b.gc.ScavengeSeconds, a, b)
	r.Pressure = min(1, r.GCShare/PacerShare)
	return r
}

// share is a part of the CPU time that there was between two marks. The runtime counts
// CPU time at the end of each collection only: where none has ended, the collector had
// no share, unless one is under way.
func share(from, to float64, a, b mark) float64 {
	switch total := b.gc.TotalSeconds - a.gc.TotalSeconds; {
	case total > 0 && to >= from:
		return min((to-from)/total, 1)
	case total == 0 && b.gc.TotalSeconds > 0 && a.gc.Cycles == b.gc.Cycles && !b.gc.Running:
		return 0
	}
	return math.NaN()
}
