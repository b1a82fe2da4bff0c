package dashboard

// detail is how much of the data stands in the page.
type detail struct {
	points  int // of a series over time
	course  int // of a timeline
	nodes   int // of a flame graph
	depth   int // of it
	samples int // of a metric
	advice  int // pieces on a scenario
}

// details from all that anybody could look at to what 500 scenarios with a year of nightly
// runs leave room for, and less.
var details = []detail{
	{points: 4000, course: 2000, nodes: 600, depth: 64, samples: 1000, advice: 40},
	{points: 730, course: 400, nodes: 200, depth: 40, samples: 200, advice: 20},
	{points: 365, course: 200, nodes: 90, depth: 32, samples: 60, advice: 12},
	{points: 160, course: 90, nodes: 50, depth: 24, samples: 30, advice: 6},
	{points: 90, course: 60, nodes: 36, depth: 20, samples: 20, advice: 4},
	{points: 60, course: 40, nodes: 24, depth: 14, samples: 12, advice: 3},
	{points: 36, course: 24, nodes: 14, depth: 10, samples: 8, advice: 2},
	{points: 20, course: 12, nodes: 8, depth: 6, samples: 4, advice: 1},
}

// thin chooses which of the values stay: at most about that many, the first and the last,
// all of keep, and of every stretch between the lowest and the highest, so that no spike
// is lost that a full drawing would show. The indices are in their order.
func thin(values []float64, keep []int, most int) []int {
	n := len(values)
	if n <= most {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	stays := make([]bool, n)
	stays[0], stays[n-1] = true, true
	for _, k := range keep {
		if k >= 0 && k < n {
			stays[k] = true
		}
	}
	buckets := max((most-2)/2, 1)
	for b := range buckets {
		from, to := b*n/buckets, (b+1)*n/buckets
		low, high := from, from
		for i := from; i < to; i++ {
			if values[i] < values[low] {
				low = i
			}
			if values[i] > values[high] {
				high = i
			}
		}
		if from < to {
			stays[low], stays[high] = true, true
		}
	}
	var kept []int
	for i, s := range stays {
		if s {
			kept = append(kept, i)
		}
	}
	return kept
}

// few takes that many of the samples, evenly, the lowest and the highest among them.
func few(samples []float64, most int) []float64 {
	if len(samples) <= most {
		return samples
	}
	var kept []float64
	for _, i := range thin(samples, nil, most) {
		kept = append(kept, samples[i])
	}
	return kept
}
