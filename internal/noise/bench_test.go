package noise

import (
	"fmt"
	"testing"

	"github.com/highwater-dev/highwater"
)

// BenchmarkAnalyse is what it takes of all suites: 24 scenarios, 20 repeats.
func BenchmarkAnalyse(b *testing.B) {
	scenarios := map[string]map[string][]float64{}
	for i := range 24 {
		figures := map[string][]float64{}
		for _, m := range highwater.Metrics() {
			figures[m.Name] = around(20, 1e6, 1e5)
		}
		scenarios[fmt.Sprint("s", i)] = figures
	}
	run := made(scenarios)
	for b.Loop() {
		Analyse(run, usual)
	}
}
