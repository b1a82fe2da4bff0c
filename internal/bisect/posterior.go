package bisect

import "math"

// cell is where the boundary may be: behind low and not behind high. The commits
// between them, if any, cannot be tested, and so nobody can say more.
type cell struct {
	low, high int
	mass      float64
}

// cells are the posterior probabilities of all places where the boundary may be. Before
// anything was measured each commit is as likely as any other.
func (s *search) cells() []cell {
	var cells []cell
	low := s.low
	for commit := s.low + 1; commit <= s.top; commit++ {
		if commit < s.top && s.skipped != nil && s.skipped(commit) && s.count[commit] == 0 {
			continue
		}
		cells = append(cells, cell{low: low, high: commit})
		low = commit
	}
	// The weight of a cell: every commit before it votes good, every one in or behind
	// it bad. Votes of commits go from one to the other as the cell moves on.
	logs := make([]float64, len(cells))
	var votes float64
	for i := range cells {
		logs[i] = math.Log(float64(cells[i].high-cells[i].low)) + votes
		votes -= s.vote(cells[i].high)
	}
	most := math.Inf(-1)
	for _, l := range logs {
		most = max(most, l)
	}
	var sum float64
	for i, l := range logs {
		cells[i].mass = math.Exp(l - most)
		sum += cells[i].mass
	}
	for i := range cells {
		cells[i].mass /= sum
	}
	return cells
}

// halving is the commit that divides what is likely most evenly: the one whose
// measurement tells most. False when no commit may be measured any more.
func (s *search) halving(cells []cell) (commit int, ok bool) {
	var before float64
	nearest := math.Inf(1)
	for _, c := range cells[:len(cells)-1] { // the last one ends at the end
		before += c.mass
		if off := math.Abs(before - 0.5); off < nearest && s.count[c.high] < mostRepeats {
			commit, nearest, ok = c.high, off, true
		}
	}
	return commit, ok
}

// left is how many commits hold nine tenths of what is likely.
func left(cells []cell) int {
	const most = 0.9
	low, high, _ := within(cells, most)
	return high - low
}

// within is the shortest stretch that holds the boundary with that confidence.
func within(cells []cell, confidence float64) (low, high int, mass float64) {
	low, high, mass = cells[0].low, cells[len(cells)-1].high, 1
	first := 0
	var sum float64
	for _, c := range cells {
		sum += c.mass
		for first < len(cells) && sum-cells[first].mass >= confidence {
			sum -= cells[first].mass
			first++
		}
		if sum >= confidence && c.high-cells[first].low < high-low {
			low, high, mass = cells[first].low, c.high, min(sum, 1)
		}
	}
	return low, high, mass
}
