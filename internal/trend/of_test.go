package trend_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/trend"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// normal are n values about a level with a coefficient of variation.
func normal(r *rand.Rand, n int, level, cv float64) []float64 {
	ys := make([]float64, n)
	for i := range ys {
		ys[i] = level * (1 + cv*r.NormFloat64())
	}
	return ys
}

func of(ys []float64) highwater.Trend {
	s := nightly(ys)
	return trend.Of(s, trend.For(s.Key))
}

func constant(n int, y float64) []float64 { return normal(source(0), n, y, 0) }

func TestStepHasItsCommits(t *testing.T) {
	ys := append(normal(source(1), 40, 3e6, 0.01), normal(source(2), 10, 3.6e6, 0.01)...)
	got := of(ys)
	if len(got.Changes) != 1 || got.Verdict != highwater.TrendWorse {
		t.Fatalf("verdict %s with changes %+v", got.Verdict, got.Changes)
	}
	c := got.Changes[0]
	if c.Index != 40 || c.LastBefore != "c39" || c.FirstAfter != "c40" || c.Runs != [2]string{"run39", "run40"} || !c.Worse {
		t.Errorf("the change is %+v", c)
	}
	if math.Abs(c.Change-0.2) > 0.01 || c.PValue > 1e-6 {
		t.Errorf("it is %v with p = %v, want 0.2 and hardly any", c.Change, c.PValue)
	}
	if math.Abs(got.Level-3.6e6) > 3e4 {
		t.Errorf("level %v, want that after the step", got.Level)
	}
}

func TestLessIsBetterAndMoreToo(t *testing.T) {
	ys := append(constant(20, 0.5), constant(10, 0.7)...)
	s := nightly(ys)
	for metric, want := range map[string]highwater.TrendVerdict{highwater.Efficiency: highwater.TrendBetter, highwater.Fragmentation: highwater.TrendWorse} {
		s.Key.Metric = metric
		if got := trend.Of(s, trend.For(s.Key)); got.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", metric, got.Verdict, got.Reason, want)
		}
	}
}

// What is exactly repeatable has no variance to test with: the expected noise stands in.
func TestExactSeries(t *testing.T) {
	for name, c := range map[string]struct {
		ys      []float64
		changes []int
		verdict highwater.TrendVerdict
	}{
		"flat":            {constant(30, 3e6), nil, highwater.TrendSteady},
		"step":            {append(constant(30, 3e6), constant(2, 3.4e6)...), []int{30}, highwater.TrendWorse},
		"down":            {append(constant(30, 3e6), constant(2, 2.4e6)...), []int{30}, highwater.TrendBetter},
		"two steps":       {append(append(constant(10, 3e6), constant(10, 3.4e6)...), constant(10, 4e6)...), []int{10, 20}, highwater.TrendWorse},
		"within":          {append(constant(30, 3e6), constant(20, 3.15e6)...), []int{30}, highwater.TrendSteady},
		"too small":       {append(constant(30, 3e6), constant(20, 3.03e6)...), nil, highwater.TrendSteady},
		"the first point": {append(constant(1, 6e6), constant(20, 3e6)...), nil, highwater.TrendSteady},
		"short":           {constant(4, 3e6), nil, highwater.TrendShort},
		"shortest step":   {append(constant(3, 3e6), constant(2, 6e6)...), []int{3}, highwater.TrendWorse},
		"nothing":         {nil, nil, highwater.TrendShort},
	} {
		got := of(c.ys)
		var at []int
		for _, ch := range got.Changes {
			at = append(at, ch.Index)
		}
		if !reflect.DeepEqual(at, c.changes) || got.Verdict != c.verdict {
			t.Errorf("%s: changes at %v, %s (%s); want %v, %s", name, at, got.Verdict, got.Reason, c.changes, c.verdict)
		}
	}
}

// A count that was nothing and is something is worse, by all of it.
func TestFromNothing(t *testing.T) {
	s := nightly(append(constant(10, 0), constant(3, 2)...))
	s.Key.Metric = highwater.Goroutines
	got := trend.Of(s, trend.For(s.Key))
	if got.Verdict != highwater.TrendWorse || got.Changes[0].Change != 1 {
		t.Errorf("%+v", got)
	}
	if _, err := json.Marshal(got); err != nil {
		t.Error(err)
	}
}

// One result is a stray, and a second one makes it a step: nothing is a stray for ever.
func TestStrayUntilTheSecond(t *testing.T) {
	ys := append(normal(source(3), 30, 3e6, 0.005), 3.6e6)
	one := of(ys)
	if len(one.Changes) != 0 || len(one.Anomalies) != 1 || one.Anomalies[0].Index != 30 || one.Verdict != highwater.TrendSteady {
		t.Errorf("after one: %s, changes %+v, anomalies %+v", one.Verdict, one.Changes, one.Anomalies)
	}
	two := of(append(ys, 3.61e6))
	if len(two.Changes) != 1 || two.Changes[0].Index != 30 || len(two.Anomalies) != 0 {
		t.Errorf("after two: changes %+v, anomalies %+v", two.Changes, two.Anomalies)
	}
	back := of(append(append([]float64{}, append(ys, 3.61e6)...), normal(source(4), 6, 3e6, 0.005)...))
	if len(back.Changes) != 0 || len(back.Anomalies) != 2 {
		t.Errorf("after it went back: changes %+v, anomalies %+v", back.Changes, back.Anomalies)
	}
}

