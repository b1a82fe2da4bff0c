// Package memtest puts memory under test: a workload in a _test.go file is
// measured in fresh processes and held to a budget.
//
//	func TestSessionMemory(t *testing.T) {
//		memtest.Run(t, func(m *memtest.M) {
//			input := loadInput()      // shared: taken off
//			m.Start()
//			sessions := make([]*Session, m.Sessions())
//			for i := range sessions {
//				sessions[i] = NewSession()
//				m.Cleanup(sessions[i].Close)
//			}
//			m.KeepAlive(sessions)
//			for m.Loop() {            // as in a benchmark
//				for _, s := range sessions {
//					s.Feed(input)
//				}
//			}
//		}, memtest.Sessions(10), memtest.MaxPeak("1MB"), memtest.NoLeak())
//	}
//
// Under plain `go test` the test binary starts itself again, once for each kind
// of process (see docs/metrics.md), with only this test selected: what stands
// before [Run] in the test, in TestMain and in init functions is executed in
// those processes too. `highwater gates ./...` finds and measures the same
// scenarios.
//
// A scenario is held to the standard limits (peak 3 MB and sustained 2.5 MB a
// session, GC pressure 0.8, nothing left behind) unless options say otherwise.
//
// Limitations. Budgets are not judged under -race, -cover or -msan, which change
// what memory a program needs: the workload is then run once, unmeasured, and
// the test's log says so. Measurements of one machine are serialised, also those
// of tests that call t.Parallel, so a parallel test waits rather than disturbs.
// The test binary's working directory and environment are those of the test.
package memtest
