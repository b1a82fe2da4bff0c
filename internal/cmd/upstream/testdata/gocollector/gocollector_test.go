package bench

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// BenchmarkGather collects the metrics of the Go runtime, as every scrape does.
func BenchmarkGather(b *testing.B) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(prometheus.NewGoCollector())
	for b.Loop() {
		if _, err := registry.Gather(); err != nil {
			b.Fatal(err)
		}
	}
}
