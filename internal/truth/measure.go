package truth

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// Row is one figure of one case beside its truth, in bytes.
type Row struct {
	Case     string
	Figure   string
	Truth    int64
	Measured int64
	Allowed  float64
	Problem  string // why there is no measurement
}

// Good reports whether the measurement is within its tolerance.
func (r Row) Good() bool {
	return r.Problem == "" && math.Abs(float64(r.Measured-r.Truth)) <= r.Allowed
}

// Error is the deviation as a percentage of the truth, or in bytes where the
// truth is nothing.
func (r Row) Error() string {
	if r.Truth == 0 {
		return fmt.Sprintf("%+d B", r.Measured)
	}
	return fmt.Sprintf("%+.2f %%", 100*(float64(r.Measured)/float64(r.Truth)-1))
}

// Measure measures the chosen cases in processes of this executable, which must
// call measure.ChildMain with [ByID].
func Measure(ctx context.Context, o measure.Options, choose func(Case) bool) ([]Row, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var targets []target.Target
	cases := map[string]Case{}
	for _, c := range Cases() {
		if choose(c) {
			cases[c.Scenario.ID()] = c
			targets = append(targets, target.Target{Info: c.Scenario.Info(), Path: self})
		}
	}
	if o.Repeats == 0 {
		o.Repeats = 1
	}
	var rows []Row
	err = measure.Run(ctx, targets, o, func(m highwater.Measurement) {
		rows = append(rows, check(cases[m.Scenario], m)...)
	})
	return rows, err
}

// check compares one measurement with the truth.
func check(c Case, m highwater.Measurement) []Row {
	name := c.Scenario.Name
	if m.Outcome.Status != highwater.StatusOK {
		return []Row{{Case: name, Figure: string(m.Pass), Problem: m.Outcome.Detail}}
	}
	var rows []Row
	add := func(figure, metric string, truth int64, factor, allowed float64) {
		if truth < 0 {
			return
		}
		r := Row{Case: name, Figure: figure, Truth: truth, Allowed: allowed}
		if v, ok := m.Values[metric]; ok {
			r.Measured = int64(math.Round(v * factor))
		} else {
			r.Problem = "not measured"
		}
		rows = append(rows, r)
	}
	held := Case{} // at checkpoints: never the spike's tolerance
	switch m.Pass {
	case highwater.PassNatural:
		add("allocated", highwater.AllocBytes, c.Alloc, float64(c.Scenario.Info().Ops), max(0.005*float64(c.Alloc), 16e3))
	case highwater.PassExact:
		add("peak", highwater.Peak, c.Peak, 1, c.Tolerance(c.Peak))
		add("sustained", highwater.Sustained, c.Sustained, 1, held.Tolerance(c.Sustained))
		add("retained", highwater.Retained, c.Retained, 1, held.Tolerance(c.Retained))
		for function, truth := range c.Sites {
			rows = append(rows, c.siteRow(function, truth, m.Sites))
		}
	}
	return rows
}

// siteRow compares what the profile at the peak says of one function. That of a spike
// may be a step of the exact pass too early, in which the function went on.
func (c Case) siteRow(function string, truth int64, sites []highwater.Site) Row {
	r := Row{Case: c.Scenario.Name, Figure: "site " + function, Truth: truth, Allowed: 0.05 * float64(truth)}
	if c.Spike {
		r.Allowed += 64 << 10
	}
	for _, s := range sites {
		if strings.HasSuffix(s.Where.Func, "."+function) {
			r.Measured += s.Bytes
		}
	}
	return r
}
