package bisect

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/highwater-dev/highwater/internal/stat"
)

// line is a line of commits whose true levels are known.
type line struct {
	levels  []float64
	cv      float64          // of one process
	drift   float64          // of the machine, a ratio for each process
	stray   float64          // share of processes that tell something else
	skipped func(int) bool   // commits that cannot be tested
	rand    *rand.Rand       //
	ran     int              // processes
	votes   map[int]struct{} // commits that were measured
}

func (l *line) process(commit int) float64 {
	l.ran++
	v := l.levels[commit] * (1 + l.cv*l.rand.NormFloat64()) * (1 + l.drift*float64(l.ran))
	if l.rand.Float64() < l.stray {
		v *= 1 + 0.5*l.rand.Float64()
	}
	return v
}

// search runs a search to its end.
func (l *line) search(t *testing.T, o Options) Step {
	t.Helper()
	o.Last = len(l.levels) - 1
	if l.skipped == nil {
		l.skipped = func(int) bool { return false }
	}
	l.votes = map[int]struct{}{}
	var sessions []Session
	for range 10_000 {
		step := Next(o, sessions, l.skipped)
		if step.Do != Measure {
			return step
		}
		if l.skipped(step.Commit) || step.Commit < 1 || step.Commit > o.Last || step.Repeats < 1 {
			t.Fatalf("asks for %d processes of commit %d", step.Repeats, step.Commit)
		}
		l.votes[step.Commit] = struct{}{}
		s := Session{Commit: step.Commit}
		for i := range step.Repeats { // A B B A
			for side := range 2 {
				if (side+i)%2 == 0 {
					s.Values = append(s.Values, l.process(step.Commit))
				} else {
					s.Good = append(s.Good, l.process(0))
				}
			}
		}
		sessions = append(sessions, s)
	}
	t.Fatal("the search does not end")
	return Step{}
}

const base = 1_000_000

// steps is a line of n commits behind the good one, where levels rise by a ratio of
// the base at some of them.
func steps(n int, at map[int]float64) []float64 {
	levels := make([]float64, n+1)
	level := float64(base)
	for i := range levels {
		level += base * at[i]
		levels[i] = level
	}
	return levels
}

