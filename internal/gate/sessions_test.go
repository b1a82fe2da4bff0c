package gate

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// TestFloorsAreOfTheProcess: with a hundred sessions a tenth more in each is a
// hundred times what a floor made for one of them lets pass.
func TestFloorsAreOfTheProcess(t *testing.T) {
	with := func(sessions int, peak float64) *highwater.Run {
		r := bench{repeats: 5}.run()
		r.Scenarios[0].Sessions = sessions
		edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Values[highwater.Peak] = peak })
		return r
	}
	for sessions, verdict := range map[int]highwater.Verdict{1: highwater.VerdictPass, 100: highwater.VerdictFail} {
		f := one(t, Judge(with(sessions, 25e3), with(sessions, 20e3), silent), CheckBaseline, highwater.Peak)
		if f.Verdict != verdict {
			t.Errorf("%d sessions of 20 KB that became 25 KB: %s, want %s: %s", sessions, f.Verdict, verdict, f.Reason)
		}
	}
}
