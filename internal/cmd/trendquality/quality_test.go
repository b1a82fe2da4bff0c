package main

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Treeherder's own test (tests/perfalert/test_analyze.py at commit 05a746c6): eight
// zeros, eight ones, windows of five, and t above 2.
func TestPerfherderAsPublished(t *testing.T) {
	ys := make([]float64, 16)
	for i := 8; i < 16; i++ {
		ys[i] = 1
	}
	if found := perfherderChanges(ys, 5, 5, 5, 2); !slices.Equal(found, []int{8}) {
		t.Errorf("changes at %v, want 8", found)
	}
	// analyze([1, 2, 3, 4], linear_weights) of the same file.
	if w := weigh([]float64{1, 2, 3, 4}); w != (window{2, 2, 4}) {
		t.Errorf("weighed: %+v", w)
	}
	if got := tOf(window{0, 0, 2}, window{1.5, 0.5, 2}); got != 3 {
		t.Errorf("t is %v, want 3", got)
	}
}

// A few series of each kind, so that a change that ruins the quality is noticed here.
// The command itself measures it.
func TestQuality(t *testing.T) {
	const few = 6
	ours := methods[:1]
	alarms, missed := 0, 0
	for i := range uint64(few) {
		for _, k := range clean {
			if !k.hard && follow(ours[0], make1(rand.New(rand.NewPCG(1, i)), k, length, 0, length), length).false {
				alarms++
			}
		}
		for _, s := range steps {
			o := follow(ours[0], make1(rand.New(rand.NewPCG(1, i)), s.kind, place+after, s.by, place), place)
			if large := s.by > 0.1 || s.by < -0.1; o.found != large {
				missed++
			}
		}
	}
	if alarms > 0 || missed > 1 {
		t.Errorf("%d false alarms and %d wrong steps in a few series, whose figures are 0", alarms, missed)
	}
}

// A method that says nothing, or alarms always, is seen to.
func TestFollow(t *testing.T) {
	ys := make([]float64, place+after)
	never := method{"never", func([]float64) (int, bool) { return 0, false }}
	if o := follow(never, ys, place); o.found || o.false {
		t.Errorf("never: %+v", o)
	}
	always := method{"always", func(ys []float64) (int, bool) { return len(ys) - 1, true }}
	if o := follow(always, ys, place); !o.false {
		t.Errorf("always: %+v", o)
	}
	late := method{"late", func(ys []float64) (int, bool) { return place + 1, len(ys) > place+3 }}
	if o := follow(late, ys, place); o.false || !o.found || o.delay != 3 || o.off != 1 {
		t.Errorf("late: %+v", o)
	}
}
