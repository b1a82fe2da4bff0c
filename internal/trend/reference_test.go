package trend_test

import (
	"testing"

	"github.com/highwater-dev/highwater/internal/trend"
)

func TestReference(t *testing.T) {
	ys := append(normal(source(1), 50, 2e6, 0.005), normal(source(2), 12, 3e6, 0.005)...)
	ys[55] = 5e6
	s := nightly(ys)
	got := trend.Reference(s, trend.For(s.Key))
	if len(got) != 11 || got[0].Run != "run50" || got[10].Run != "run61" {
		t.Fatalf("%d points from %s", len(got), got[0].Run)
	}
	for _, p := range got {
		if p.Run == "run55" {
			t.Error("the stray is among them")
		}
	}
	long := nightly(normal(source(3), 80, 2e6, 0.005))
	if got := trend.Reference(long, trend.For(long.Key)); len(got) != 30 || got[29].Run != "run79" {
		t.Errorf("%d points of a long series", len(got))
	}
	if got := trend.Reference(nightly(nil), trend.Options{}); len(got) != 0 {
		t.Errorf("of nothing %v", got)
	}
}
