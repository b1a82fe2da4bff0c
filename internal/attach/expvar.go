package attach

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
)

// published is where package expvar serves its variables beside the profiles: at
// /debug/vars, where those are at /debug/pprof. nil where the address is another.
func (e *endpoint) published() *endpoint {
	folder, ok := strings.CutSuffix(e.base.Path, "/pprof")
	if !ok {
		return nil
	}
	beside, base := *e, *e.base
	base.Path = folder
	beside.base, beside.shown = &base, strings.TrimSuffix(e.shown, "/pprof")
	return &beside
}

// memstats reads the runtime.MemStats that package expvar publishes.
func (e *endpoint) memstats(ctx context.Context) (memory, error) {
	var all struct{ Memstats *runtime.MemStats }
	err := e.fetch(ctx, "vars", nil, func(r io.Reader) error { return json.NewDecoder(r).Decode(&all) })
	switch {
	case err != nil:
		return memory{}, err
	case all.Memstats == nil:
		return memory{}, errNoStats
	}
	m, err := memoryOf(all.Memstats)
	if err != nil {
		return memory{}, fmt.Errorf("%s: %w", e.url("vars", nil), err)
	}
	return m, nil
}

func memoryOf(s *runtime.MemStats) (memory, error) {
	m := memory{
		cycles: int64(s.NumGC), forced: int64(s.NumForcedGC), share: s.GCCPUFraction, goal: int64(min(s.NextGC, mostGoal)), complete: true,
		pauses: make([]int64, ringSize), ends: make([]int64, ringSize),
	}
	ok := m.share >= 0 && m.share <= 1
	within := func(most uint64) func(*int64, uint64) {
		return func(to *int64, n uint64) { *to, ok = int64(n), ok && n <= most }
	}
	put, total := within(mostSize), within(math.MaxInt64)
	put(&m.heapAlloc, s.HeapAlloc)
	total(&m.totalAlloc, s.TotalAlloc)
	put(&m.sys, s.Sys)
	put(&m.heapReleased, s.HeapReleased)
	put(&m.stackInuse, s.StackInuse)
	total(&m.mallocs, s.Mallocs)
	put(&m.heapInuse, s.HeapInuse)
	put(&m.heapIdle, s.HeapIdle)
	put(&m.stackSys, s.StackSys)
	put(&m.mspanSys, s.MSpanSys)
	put(&m.mcacheSys, s.MCacheSys)
	put(&m.buckHashSys, s.BuckHashSys)
	put(&m.gcSys, s.GCSys)
	put(&m.otherSys, s.OtherSys)
	for i := range ringSize {
		total(&m.pauses[i], s.PauseNs[i])
		total(&m.ends[i], s.PauseEnd[i])
	}
	if !ok {
		return memory{}, errors.New("a figure of its runtime.MemStats is no size")
	}
	return m, nil
}
