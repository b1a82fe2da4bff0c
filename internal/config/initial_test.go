package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		metric   string
		measured float64
		margin   float64
		want     string
	}{
		{highwater.Peak, 1e6, 0.1, "1.2MB"}, // 1.1 MB and 64 KiB
		{highwater.Peak, 2e9, 0.1, "2.3GB"},
		{highwater.Peak, -500, 0.1, "66KB"},
		{highwater.AllocBytes, 0, 0.1, "64B"},
		{highwater.AllocBytes, 1024, 0.2, "1.3KB"},
		{highwater.Allocs, 1, 0.1, "1.6"},
		{highwater.Allocs, 400, 0.1, "450"},
	} {
		m, _ := highwater.MetricByName(c.metric)
		if got := budget(m, c.measured, c.margin, 1); got != c.want {
			t.Errorf("budget of %s %v with %v: %s, want %s", c.metric, c.measured, c.margin, got, c.want)
		}
	}
}

// What is written is read back, and every scenario keeps within its own entry.
func TestInitial(t *testing.T) {
	in := Initial{
		Comments: []string{"a first\nline"}, Margin: 0.1,
		Settings: []Line{{"packages", "[./...]", "all"}, {"benchtime", "100x", ""}},
		Missing:  []string{"example.com/m/BenchmarkBad: it\npanicked"},
	}
	for i := range 40 {
		in.Measured = append(in.Measured, Budgeted{
			Suite: "example.com/m", ID: fmt.Sprintf("example.com/m/BenchmarkGet/size=%d*[x]...", i), Divisor: 1,
			Most: map[string]float64{highwater.Peak: float64(i) * 1e5, highwater.Allocs: 1},
		})
	}
	in.Measured = append(in.Measured, Budgeted{Suite: "example.com/m/one", ID: "example.com/m/one/BenchmarkA", Divisor: 1, Most: map[string]float64{highwater.Peak: 5e6}})
	text, err := in.Text()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(Name, text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	r, err := f.In("")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range in.Measured {
		name := strings.TrimPrefix(m.ID, m.Suite+"/")
		for _, l := range r.Limits(false)(highwater.ScenarioInfo{Suite: m.Suite, Name: name, NoBudget: true}) {
			if v := m.Most[l.Metric]; l.Bound <= v || l.Bound > 3.2e6*1.1+1.2e6 && v < 3e6 {
				t.Errorf("%s: %s of %v has the limit %v", m.ID, l.Metric, v, l.Bound)
			}
		}
	}
	if n := len(f.Overrides); n > 20 {
		t.Errorf("%d entries for 41 scenarios", n)
	}
}