func slope(r *rand.Rand, n int, level, cv, each float64) []float64 {
	ys := normal(r, n, level, cv)
	for i := range ys {
		ys[i] += level * each * float64(i)
	}
	return ys
}

// The classic weakness of E-divisive: a slope is cut into steps.
func TestDriftIsNoSteps(t *testing.T) {
	steps, drifts := 0, 0
	for seed := range uint64(40) {
		got := of(slope(source(seed), 120, 3e6, 0.01, 0.002))
		steps += len(got.Changes)
		if d := got.Drift; d != nil && d.Worse && d.PerDayLow <= d.PerDay && math.Abs(d.PerDay/6000-1) < 0.2 && got.Verdict == highwater.TrendDrifting {
			drifts++
		}
	}
	if steps > 1 || drifts < 39 {
		t.Errorf("of 40 drifts %d are found; they are cut by %d steps", drifts, steps)
	}
}

func TestStepsAreNoDrift(t *testing.T) {
	for seed := range uint64(40) {
		ys := append(append(normal(source(seed), 30, 3e6, 0.01), normal(source(seed+100), 30, 3.5e6, 0.01)...), normal(source(seed+200), 30, 4e6, 0.01)...)
		if got := of(ys); got.Drift != nil || len(got.Changes) != 2 {
			t.Errorf("seed %d: drift %+v, changes %+v", seed, got.Drift, got.Changes)
		}
	}
}

// Sen's interval is to hold the true slope in 95 of 100.
func TestDriftInterval(t *testing.T) {
	in, n := 0, 0
	for seed := range uint64(300) {
		if d := of(slope(source(seed), 60, 3e6, 0.01, 0.002)).Drift; d != nil {
			n++
			if d.PerDayLow <= 6000 && 6000 <= d.PerDayHigh {
				in++
			}
		}
	}
	if share := float64(in) / float64(n); n < 290 || share < 0.92 || share > 0.99 {
		t.Errorf("%d of %d intervals hold the slope", in, n)
	}
}

// The prediction interval is to hold the next result in 95 of 100.
func TestForecastCovers(t *testing.T) {
	for name, make := range map[string]func(r *rand.Rand, n int) []float64{
		"clean": func(r *rand.Rand, n int) []float64 { return normal(r, n, 3e6, 0.01) },
		"noisy": func(r *rand.Rand, n int) []float64 { return normal(r, n, 3e6, 0.03) },
		"drift": func(r *rand.Rand, n int) []float64 { return slope(r, n, 3e6, 0.01, 0.002) },
		"after steps": func(r *rand.Rand, n int) []float64 {
			return append(normal(r, 30, 2e6, 0.01), normal(r, n, 3e6, 0.01)...)
		},
	} {
		const series = 1500
		in := 0
		for seed := range uint64(series) {
			r := source(seed)
			all := make(r, 41)
			last := len(all) - 1
			f := of(all[:last]).Forecast
			if f.Low <= all[last] && all[last] <= f.High {
				in++
			}
		}
		if share := float64(in) / series; share < 0.93 || share > 0.97 {
			t.Errorf("%s: the interval holds %.1f %% of the next results", name, 100*share)
		}
	}
}

func TestLimitIsCrossed(t *testing.T) {
	s := nightly(slope(source(5), 60, 3e6, 0.005, 0.002))
	o := trend.For(s.Key)
	limit := 3e6 * 1.2 // at 100 nights, which is 40 after the last
	o.Limit = &limit
	f := trend.Of(s, o).Forecast
	want := s.Points[0].At.AddDate(0, 0, 100)
	if f.Crosses == nil || f.Crosses.Sub(want).Abs() > 4*24*time.Hour {
		t.Fatalf("crosses %v, want about %v", f.Crosses, want)
	}
	if f.Earliest == nil || f.Latest == nil || !f.Earliest.Before(*f.Crosses) || !f.Crosses.Before(*f.Latest) {
		t.Errorf("from %v to %v", f.Earliest, f.Latest)
	}
	o.Horizon = 20 * 24 * time.Hour
	if f := trend.Of(s, o).Forecast; f.Crosses != nil || f.Latest != nil {
		t.Errorf("crosses %v behind the horizon %v", f.Crosses, f.Horizon)
	}
	flat := nightly(normal(source(6), 60, 3e6, 0.005))
	if f := trend.Of(flat, trend.Options{Limit: &limit}).Forecast; f.Crosses != nil || f.Earliest != nil {
		t.Errorf("what is flat crosses %v", f)
	}
}

func TestTooNoisy(t *testing.T) {
	got := of(normal(source(8), 20, 3e6, 0.15))
	if got.Verdict != highwater.TrendNoisy || got.Detectable < 0.1 {
		t.Errorf("%s (%s), detectable %v", got.Verdict, got.Reason, got.Detectable)
	}
}

