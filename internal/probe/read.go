package probe

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// settle makes what is garbage go away: collections until the finalizers and
// cleanups that they queued have run, twice at least because sync.Pool keeps
// its content for one collection.
func settle() {
	runtime.GC()
	waitFinalizers()
	runtime.GC()
	waitFinalizers()
}

// finalizerMetrics come in pairs: queued, executed. Older runtimes lack them.
var finalizerMetrics = []string{
	"/gc/finalizers/queued:finalizers", "/gc/finalizers/executed:finalizers",
	"/gc/cleanups/queued:cleanups", "/gc/cleanups/executed:cleanups",
}

// waitFinalizers polls until the queues are empty, for 20 ms at most: a
// finalizer that blocks must not block the measurement.
func waitFinalizers() {
	s := make([]metrics.Sample, len(finalizerMetrics))
	for i, n := range finalizerMetrics {
		s[i].Name = n
	}
	for pause := 20 * time.Microsecond; pause < 20*time.Millisecond; pause *= 2 {
		metrics.Read(s)
		if value(s[0]) == value(s[1]) && value(s[2]) == value(s[3]) {
			return
		}
		time.Sleep(pause)
	}
}

// value is the sample's number, 0 for a metric that this runtime lacks.
func value(s metrics.Sample) uint64 {
	switch s.Value.Kind() {
	case metrics.KindUint64:
		return s.Value.Uint64()
	default:
		return 0
	}
}

func seconds(s metrics.Sample) float64 {
	if s.Value.Kind() == metrics.KindFloat64 {
		return s.Value.Float64()
	}
	return 0
}

// read reads live memory. After settle, what HeapAlloc counts is what a
// collection left.
func read() Reading {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Reading{Heap: int64(m.HeapAlloc), Stacks: int64(m.StackInuse), InUse: int64(m.HeapInuse)}
}

// memoryClasses reads how the runtime accounts for the memory that it holds.
func memoryClasses() map[string]int64 {
	s := make([]metrics.Sample, len(classNames))
	for i, n := range classNames {
		s[i].Name = "/memory/classes/" + n + ":bytes"
	}
	metrics.Read(s)
	m := make(map[string]int64, len(s))
	for i := range s {
		m[classNames[i]] = int64(value(s[i]))
	}
	return m
}

var classNames = []string{
	"heap/free", "heap/objects", "heap/released", "heap/stacks", "heap/unused",
	"metadata/mcache/free", "metadata/mcache/inuse", "metadata/mspan/free", "metadata/mspan/inuse", "metadata/other",
	"os-stacks", "other", "profiling/buckets", "total",
}
