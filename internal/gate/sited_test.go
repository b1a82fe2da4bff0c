package gate

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// Of many repeats one may have kept its sites: it explains the memory, also when
// another had a higher peak.
func TestSitesOfOneRepeat(t *testing.T) {
	run := bench{repeats: 4}.run()
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		m.Values[highwater.Peak] += float64(100 * m.Repeat)
		if m.Repeat == 1 {
			m.Sites = []highwater.Site{{Bytes: 1e6, Share: 1, Where: highwater.Frame{Func: "f"}}}
		}
	})
	if m := newSide(run, run.Scenarios[0]).exact(); m == nil || m.Repeat != 1 {
		t.Errorf("explained by %+v, want the repeat with sites", m)
	}
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Sites = []highwater.Site{{Bytes: 1}} })
	if m := newSide(run, run.Scenarios[0]).exact(); m == nil || m.Repeat != 3 {
		t.Errorf("explained by %+v, want that with the highest peak", m)
	}
}
