package truth

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// Case is a workload and what is true of it. All sizes are bytes for the whole
// process; a negative one is not checked.
type Case struct {
	Scenario  highwater.Scenario
	Peak      int64
	Sustained int64
	Retained  int64
	Alloc     int64 // over all operations of the loop
	// Spike says that the peak lies between checkpoints, where the tolerance is
	// 5 % or 1 MB instead of 1 % or 16 KB.
	Spike bool
	// Sites are functions of this package and the live bytes that they hold at
	// the peak.
	Sites map[string]int64
	// Slow cases are left out of the test.
	Slow bool
}

// Tolerance is how far a measured peak may be from the truth, in bytes.
func (c Case) Tolerance(truth int64) float64 {
	if c.Spike {
		return max(0.05*float64(truth), 1e6)
	}
	return max(0.01*float64(truth), 16e3)
}

// The object sizes are size classes of the Go allocator (runtime/sizeclasses.go).
const (
	small  = 64
	medium = 1024
	large  = 1 << 20
)

// Cases returns all workloads.
func Cases() []Case {
	var cs []Case
	add := func(name, doc string, c Case, ops int, run func(*highwater.M)) {
		c.Scenario = highwater.Scenario{Suite: "truth", Name: name, Doc: doc, Ops: ops, Run: run}
		cs = append(cs, c)
	}
	for _, h := range []struct {
		name        string
		objects, of int
		slow        bool
	}{
		{"held_100KB_small", 100_000 / small, small, false},
		{"held_1MB_medium", 1_000_000 / medium, medium, false},
		{"held_20MB_small", 20_000_000 / small, small, false},
		{"held_100MB_large", 100, large, false},
		{"held_500MB_medium", 500_000_000 / medium, medium, true},
	} {
		total := int64(h.objects * h.of)
		index := int64(sliceSize(h.objects))
		add(h.name, "objects that are held from the first checkpoint to the last, and given back",
			Case{Peak: total + index, Sustained: total + index, Retained: 0, Alloc: 0, Slow: h.slow, Sites: map[string]int64{"hold": total + index}},
			10, func(m *highwater.M) { held(m, h.objects, h.of) })
	}
	add("retained_2MB", "a tenth of what is held stays behind",
		Case{Peak: 20*large + 512, Sustained: 20*large + 512, Retained: 2*large + 512, Alloc: 0}, 10, retained)
	add("alloc_per_op", "garbage of exactly 100 KB an operation",
		Case{Peak: -1, Sustained: 0, Retained: 0, Alloc: 50 * 100 * medium}, 50, churn)
	// Retained is not checked: the runtime never frees a goroutine's descriptor,
	// of about 0.6 KB.
	add("stacks_64", "64 goroutines on stacks of 64 KiB",
		Case{Peak: 64 * (64 << 10), Sustained: 64 * (64 << 10), Retained: -1, Alloc: -1}, 10, stacks)
	add("concurrent_8", "eight goroutines hold 1 MB each, in small objects",
		Case{Peak: 8 * concurrentBytes, Sustained: 8 * concurrentBytes, Retained: 0, Alloc: -1, Sites: map[string]int64{"hold": 8 * concurrentBytes}}, 10, concurrent)
	for _, s := range []struct {
		name              string
		spike, base, junk int
		slow              bool
	}{
		{"spike_1MB", 1_000_000, 100_000, 0, false},
		{"spike_10MB", 10_000_000, 1_000_000, 0, false},
		{"spike_10MB_after_1MB_garbage", 10_000_000, 1_000_000, 1_000_000, false},
		{"spike_10MB_after_3MB_garbage", 10_000_000, 1_000_000, 3_000_000, false},
		{"spike_10MB_after_50MB_garbage", 10_000_000, 1_000_000, 50_000_000, false},
		{"spike_100MB_after_20MB_garbage", 100_000_000, 5_000_000, 20_000_000, false},
		{"spike_400MB_after_20MB_garbage", 400_000_000, 5_000_000, 20_000_000, true},
	} {
		spikeObjects, baseObjects := s.spike/medium, s.base/medium
		spikeBytes := int64(spikeObjects*medium + sliceSize(spikeObjects))
		baseBytes := int64(baseObjects*medium + sliceSize(baseObjects))
		add(s.name, "a spike of 5 ms between checkpoints, after irrelevant garbage",
			Case{
				Peak: spikeBytes + baseBytes, Sustained: baseBytes, Retained: 0, Alloc: -1, Spike: true, Slow: s.slow,
				Sites: map[string]int64{"burst": spikeBytes, "hold": baseBytes},
			}, 8, func(m *highwater.M) { spike(m, spikeObjects, baseObjects, s.junk) })
	}
	return cs
}

// spikeHeld is how long a spike lasts.
const spikeHeld = 5 * time.Millisecond

// ByID finds a case's scenario, for measure.ChildMain.
func ByID(id string) (highwater.Scenario, bool) {
	for _, c := range Cases() {
		if c.Scenario.ID() == id {
			return c.Scenario, true
		}
	}
	return highwater.Scenario{}, false
}