// options are those of a metric like peak, with a threshold of 2 %.
func options(cv float64) Options {
	return Options{Prior: stat.Prior{SD: cv * base, DF: 4}, Allowed: 0.02 * base, Confidence: 0.99}
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

// TestConfidence: of the answers that are given with a confidence of 0.99 and of 0.9 at
// least so many are right, whatever the noise, and not many searches end without one.
func TestConfidence(t *testing.T) {
	const trials = 400
	for _, c := range []struct {
		name             string
		cv, prior, stray float64
		confidence       float64
		answered         float64 // share, at least
	}{
		{"steady", 0.001, 0.001, 0, 0.99, 1},
		{"as expected", 0.005, 0.005, 0, 0.99, 1},
		{"noisy", 0.015, 0.005, 0, 0.99, 0.97},
		{"as noisy as the change", 0.05, 0.05, 0, 0.9, 0.25},
		{"stray processes", 0.003, 0.005, 0.01, 0.99, 0.9},
	} {
		var found, right, ran int
		for seed := range uint64(trials) {
			r := seeded(seed)
			truth := 1 + r.IntN(200)
			l := &line{levels: steps(200, map[int]float64{truth: 0.05}), cv: c.cv, stray: c.stray, rand: r}
			o := options(c.prior)
			o.Confidence = c.confidence
			if step := l.search(t, o); step.Do == Found {
				found++
				ran += l.ran
				if step.Low == truth-1 && step.High == truth {
					right++
				}
			}
		}
		t.Logf("%s: %d of %d answered, %d right, %.0f processes", c.name, found, trials, right, float64(ran)/float64(found))
		if share := float64(found) / trials; share < c.answered {
			t.Errorf("%s: %.3f answered, want %.2f", c.name, share, c.answered)
		}
		// The bound of a share that is what it claims to be, three standard errors below.
		p := c.confidence
		if share := float64(right) / float64(found); share < p-3*math.Sqrt(p*(1-p)/float64(found)) {
			t.Errorf("%s: %.3f of the answers are right, at a confidence of %.2f", c.name, share, p)
		}
	}
}

// TestHalves: next to no noise, and a search takes as many commits as halving does,
// and a few processes more for those at the boundary.
func TestHalves(t *testing.T) {
	const n = 200
	for truth := 1; truth <= n; truth++ {
		l := &line{levels: steps(n, map[int]float64{truth: 0.05}), cv: 0.0001, rand: seeded(uint64(truth))}
		step := l.search(t, options(0.001))
		if step.Do != Found || step.High != truth || step.Low != truth-1 {
			t.Fatalf("truth %d: %+v", truth, step)
		}
		// The bad end is one of them.
		if commits := len(l.votes) - 1; commits > 8 {
			t.Errorf("truth %d: %d commits were measured, halving takes 8", truth, commits)
		}
		if pairs := l.ran/2 - firstEnds; pairs > 8+6 {
			t.Errorf("truth %d: %d processes", truth, pairs)
		}
	}
}

// TestDrift: a machine that becomes 20 % fuller while the search goes on is no change.
func TestDrift(t *testing.T) {
	for seed := range uint64(50) {
		r := seeded(seed)
		truth := 1 + r.IntN(64)
		l := &line{levels: steps(64, map[int]float64{truth: 0.05}), cv: 0.002, drift: 0.004, rand: r}
		if step := l.search(t, options(0.005)); step.Do != Found || step.High != truth {
			t.Errorf("seed %d: truth %d, %+v", seed, truth, step)
		}
	}
}

// TestNothing: without a change there is none found, and one that is smaller than what
// is allowed is none.
func TestNothing(t *testing.T) {
	const trials = 300
	for _, c := range []struct {
		change, cv float64
		want       []Action
	}{
		{0, 0.005, []Action{Nothing}},
		{0, 0.03, []Action{Nothing, TooNoisy}},
		{0.01, 0.002, []Action{Nothing}},
		{-0.05, 0.005, []Action{Improved}},
	} {
		wrong := 0
		for seed := range uint64(trials) {
			l := &line{levels: steps(50, map[int]float64{20: c.change}), cv: c.cv, rand: seeded(seed)}
			step := l.search(t, options(0.005))
			ok := false
			for _, want := range c.want {
				ok = ok || step.Do == want
			}
			if !ok {
				wrong++
			}
		}
		if share := float64(wrong) / trials; share > 0.03 {
			t.Errorf("%v at a noise of %v: %.3f came to something else", c.change, c.cv, share)
		}
	}
}

// TestSkipped: a boundary among commits that cannot be tested is answered with the
// range, and one beside them exactly.
func TestSkipped(t *testing.T) {
	broken := func(i int) bool { return i >= 40 && i < 45 || i == 50 || i == 25 }
	for truth := 30; truth <= 55; truth++ {
		l := &line{levels: steps(100, map[int]float64{truth: 0.05}), cv: 0.003, rand: seeded(uint64(truth)), skipped: broken}
		low, high := truth-1, truth
		for broken(low) {
			low--
		}
		for broken(high) {
			high++
		}
		if step := l.search(t, options(0.005)); step.Do != Found || step.Low != low || step.High != high {
			t.Errorf("truth %d: want %d to %d, got %+v", truth, low, high, step)
		}
	}
	l := &line{levels: steps(9, map[int]float64{4: 0.05}), cv: 0.003, rand: seeded(1), skipped: func(i int) bool { return i < 9 }}
	if step := l.search(t, options(0.005)); step.Do != Found || step.Low != 0 || step.High != 9 {
		t.Errorf("nothing can be tested: %+v", step)
	}
}

// TestSeveralChanges: where the figure becomes worse at several commits the answer is
// one of them, and its jump is less than the total. Halves that are alike leave a
// commit in the middle of both ends.
func TestSeveralChanges(t *testing.T) {
	for _, changes := range []map[int]float64{
		{30: 0.05, 70: 0.05},
		{30: 0.03, 70: 0.07},
		{20: 0.04, 50: 0.04, 80: 0.04},
		{20: 0.08, 50: -0.08, 80: 0.08}, // not monotone
	} {
		for seed := range uint64(100) {
			l := &line{levels: steps(100, changes), cv: 0.003, rand: seeded(seed)}
			step := l.search(t, options(0.005))
			jump, there := changes[step.High]
			if step.Do != Found || !there || step.Low != step.High-1 || jump < 0 {
				t.Errorf("%v, seed %d: %+v", changes, seed, step)
				continue
			}
			if math.Abs(step.Jump.Difference-jump*base) > 0.02*base {
				t.Errorf("%v, seed %d: a jump of %.0f at %d", changes, seed, step.Jump.Difference, step.High)
			}
		}
	}
}

// TestHigherIsBetter turns the figures around.
func TestHigherIsBetter(t *testing.T) {
	o := options(0.005)
	o.HigherIsBetter = true
	l := &line{levels: steps(40, map[int]float64{13: -0.06}), cv: 0.003, rand: seeded(3)}
	if step := l.search(t, o); step.Do != Found || step.High != 13 {
		t.Errorf("got %+v", step)
	}
}

// TestAdjacentEnds: with one commit in between there is nothing to search, and what the
// ends say is the answer.
func TestAdjacentEnds(t *testing.T) {
	l := &line{levels: steps(1, map[int]float64{1: 0.05}), cv: 0.003, rand: seeded(3)}
	if step := l.search(t, options(0.005)); step.Do != Found || step.Low != 0 || step.High != 1 {
		t.Errorf("got %+v", step)
	}
}

// TestExactCounts: figures without any noise, as counts are, have no standard errors.
func TestExactCounts(t *testing.T) {
	o := Options{Prior: stat.Prior{DF: 4}, Confidence: 0.99}
	levels := make([]float64, 33)
	for i := 21; i < len(levels); i++ {
		levels[i] = 1
	}
	l := &line{levels: levels, rand: seeded(3)}
	if step := l.search(t, o); step.Do != Found || step.High != 21 {
		t.Errorf("got %+v", step)
	}
	l = &line{levels: make([]float64, 33), rand: seeded(3)}
	if step := l.search(t, o); step.Do != Nothing {
		t.Errorf("without a change: got %+v", step)
	}
}

// TestGradual: where every commit adds a little the search ends all the same, and its
// jump tells that the commit it came to is not the reason for the total.
func TestGradual(t *testing.T) {
	changes := map[int]float64{}
	for i := 1; i <= 100; i++ {
		changes[i] = 0.001
	}
	for seed := range uint64(20) {
		l := &line{levels: steps(100, changes), cv: 0.002, rand: seeded(seed)}
		step := l.search(t, options(0.005))
		if step.Do != Found && step.Do != Undecided {
			t.Errorf("seed %d: %+v", seed, step)
		}
		if step.Do == Found && step.High-step.Low == 1 && step.Jump.Difference > 0.02*base {
			t.Errorf("seed %d: a jump of %.0f, where each is %.0f", seed, step.Jump.Difference, 0.001*base)
		}
	}
}
