package main

import (
	"strings"
	"testing"
)

func TestLimitsFile(t *testing.T) {
	l, err := parseLimits(limitsFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := show(new(strings.Builder), l, 1, everything(t)); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{"binary: {most: 1MB}", "binary: {most: 1MB, reason: r, least: 2}", "speed: {judge: {reason: r}}", "binary: ["} {
		if _, err := parseLimits([]byte(wrong)); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// everything is as quick as the work can be, by name.
func everything(t *testing.T) map[string]float64 {
	t.Helper()
	l, err := parseLimits(limitsFile)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for name := range l.Speed {
		found[name] = 0
	}
	return found
}

func TestShow(t *testing.T) {
	l := limits{Binary: bound{"2MB", "r"}, Speed: map[string]bound{"judge": {"1.5", "r"}}}
	for _, c := range []struct {
		name   string
		size   int64
		ratios map[string]float64
		ok     bool
		fails  string
	}{
		{"at its limits", 2_000_000, map[string]float64{"judge": 1.5}, true, ""},
		{"too large", 2_000_001, map[string]float64{"judge": 1.5}, false, ""},
		{"too slow", 2_000_000, map[string]float64{"judge": 1.51}, false, ""},
		{"without a limit", 1, map[string]float64{"judge": 1, "other": 1}, false, "no limit for other"},
		{"left out", 1, nil, true, ""},
		{"not done", 1, map[string]float64{}, false, "no work of the name judge"},
	} {
		var b strings.Builder
		ok, err := show(&b, l, c.size, c.ratios)
		if ok != c.ok || (err != nil) != (c.fails != "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v, %v\n%s", c.name, ok, err, b.String())
		}
		if c.fails == "" && strings.Contains(b.String(), "OVER ITS LIMIT") == c.ok {
			t.Errorf("%s: it prints\n%s", c.name, b.String())
		}
	}
}

func TestSpeedsStops(t *testing.T) {
	if _, err := speeds(t.Context(), -1); err == nil {
		t.Error("no rounds are taken for a measurement")
	}
}
