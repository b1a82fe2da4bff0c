package main

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestSound(t *testing.T) {
	point := func(gogc int, share, footprint float64) highwater.FrontierPoint {
		return highwater.FrontierPoint{Setting: highwater.CollectorSetting{GOGC: gogc}, Repeats: 3, GCShare: share, Footprint: highwater.Rate{Center: footprint}}
	}
	limited := point(-1, 0.9, 1e6)
	for _, c := range []struct {
		name   string
		points []highwater.FrontierPoint
		want   bool
	}{
		{"as it should be", []highwater.FrontierPoint{limited, point(25, 0.2, 10e6), point(100, 0.1, 20e6), point(400, 0.05, 60e6)}, true},
		{"one setting", []highwater.FrontierPoint{limited, point(100, 0.1, 20e6)}, false},
		{"the collector rests at little memory", []highwater.FrontierPoint{point(25, 0.04, 10e6), point(400, 0.05, 60e6)}, false},
		{"much memory at a low GOGC", []highwater.FrontierPoint{point(25, 0.2, 70e6), point(400, 0.05, 60e6)}, false},
		{"no setting", nil, false},
	} {
		if got := sound(highwater.Frontier{Points: c.points}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
