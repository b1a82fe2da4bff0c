package advise

import "github.com/highwater-dev/highwater"

// worth is what a saving has to come to for a severity: a share of what there is of it,
// and a floor under which a share of little says nothing. The shares are those at which
// package gate calls a change of memory a failure (10 %) and critical (25 %).
type worth struct {
	share         float64
	live          int64   // bytes
	op, second    float64 // bytes allocated
	objects       float64 // allocated in an operation
	objectsSecond float64
	cpu           float64 // as Advice.SavedCPU
}

var (
	worthMajor    = worth{0.25, 64 * highwater.KiB, 1 << 10, 1 << 20, 16, 1e5, 0.10}
	worthModerate = worth{0.10, 16 * highwater.KiB, 256, 1 << 18, 8, 2e4, 0.05}
)

// idleCollector is the collector's share of CPU time below which garbage costs next to
// nothing: advice that saves allocations alone is minor then.
const idleCollector = 0.005

// judge sets the severity, and the weight that orders advice of one severity.
func (f *facts) judge(a *Advice) {
	if a.judged {
		return
	}
	a.Severity = Minor
	if !a.Known {
		return
	}
	live := ratio(float64(a.SavedBytes), float64(f.live))
	bytes, objects := ratio(a.SavedAllocBytes, f.per(f.allocated.Bytes)), ratio(a.SavedObjects, f.per(f.allocated.Objects))
	a.Weight = max(live, bytes, objects, a.SavedCPU)
	for _, w := range []struct {
		worth
		Severity
	}{{worthModerate, Moderate}, {worthMajor, Major}} {
		heavy := live >= w.share && a.SavedBytes >= w.live
		if a.Kind != KindCollector && (!f.collected || f.gcShare >= idleCollector) {
			heavy = heavy || bytes >= w.share && a.SavedAllocBytes >= f.floor(w.op, w.second)
			heavy = heavy || objects >= w.share && a.SavedObjects >= f.floor(w.objects, w.objectsSecond)
		}
		if a.Kind == KindCollector {
			// A setting moves costs from the processor to memory: it is never worth more
			// than moderate by the model alone. In the short processes of a scenario the
			// share scatters too much even for that: the frontier has to prove it.
			// The runtime's own GOGC is nobody's fault, whatever memory a lower one saves.
			raised := f.last != nil && f.last.GC.GOGC > defaultGOGC
			heavy = w.Severity == Moderate && f.unit != PerOp && (a.SavedCPU >= w.cpu || raised && heavy)
		}
		if heavy {
			a.Severity = w.Severity
		}
	}
}

// floor is what counts as much, per what allocations are counted over.
func (f *facts) floor(op, second float64) float64 {
	switch f.unit {
	case PerOp:
		return op
	case PerSecond:
		return second
	}
	return startup * second
}

// startup is how many seconds' worth of allocation are none of anybody's concern where
// only the whole life of a process is known: what it sets up when it begins.
const startup = 4

func ratio(part, whole float64) float64 {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return part / whole
}
