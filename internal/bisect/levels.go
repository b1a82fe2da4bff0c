package bisect

import (
	"math"

	"github.com/highwater-dev/highwater/internal/stat"
)

// search is what the sessions say, worked out.
type search struct {
	o        Options
	skipped  func(int) bool
	levels   map[int]level
	single   map[int][]level // what each session says of a commit
	count    map[int]int     // processes of a commit
	spent    int             // of all commits but the end
	base     float64         // mean of the good end
	sd, df   float64         // of one process
	low, top int             // the ends of what is searched
}

// level is how much worse a commit is than the good end, with its variance in units of
// that of one process. The good end's own level is nothing, exactly: every session has
// its processes of that beside those of the commit, and only differences count.
type level struct{ value, variance float64 }

func newSearch(o Options, sessions []Session, skipped func(int) bool) *search {
	s := &search{o: o, skipped: skipped, levels: map[int]level{}, single: map[int][]level{}, count: map[int]int{}, top: o.Last}
	weights := map[int]float64{}
	var good []float64
	var squares, df float64
	for _, one := range sessions {
		values, reference := s.steady(one.Values), s.steady(one.Good)
		if len(values) == 0 || len(reference) == 0 {
			continue
		}
		good = append(good, reference...)
		for _, side := range [][]float64{values, reference} {
			if n := float64(len(side)); n > 1 {
				squares += stat.Variance(side) * (n - 1)
				df += n - 1
			}
		}
		n, commit := min(len(values), len(reference)), one.Commit
		s.count[commit] += n
		if commit != o.Last {
			s.spent += n
		}
		difference := stat.Mean(values) - stat.Mean(reference)
		if o.HigherIsBetter {
			difference = -difference
		}
		one := level{difference, 1/float64(len(values)) + 1/float64(len(reference))}
		s.single[commit] = append(s.single[commit], one)
		// Sessions count for as much as they know.
		w := 1 / one.variance
		l := s.levels[commit]
		weights[commit] += w
		l.value += (difference - l.value) * w / weights[commit]
		l.variance = 1 / weights[commit]
		s.levels[commit] = l
	}
	if len(good) > 0 {
		s.base = stat.Mean(good)
	}
	// The spread is one for all commits, moderated by what is known of the metric.
	s.df = o.Prior.DF + df
	s.sd = math.Sqrt((o.Prior.DF*o.Prior.SD*o.Prior.SD + squares) / s.df)
	return s
}

// steady takes the weight from values that are far from the others of their commit. The
// gate lets a rare peak count; here it would only mislead the search.
func (s *search) steady(values []float64) []float64 {
	const width, enough = 4, 3
	if len(values) < enough {
		return values
	}
	return stat.Winsorise(values, width, s.o.Prior.SD)
}

func (s *search) levelOf(commit int) level { return s.levels[commit] }

func (s *search) known(commit int) bool {
	return commit == 0 || commit == s.o.Last || s.count[commit] > 0
}

// difference is a less b.
func (s *search) difference(a, b level) stat.Comparison {
	return stat.Comparison{
		Difference: a.value - b.value,
		SE:         s.sd * math.Sqrt(a.variance+b.variance),
		DF:         s.df, SD: s.sd,
	}
}

// middle is the level by which good and bad are told apart.
func (s *search) middle() level {
	low, top := s.levelOf(s.low), s.levelOf(s.top)
	return level{(low.value + top.value) / 2, (low.variance + top.variance) / 4}
}

// vote is the logarithm of the odds for a commit to be bad: the sum of what its sessions
// say. Each of them is taken for no more than the least of three:
//
//   - the odds for the commit to be on that side of the middle, whatever its level, by
//     Student's t. Other commits may change the figure a little, too;
//   - the likelihood ratio of the two levels, which is less where a session says little;
//   - the odds that nothing strayed in it, so that all that is sure rests on several.
func (s *search) vote(commit int) float64 {
	if commit <= s.low || commit >= s.top {
		return 0
	}
	middle := s.middle()
	half := (s.levelOf(s.top).value - s.levelOf(s.low).value) / 2
	var sum float64
	for _, one := range s.single[commit] {
		c := s.difference(one, middle)
		good := c.PMore(0)
		side := math.Abs(math.Log1p(-good) - math.Log(good))
		most := math.Log((1 - stray) / stray)
		if c.SE > 0 {
			most = min(most, 2*half*math.Abs(c.Difference)/(c.SE*c.SE))
		}
		sum += math.Copysign(min(side, most), c.Difference)
	}
	return sum
}

// enough is how many processes say of a commit that it is neither good nor bad.
const enough = 4

// narrow looks at commits that are neither as good as the one end nor as bad as the
// other: there are changes before and behind them. The search goes on for the larger
// one of the two, between other ends.
func (s *search) narrow() {
	for again := true; again; {
		again = false
		for commit := s.low + 1; commit < s.top && !again; commit++ {
			if s.count[commit] >= enough && s.between(commit) {
				low, top, here := s.levelOf(s.low), s.levelOf(s.top), s.levelOf(commit)
				if here.value-low.value >= top.value-here.value {
					s.top = commit
				} else {
					s.low = commit
				}
				again = true
			}
		}
	}
}

// between reports whether a commit is surely off both ends, by a fifth of their
// difference.
func (s *search) between(commit int) bool {
	const part, level = 0.2, 0.01
	low, top, here := s.levelOf(s.low), s.levelOf(s.top), s.levelOf(commit)
	margin := part * (top.value - low.value)
	return s.difference(here, low).PMore(margin) < level && s.difference(top, here).PMore(margin) < level
}

// partial is the commit to look at again when the boundary was found and surely is less
// than half of the difference: one of the two is between the ends then.
func (s *search) partial(b cell) (commit int, ok bool) {
	const level = 0.05
	low, high := s.levelOf(b.low), s.levelOf(b.high)
	half := (s.levelOf(s.top).value - s.levelOf(s.low).value) / 2
	if s.difference(high, low).PLess(half) >= level {
		return 0, false
	}
	for _, commit := range []int{b.low, b.high} {
		if commit > s.low && commit < s.top && s.count[commit] < enough {
			return commit, true
		}
	}
	return 0, false
}

// repeats is how many more processes it takes until a commit is likely to be wanted
// standard errors from the middle.
func (s *search) repeats(commit int) int {
	middle := s.middle()
	half := (s.levelOf(s.top).value - s.levelOf(s.low).value) / 2
	if s.sd == 0 || half <= 0 {
		return 1
	}
	variance := math.Pow(half/(wanted*s.sd), 2) - middle.variance
	n := mostAtOnce
	if variance > 0 {
		n = int(math.Ceil(min(2/variance, mostRepeats))) - s.count[commit]
	}
	return min(max(n, 1), mostAtOnce, mostRepeats-s.count[commit])
}
