package gate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/highwater-dev/highwater"
)

// usual is what `gates` compares by default: a baseline of five repeats and, when
// something is open, up to ten here.
var usual = Design{Here: 10, Baseline: 5}

// spread is a program whose repeats have known means and deviations.
type spread struct {
	rng  *rand.Rand
	mean map[string]float64 // the typical ones where it says nothing
	sd   map[string]float64 // in the metric's unit; the prior's where it says nothing
}

func (s spread) add(r *highwater.Run, pass highwater.Pass, repeats int) {
	for range repeats {
		m := bench{}.measurement("s/a", pass, len(r.Measurements))
		for _, name := range slices.Sorted(maps.Keys(m.Values)) { // in one order, or the draws are not the seed's
			v := m.Values[name]
			metric, _ := highwater.MetricByName(name)
			if mean, ok := s.mean[name]; ok {
				v = mean
			}
			sd, ok := s.sd[name]
			if !ok && !counted(metric) {
				sd = prior(metric, v).SD
			}
			m.Values[name] = v + sd*s.rng.NormFloat64()
		}
		r.Measurements = append(r.Measurements, m)
	}
}

func (s spread) run(repeats map[highwater.Pass]int) *highwater.Run {
	r := bench{}.run()
	r.Measurements = nil
	for _, pass := range highwater.Passes() {
		s.add(r, pass, repeats[pass])
	}
	return r
}

// judged measures as a command does: few repeats to begin with, and more of what is
// open until the budget is spent.
func (s spread) judged(base *highwater.Run) *highwater.Report {
	run := s.run(map[highwater.Pass]int{highwater.PassNatural: 1, highwater.PassCollector: 3, highwater.PassExact: 2})
	for {
		rep := Judge(run, base, silent)
		added := false
		for _, n := range Needs(rep) {
			have := 0
			for _, m := range run.Measurements {
				if m.Pass == n.Pass {
					have++
				}
			}
			if more := min(n.Samples, usual.Here-have); more > 0 {
				s.add(run, n.Pass, more)
				added = true
			}
		}
		if !added {
			return rep
		}
	}
}

var five = map[highwater.Pass]int{highwater.PassNatural: 5, highwater.PassCollector: 5, highwater.PassExact: 5}

// TestMargin judges, as a command does, programs that have changed in one metric by
// what the margin says is found, and by half of the threshold: the first are found in
// 95 of 100 cases, the second fail in 5 of 100 at most. Programs are as noisy as
// expected, three times noisier and quieter.
func TestMargin(t *testing.T) {
	if testing.Short() {
		t.Skip("judges some 15,000 times")
	}
	const trials = 300
	for _, name := range []string{highwater.Peak, highwater.Allocs, highwater.GCPressure, highwater.Footprint} {
		m, _ := highwater.MetricByName(name)
		for _, noise := range []float64{1, 3, 0.3} {
			t.Run(fmt.Sprintf("%s/noise×%v", m.Name, noise), func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(41, uint64(noise*10)))
				mean := typical[m.Name]
				sd := noise * prior(m, mean).SD
				allowed := m.Relative.Allowance(mean)
				d := usual
				d.Comparisons = len(gated())
				margin := d.Margin(m, mean, sd, m.Relative)
				before := spread{rng, nil, map[string]float64{m.Name: sd}}
				count := func(change float64) (failed int) {
					after := spread{rng, map[string]float64{m.Name: mean + change}, before.sd}
					for range trials {
						if fails(after.judged(before.run(five)), m.Name) {
							failed++
						}
					}
					return failed
				}
				// With 3,000 trials it is 0.938 to 0.965: who stops as soon as the verdict
				// is settled does not use all repeats. Three standard errors below that.
				if found := count(allowed + margin); float64(found) < 0.896*trials {
					t.Errorf("a change of the threshold (%v) and the margin (%v) is found %d times of %d", allowed, margin, found, trials)
				}
				if alarms := count(allowed / 2); float64(alarms) > alarmRate*trials {
					t.Errorf("half the threshold fails %d times of %d", alarms, trials)
				}
			})
		}
	}
}

func fails(r *highwater.Report, metric string) bool {
	for _, f := range failures(r) {
		if f.Metric == metric {
			return true
		}
	}
	return false
}