// A step as large as what is called detectable is found in nine of ten, once ten results
// have followed it.
func TestDetectableIsDetected(t *testing.T) {
	found, n := 0, 0
	for seed := range uint64(150) {
		r := source(seed)
		ys := normal(r, 40, 3e6, 0.03)
		by := of(ys).Detectable
		after := normal(r, 10, 3e6, 0.03)
		for i := range after {
			after[i] += by * 3e6
		}
		n++
		if len(of(append(ys, after...)).Changes) > 0 {
			found++
		}
	}
	if found < n*88/100 {
		t.Errorf("%d of %d steps are found", found, n)
	}
}

func TestSameAgain(t *testing.T) {
	ys := append(normal(source(9), 100, 3e6, 0.03), normal(source(10), 100, 3.5e6, 0.03)...)
	if a, b := of(ys), of(ys); !reflect.DeepEqual(a, b) {
		t.Error("the same series gave two answers")
	}
}

// Points that say nothing do not break the rest, and repeats that leave much open are noise.
func TestPointsOfAllKinds(t *testing.T) {
	s := nightly(append(constant(10, 3e6), math.NaN(), math.Inf(1)))
	if got := trend.Of(s, trend.For(s.Key)); got.Points != 10 || got.Verdict != highwater.TrendSteady {
		t.Errorf("%+v", got)
	}
	same := nightly(append(constant(20, 3e6), constant(2, 3.4e6)...))
	for i := range same.Points {
		p := &same.Points[i]
		p.Low, p.High = p.Center-1e6, p.Center+1e6
		p.At = same.Points[0].At // all at once
	}
	if got := trend.Of(same, trend.For(same.Key)); len(got.Changes) != 0 || got.Forecast == nil {
		t.Errorf("intervals that overlap by far make changes %+v", got.Changes)
	}
}

func published(t *testing.T, name string) (ys []float64, annotations [][]int) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Values      []float64
		Annotations [][]int
	}
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	return p.Values, p.Annotations
}

// F1 with a margin of five, and precision and recall as van den Burg and Williams 2020,
// section 4.2, define them; the beginning counts as a change.
func f1(found []int, annotations [][]int) float64 {
	hits := func(truth, found []int) int {
		n, used := 0, map[int]bool{}
		for _, t := range truth {
			for _, f := range found {
				if !used[f] && f-t <= 5 && t-f <= 5 {
					used[f] = true
					n++
					break
				}
			}
		}
		return n
	}
	found = append([]int{0}, found...)
	union, recall := map[int]bool{0: true}, 0.0
	for _, a := range annotations {
		a = append([]int{0}, a...)
		for _, i := range a {
			union[i] = true
		}
		recall += float64(hits(a, found)) / float64(len(a)) / float64(len(annotations))
	}
	var all []int
	for i := range union {
		all = append(all, i)
	}
	hit := 0
	for _, f := range found {
		for _, i := range all {
			if f-i <= 5 && i-f <= 5 {
				hit++
				break
			}
		}
	}
	precision := float64(hit) / float64(len(found))
	return 2 * precision * recall / (precision + recall)
}

func TestPublishedSeries(t *testing.T) {
	for name, c := range map[string]struct {
		shift float64 // a ratio of a level near zero means nothing
		o     trend.Options
		least float64
	}{
		"quality_control_1.json": {10, trend.Options{PriorAbs: 1}, 0.99},
		"quality_control_2.json": {10, trend.Options{PriorAbs: 1}, 0.94},
		"mongodb.json":           {0, trend.Options{HigherIsBetter: true, PriorCV: 0.002}, 0.99},
	} {
		ys, annotations := published(t, name)
		for i := range ys {
			ys[i] += c.shift
		}
		got := trend.Of(nightly(ys), c.o)
		var at []int
		for _, ch := range got.Changes {
			at = append(at, ch.Index)
		}
		if score := f1(at, annotations); score < c.least {
			t.Errorf("%s: F1 %.2f with changes at %v, annotated %v", name, score, at, annotations)
		}
		if name == "mongodb.json" && len(got.Anomalies) != 2 {
			t.Errorf("its two strays are %+v", got.Anomalies)
		}
	}
}

// Hunter's own examples (tests/analysis_test.py and tests/series_test.py at commit
// 05e6eacb of github.com/datastax-labs/hunter, Apache-2.0).
func TestHuntersExamples(t *testing.T) {
	for want, ys := range map[int][]float64{
		10: {1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01, 0.98, 1.01, 0.96, 0.50, 0.51, 0.48, 0.48, 0.55, 0.50, 0.49, 0.51, 0.50, 0.49},
		6:  {1.02, 0.95, 0.99, 1.00, 1.12, 0.90, 0.50, 0.51, 0.48, 0.48, 0.55},
		4:  {2.02, 2.03, 2.01, 2.04, 1.82, 1.85, 1.79, 1.81, 1.80, 1.76, 1.78},
	} {
		got := trend.Of(nightly(ys), trend.Options{PriorCV: 0.02})
		if len(got.Changes) != 1 || got.Changes[0].Index != want {
			t.Errorf("changes %+v, want one at %d", got.Changes, want)
		}
	}
}
