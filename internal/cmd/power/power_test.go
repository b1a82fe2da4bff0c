package main

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
)

// What has to be found and what must not fail: twice, and half.
func TestRequired(t *testing.T) {
	for _, c := range []struct {
		change, threshold float64
		all, none         bool
	}{
		{0.02, 0.01, true, false},
		{0.02, 0.02, false, false},
		{0.02, 0.05, false, true},
		{0.05, 0.10, false, true},
		{0.10, 0.05, true, false},
		{0.10, 0.10, false, false},
		{0.25, 0.10, true, false},
		{0.05, 0.02, true, false},
	} {
		if all, none := required(c.change, c.threshold); all != c.all || none != c.none {
			t.Errorf("%+v: all %v, none %v", c, all, none)
		}
	}
}

// everything is as it should be unless a test changes it.
func everything(change func(*result)) []result {
	plan, err := newPlan(2, kinds())
	if err != nil {
		panic(err)
	}
	var results []result
	for _, t := range plan {
		r := result{trial: t, Repeats: 2, Seconds: 0.5, Measured: t.Change, Verdict: highwater.VerdictPass}
		if all, _ := required(t.Change, t.Threshold); all {
			r.Found, r.Exit = true, highwater.ExitFail
		}
		change(&r)
		results = append(results, r)
	}
	return results
}

func TestTable(t *testing.T) {
	at := func(r *result, kind string, change, threshold float64) bool {
		return r.trial == trial{kind, change, threshold, 1}
	}
	for _, c := range []struct {
		name   string
		change func(*result)
		exit   int
		want   string
	}{
		{"as required", func(*result) {}, highwater.ExitOK, "live         +2 %     2.0 to 2.0 %  2/2  n 2  0.5 s"},
		{"one missed", func(r *result) {
			if at(r, "peak", 0.1, 0.05) {
				r.Found = false
			}
		}, highwater.ExitFail, "WRONG: peak +10 % under a threshold of 5 % was found in 1 of 2 trials only"},
		{"a false alarm", func(r *result) {
			if at(r, "allocs", 0.05, 0.1) {
				r.Exit = highwater.ExitFail
			}
		}, highwater.ExitFail, "WRONG: allocs +5 % under a threshold of 10 % failed in 1 of 2 trials"},
		{"either is right at the threshold", func(r *result) {
			if at(r, "live", 0.1, 0.1) {
				r.Found, r.Exit = true, highwater.ExitFail
			}
		}, highwater.ExitOK, "every regression"},
	} {
		var b strings.Builder
		if exit := table(&b, everything(c.change), kinds()); exit != c.exit || !strings.Contains(b.String(), c.want) {
			t.Errorf("%s: exit %d, want %d with %q in\n%s", c.name, exit, c.exit, c.want, b.String())
		}
	}
	var b strings.Builder
	if exit := table(&b, nil, kinds()); exit != highwater.ExitFail || !strings.Contains(b.String(), "was not tried") {
		t.Errorf("nothing tried: exit %d\n%s", exit, b.String())
	}
}

// The configurations can be read, and the floor is no part of the decision.
func TestConfiguration(t *testing.T) {
	for _, k := range all {
		for _, threshold := range thresholds {
			f, err := config.Parse("f", []byte(k.configuration(threshold)))
			if err != nil {
				t.Fatal(err)
			}
			for _, metric := range k.metrics {
				reference := map[string]float64{highwater.Allocs: objects, highwater.AllocBytes: objects * objectBytes}[metric]
				if reference == 0 {
					reference = blocks * blockBytes
				}
				if got := f.Thresholds[metric]; got.Relative != threshold || got.Floor >= threshold*reference {
					t.Errorf("%s: %s is held to %+v", k.name, metric, got)
				}
			}
		}
	}
	if err := planted().Validate(); err != nil {
		t.Error(err)
	}
}
