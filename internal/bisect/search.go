package bisect

import (
	"math"

	"github.com/highwater-dev/highwater/internal/stat"
)

// Options say what is looked for.
type Options struct {
	// Last is the number of the bad end. Commits are numbered along their line, and
	// 0 is the good end.
	Last int
	// Prior is what repeats of one commit are expected to differ by.
	Prior stat.Prior
	// Allowed is how much worse a figure may become before anybody wants to know, in
	// the metric's unit.
	Allowed float64
	// Confidence is how sure the answer is to be, such as 0.99.
	Confidence float64
	// HigherIsBetter turns the figures around.
	HigherIsBetter bool
}

// Session is what processes of one commit and of the good end told that were run in
// turn, so that a machine which became slower or fuller had them alike.
type Session struct {
	Commit int
	Values []float64 // of the commit
	Good   []float64 // of the good end
}

// Action is what to do next.
type Action int

// The actions.
const (
	Measure   Action = iota // Commit, Repeats more processes of it and of the good end
	Found                   // the figure became worse between Low and High
	Nothing                 // the ends do not differ by as much as is allowed
	Improved                // the bad end is better
	TooNoisy                // the ends cannot be told apart
	Undecided               // the budget is spent, and the change lies between Low and High
)

// Step is where a search stands.
type Step struct {
	Do      Action
	Commit  int // to be measured
	Repeats int

	// Low is the last commit known to be good, High the first known to be bad, as far
	// as the confidence goes. What lies between them could not be tested.
	Low, High  int
	Confidence float64
	// Left is how many commits hold nine tenths of what is likely.
	Left int
	// Total is the difference of the ends, and Jump that of High and Low; the first is
	// all that is known until the end.
	Total, Jump stat.Comparison
	// Base is the figure of the good end.
	Base float64
}

const (
	// firstEnds is how many processes of either end there are before they are judged,
	// and mostEnds how many there may be.
	firstEnds, mostEnds = 4, 20
	// moreEnds is how many are added at a time.
	moreEnds = 4
	// endsLevel is the chance to search for a change that is none, or to miss one.
	endsLevel = 0.005
	// endsWidth is how many standard errors the ends must be apart for the middle
	// between them to be known well enough: a commit is judged by that.
	endsWidth = 5

	// mostRepeats is how many processes of a commit are run at most, and mostAtOnce
	// how many before the posterior is looked at again.
	mostRepeats, mostAtOnce = 24, 8
	// wanted is how many standard errors a commit is meant to be from the middle.
	wanted = 3

	// stray is the chance of a session that tells something else altogether: nothing
	// that it says is believed more than this allows.
	stray = 0.01
)

// mostProcesses bounds the search as a whole, ends excepted: sixteen processes for
// every halving, where one will do if there is next to no noise.
func mostProcesses(last int) int { return 16 * (4 + int(math.Ceil(math.Log2(float64(last)+1)))) }

// Next says what to do, given all that was measured and the commits that cannot be.
// The same arguments have the same answer, so that a search can be taken up again.
func Next(o Options, sessions []Session, skipped func(commit int) bool) Step {
	s := newSearch(o, sessions, skipped)
	step := Step{Low: 0, High: o.Last, Left: o.Last, Base: s.base}
	if len(sessions) == 0 || s.count[o.Last] < firstEnds {
		step.Commit, step.Repeats = o.Last, firstEnds-s.count[o.Last]
		return step
	}
	total := s.difference(s.levelOf(o.Last), level{})
	step.Total, step.Jump = total, total
	if do, more := s.ends(total); do != Found {
		step.Do, step.Commit, step.Repeats = do, o.Last, more
		return step
	}
	s.narrow()
	return s.search(step)
}

// ends judges the difference of the ends: whether there is something to be found.
func (s *search) ends(c stat.Comparison) (do Action, more int) {
	n, o := s.count[s.o.Last], s.o
	real := c.PMore(0) < endsLevel && c.Difference >= o.Allowed && c.Difference > 0
	switch {
	case real && (c.Difference >= endsWidth*c.SE || n >= mostEnds):
		return Found, 0
	case real:
	case c.PLess(-o.Allowed) < endsLevel:
		return Improved, 0
	case c.PLess(o.Allowed) < endsLevel || c.SE == 0:
		return Nothing, 0
	case n >= mostEnds && c.Difference < o.Allowed:
		return Nothing, 0
	case n >= mostEnds:
		return TooNoisy, 0
	}
	return Measure, moreEnds
}

// search looks for the boundary between the ends of what is left.
func (s *search) search(step Step) Step {
	cells := s.cells()
	best := 0
	for i, c := range cells {
		if c.mass > cells[best].mass {
			best = i
		}
	}
	b := cells[best]
	step.Left = left(cells)
	if b.mass >= s.o.Confidence && s.known(b.low) && s.known(b.high) {
		if commit, ok := s.partial(b); ok {
			step.Low, step.High, step.Confidence = b.low, b.high, b.mass
			step.Commit, step.Repeats = commit, enough-s.count[commit]
			return step
		}
		step.Do = Found
		return s.at(step, b.low, b.high, b.mass)
	}
	commit, ok := s.halving(cells)
	if !ok || s.spent >= mostProcesses(s.o.Last) {
		low, high, mass := within(cells, s.o.Confidence)
		step.Do = Undecided
		return s.at(step, low, high, mass)
	}
	step.Low, step.High, step.Confidence = b.low, b.high, b.mass
	step.Commit, step.Repeats = commit, s.repeats(commit)
	return step
}

func (s *search) at(step Step, low, high int, mass float64) Step {
	step.Low, step.High, step.Confidence = low, high, mass
	step.Jump = s.difference(s.levelOf(high), s.levelOf(low))
	return step
}
