package history

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
)

func measured(pass highwater.Pass, status highwater.Status, values map[string]float64) highwater.Measurement {
	return highwater.Measurement{Scenario: "suite/one@v", Pass: pass, Outcome: highwater.Outcome{Status: status}, Values: values}
}

// What is stored of a run is what its report shows; of what failed, and of what was seen
// in part only, there is nothing.
func TestOf(t *testing.T) {
	run := &highwater.Run{
		ID: "run-1", Created: time.Date(2026, 1, 2, 3, 4, 5, 678_900_000, time.UTC), Tool: "highwater v1",
		Environment: highwater.Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOMAXPROCS: 2, Module: "example.com/app", Revision: "abc", Branch: "main", Dirty: true},
		Scenarios:   []highwater.ScenarioInfo{{Suite: "suite", Name: "one", Variant: "v", Sessions: 10, Ops: 100}, {Name: "two", Sessions: 1}},
	}
	partly := measured(highwater.PassNatural, highwater.StatusOK, map[string]float64{highwater.Footprint: 9e6, highwater.Allocs: 3})
	partly.Incomplete = map[string]string{highwater.Footprint: "it was killed"}
	run.Measurements = []highwater.Measurement{
		measured(highwater.PassExact, highwater.StatusOK, map[string]float64{highwater.Peak: 1_000_000, highwater.Goroutines: 0}),
		measured(highwater.PassExact, highwater.StatusOK, map[string]float64{highwater.Peak: 1_000_400, highwater.Goroutines: 1, highwater.Allocs: 77}), // not of this pass
		measured(highwater.PassExact, highwater.StatusTimeout, map[string]float64{highwater.Peak: 5, highwater.Sustained: 5}),
		partly,
		{Scenario: "two", Pass: highwater.PassExact, Outcome: highwater.Outcome{Status: highwater.StatusPanicked}},
	}
	report := gate.Judge(run, nil, gate.Policy{})
	e, err := Of(report)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.check(); err != nil {
		t.Error(err)
	}
	wantRun := Run{
		ID: "run-1", At: time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC), Tool: "highwater v1", Module: "example.com/app", Commit: "abc", Branch: "main", Dirty: true,
		Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", Verdict: report.Verdict, Scenarios: 2, Errors: 2,
	}
	if d := cmp.Diff(wantRun, e.Run); d != "" {
		t.Errorf("run (-want +got):\n%s", d)
	}
	samples := map[string][]float64{highwater.Peak: {1_000_000, 1_000_400}, highwater.Goroutines: {0, 1}, highwater.Allocs: {3}}
	if len(e.Results) != len(samples) {
		t.Errorf("%d results: %+v", len(e.Results), e.Results)
	}
	for _, r := range e.Results {
		wantKey := highwater.SeriesKey{
			Module: "example.com/app", Scenario: "suite/one@v", Metric: r.Key.Metric, Branch: "main", Sessions: 10,
			Environment: gate.EnvironmentKey(run.Environment, r.Key.Metric),
		}
		s := report.Rows[0].Summaries[r.Key.Metric]
		want := highwater.Point{Run: "run-1", Commit: "abc", Dirty: true, At: wantRun.At, Go: "go1.26.8", Center: s.Center, Low: s.Low, High: s.High, Samples: samples[r.Key.Metric]}
		for _, l := range report.Rows[0].Limits {
			if l.Metric == r.Key.Metric {
				want.Limit = &l.Bound
			}
		}
		if d := cmp.Diff(wantKey, r.Key); d != "" {
			t.Errorf("%s (-want +got):\n%s", r.Key.Metric, d)
		}
		if d := cmp.Diff(want, r.Point); d != "" {
			t.Errorf("%s (-want +got):\n%s", r.Key.Metric, d)
		}
	}
	if _, err := Of(&highwater.Report{}); err == nil {
		t.Error("a report without a run")
	}
}

func TestOfSoak(t *testing.T) {
	run := &highwater.Run{ID: "soak", Created: begin, Environment: highwater.Environment{Branch: "HEAD"}}
	soak := func(of highwater.Quantity, course highwater.Course) highwater.Row {
		return highwater.Row{Scenario: highwater.ScenarioInfo{Name: string(of) + string(course), Sessions: 1}, Soak: &highwater.SoakResult{
			Of: of, Course: course, Final: 5e6, PerHour: highwater.Rate{Center: 10, Low: -5, High: 25}, PerOp: &highwater.Rate{Center: 1, Low: 0.5, High: 2},
		}}
	}
	e, err := Of(&highwater.Report{Run: run, Rows: []highwater.Row{
		soak(highwater.QuantityLive, highwater.CourseFlat), soak(highwater.QuantityLive, highwater.CourseShort), soak(highwater.QuantityRSS, highwater.CourseUnjudged),
	}})
	if err != nil || e.Run.Branch != "" {
		t.Errorf("%+v, %v", e.Run, err)
	}
	got := map[string][3]float64{}
	for _, r := range e.Results {
		if r.Key.Scenario != "liveflat" {
			t.Errorf("a result of %s", r.Key.Scenario)
		}
		got[r.Key.Metric] = [3]float64{r.Point.Low, r.Point.Center, r.Point.High}
	}
	if d := cmp.Diff(map[string][3]float64{SoakFinal: {5e6, 5e6, 5e6}, SoakGrowth: {-5, 10, 25}, SoakPerOp: {0.5, 1, 2}}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestPack(t *testing.T) {
	for _, c := range []struct {
		samples []float64
		bytes   int
	}{{nil, 0}, {[]float64{7}, 1}, {[]float64{8}, 9}, {[]float64{7, 1.0 / 3, -0.5}, 25}} {
		b := pack(highwater.Point{Center: 7, Samples: c.samples})
		got, err := unpack(b, 7)
		if err != nil || len(b) != c.bytes || !cmp.Equal(got, c.samples) {
			t.Errorf("%v: %d bytes, %v, %v", c.samples, len(b), got, err)
		}
	}
	for _, b := range [][]byte{{3}, {2, 1}, {1, 1}, {9, 0, 0, 0, 0, 0, 0, 0, 0}} {
		if _, err := unpack(b, 0); err == nil {
			t.Errorf("%v was taken", b)
		}
	}
}
