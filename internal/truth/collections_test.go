package truth_test

import (
	"math"
	"os"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/highwater-dev/highwater/internal/truth"
)

// A spike of 10 MB between two checkpoints that are at 1 MB is in the course of the
// collections, at its size and at its place, and is gone again behind it.
func TestCollectionsShowASpike(t *testing.T) {
	var spike truth.Case
	for _, c := range truth.Cases() {
		if c.Scenario.Name == "spike_10MB_after_1MB_garbage" {
			spike = c
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var got highwater.Measurement
	err = measure.Run(t.Context(), []target.Target{{Info: spike.Scenario.Info(), Path: self}}, measure.Options{Repeats: 1}, func(m highwater.Measurement) {
		if m.Pass == highwater.PassExact {
			got = m
		}
	})
	if err != nil || got.Collections == nil {
		t.Fatalf("%v, outcome %+v", err, got.Outcome)
	}
	c := got.Collections
	top := 0
	for i, p := range c.Points {
		if i > 0 && p.At < c.Points[i-1].At {
			t.Errorf("collection %d is before the one before it", i)
		}
		if p.Live() > c.Points[top].Live() {
			top = i
		}
	}
	highest := c.Points[top]
	if off := math.Abs(float64(highest.Live() - spike.Peak)); off > spike.Tolerance(spike.Peak) {
		t.Errorf("the highest is %d, truth %d", highest.Live(), spike.Peak)
	}
	if p := got.PeakParts; p == nil || highest.Live() != p.Heap+p.Stacks {
		t.Errorf("the highest is %+v, the peak %+v", highest, p)
	}
	// The checkpoints about it know nothing of it.
	var before, after *highwater.Checkpoint
	for i, k := range got.Checkpoints {
		if k.At <= highest.At {
			before = &got.Checkpoints[i]
		} else if after == nil {
			after = &got.Checkpoints[i]
		}
	}
	held := float64(spike.Sustained)
	if before == nil || after == nil || math.Abs(float64(before.Live())-held) > 16e3 || math.Abs(float64(after.Live())-held) > 16e3 {
		t.Errorf("it lies between %+v and %+v, want both to be of %d", before, after, spike.Sustained)
	}
	// It climbs in steps, and no more than half of them are of the moment at the top.
	rising := 0
	for _, p := range c.Points[:top] {
		if p.At > before.At && p.Live() < highest.Live()*9/10 {
			rising++
		}
	}
	if rising < 10 {
		t.Errorf("%d collections show how it rises", rising)
	}
	if c.Seen > c.Total || c.Seen < int64(len(c.Points)) || c.Thinned < 1 {
		t.Errorf("%d points of %d of %d collections, each of %d", len(c.Points), c.Seen, c.Total, c.Thinned)
	}
}
