package history

import (
	"fmt"
	"testing"

	"github.com/highwater-dev/highwater"
)

// How long history may take: see docs/history.md.

// BenchmarkAdd adds runs of 4,000 results, which 500 scenarios have.
func BenchmarkAdd(b *testing.B) {
	both(b, func(b *testing.B, dsn string) {
		const results = 4000
		s := open(b, dsn)
		e := entry("warm", 0, results)
		add(b, s, e)
		day := 0
		for b.Loop() {
			day++
			id := fmt.Sprintf("run-%d", day)
			e.Run.ID, e.Run.At = id, begin.AddDate(0, 0, day)
			for i := range e.Results {
				e.Results[i].Point.Run, e.Results[i].Point.At = id, e.Run.At
			}
			add(b, s, e)
		}
		b.ReportMetric(results*float64(b.N)/b.Elapsed().Seconds(), "results/s")
	})
}

// BenchmarkTrend asks for a year of one series, out of a million results: of 365 runs
// with 2,740 each.
func BenchmarkTrend(b *testing.B) {
	both(b, func(b *testing.B, dsn string) {
		const runs, results = 365, 2740
		s := open(b, dsn)
		e := entry("", 0, results)
		for day := range runs {
			e.Run.ID, e.Run.At = fmt.Sprintf("run-%d", day), begin.AddDate(0, 0, day)
			for i := range e.Results {
				e.Results[i].Point.Run, e.Results[i].Point.At = e.Run.ID, e.Run.At
			}
			add(b, s, e)
		}
		n := 0
		for b.Loop() {
			n = (n + 1) % (results / 3)
			id := fmt.Sprintf("suite/scenario%d@variant", n)
			series, err := s.Series(b.Context(), Query{Match: func(scenario string) bool { return scenario == id }, Metrics: []string{highwater.Peak}})
			if err != nil || len(series) != 1 || len(series[0].Points) != runs {
				b.Fatalf("%d series, %v", len(series), err)
			}
		}
	})
}

func both(b *testing.B, f func(b *testing.B, dsn string)) {
	b.Run("sqlite", func(b *testing.B) { f(b, b.TempDir()+"/history.db") })
	b.Run("postgres", func(b *testing.B) { f(b, postgresDatabase(b)) })
}