// TestBaselineNeeds saves baselines as a command does: what is steady takes the five
// repeats that there are, and a gc_pressure that varies by 15 % takes more, with which an
// unchanged program is compared to the end.
func TestBaselineNeeds(t *testing.T) {
	const trials, most = 100, 20
	steady := map[string]float64{}
	for _, m := range gated() {
		steady[m.Name] = 0
	}
	rng := rand.New(rand.NewPCG(42, 1))
	needs := func(r *highwater.Run) []Need { return BaselineNeeds(Judge(r, nil, silent), nil, usual.Here, most) }
	if n := needs(spread{rng, nil, steady}.run(five)); len(n) > 0 {
		t.Errorf("a program without any noise wants %+v", n)
	}
	noisy := spread{rng, nil, maps.Clone(steady)}
	noisy.sd[highwater.GCPressure] = 0.15 * typical[highwater.GCPressure]
	inconclusive := func(baseline func() *highwater.Run) (n int) {
		for range trials {
			if noisy.judged(baseline()).Verdict == highwater.VerdictInconclusive {
				n++
			}
		}
		return n
	}
	short := inconclusive(func() *highwater.Run { return noisy.run(five) })
	long := inconclusive(func() *highwater.Run {
		base := noisy.run(five)
		for repeats := 5; ; {
			n := needs(base)
			if len(n) == 0 {
				return base
			}
			if len(n) != 1 || n[0].Pass != highwater.PassCollector || n[0].Samples < 1 || repeats+n[0].Samples > most {
				t.Fatalf("after %d repeats: %+v", repeats, n)
			}
			repeats += n[0].Samples
			noisy.add(base, n[0].Pass, n[0].Samples)
		}
	})
	if long > trials/20 || short < 2*long {
		t.Errorf("%d of %d comparisons with a baseline of as many repeats as wanted stay open, %d with five", long, trials, short)
	}
	none := func(string, string) highwater.Threshold { return highwater.Threshold{} }
	if n := BaselineNeeds(Judge(noisy.run(five), nil, silent), none, usual.Here, most); len(n) > 0 {
		t.Errorf("where nothing is judged: %+v", n)
	}
}

// More comparisons and fewer repeats take larger changes; a threshold of the size of
// the margin finds twice as much.
func TestMarginGrows(t *testing.T) {
	peak, _ := highwater.MetricByName(highwater.Peak)
	margin := func(d Design, sd float64) float64 { return d.Margin(peak, 1e6, sd, peak.Relative) }
	one := margin(Design{Here: 10, Baseline: 5, Comparisons: 1}, 5e3)
	for name, more := range map[string]float64{
		"many comparisons": margin(Design{Here: 10, Baseline: 5, Comparisons: 170}, 5e3),
		"few repeats":      margin(Design{Here: 2, Baseline: 5, Comparisons: 1}, 5e3),
		"more noise":       margin(Design{Here: 10, Baseline: 5, Comparisons: 1}, 6e3),
	} {
		if more <= one {
			t.Errorf("%s: margin %v, and %v without", name, more, one)
		}
	}
}

// The family is what a report corrects for, and the samples are those that it
// summarises.
func TestFamily(t *testing.T) {
	run := bench{names: eight, repeats: 3}.run()
	if got, want := Family(run, nil), 8*len(gated()); got != want {
		t.Errorf("%d comparisons, want %d", got, want)
	}
	none := func(string, string) highwater.Threshold { return highwater.Threshold{} }
	if got := Family(run, none); got != 0 {
		t.Errorf("%d comparisons although nothing is judged", got)
	}
	edit(run, "s/a", highwater.PassNatural, func(m *highwater.Measurement) { m.Outcome.Status = highwater.StatusKilled })
	natural := 0
	for _, m := range gated() {
		if m.Pass == highwater.PassNatural {
			natural++
		}
	}
	if got, want := Family(run, nil), 8*len(gated())-natural; got != want {
		t.Errorf("%d comparisons without the natural pass of one scenario, want %d", got, want)
	}
	if s := Samples(run, "s/b")[highwater.Peak]; len(s) != 3 || s[0] != typical[highwater.Peak] {
		t.Errorf("samples %v", s)
	}
}
