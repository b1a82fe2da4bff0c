package truth_test

import (
	"os"
	"testing"

	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/highwater-dev/highwater/internal/truth"
)

// TestMain lets this test binary be the measured process, too.
func TestMain(m *testing.M) {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if code, done := measure.ChildMain(truth.ByID); done {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

func TestTruth(t *testing.T) {
	rows, err := truth.Measure(t.Context(), measure.Options{}, func(c truth.Case) bool { return !c.Slow })
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 40 {
		t.Errorf("only %d figures were compared", len(rows))
	}
	for _, r := range rows {
		if !r.Good() {
			t.Errorf("%s: %s: measured %d, truth %d (%s; allowed %.0f B) %s", r.Case, r.Figure, r.Measured, r.Truth, r.Error(), r.Allowed, r.Problem)
		}
	}
}
