package memtest

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// RunSuite runs every scenario of a suite as a subtest.
func RunSuite(t *testing.T, s highwater.Suite, options ...Option) {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatalf("memtest: %v", err)
	}
	for _, sc := range s.Scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			t.Helper()
			RunScenario(t, sc, options...)
		})
	}
}
