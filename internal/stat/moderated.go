package stat

import "math"

// Prior is what is known of a spread before anything has been measured: a
// standard deviation and the degrees of freedom it is worth. The zero Prior
// knows nothing, and everything below is then the classical t.
//
// The moderated variance is (d0·s0² + d·s²)/(d0 + d) with d0 + d degrees of
// freedom: Smyth, "Linear models and empirical Bayes methods for assessing
// differential expression in microarray experiments", Statistical Applications
// in Genetics and Molecular Biology 3 (2004), section 3. There d0 and s0 are
// estimated from thousands of genes; here they are given.
type Prior struct {
	SD float64
	DF float64
}

// moderate returns the moderated standard deviation and its degrees of freedom
// from a sum of squared deviations with df degrees of freedom.
func (p Prior) moderate(squares, df float64) (sd, total float64) {
	total = p.DF + df
	return math.Sqrt((p.DF*p.SD*p.SD + squares) / total), total
}

// Interval is an estimate with a confidence interval.
type Interval struct{ Center, Low, High float64 }

// Mean returns the mean of xs with its two-sided confidence interval of the
// given level, such as 0.95. A single value has an interval when the prior
// carries it, and an infinite one otherwise.
func (p Prior) Mean(xs []float64, level float64) Interval {
	mean := Mean(xs)
	sd, df := p.moderate(squares(xs), float64(len(xs)-1))
	return around(mean, sd/math.Sqrt(float64(len(xs))), df, level)
}

// Spread returns the moderated standard deviation of xs.
func (p Prior) Spread(xs []float64) float64 {
	sd, _ := p.moderate(squares(xs), float64(len(xs)-1))
	return sd
}

// Comparison is the difference of two means, b less a, with its standard error
// and degrees of freedom.
type Comparison struct {
	Difference float64
	SE, DF     float64
	SD         float64 // moderated, of one value
}

// Compare compares two samples that share one spread. Either may have a single
// value: the prior carries it.
func (p Prior) Compare(a, b []float64) Comparison {
	na, nb := float64(len(a)), float64(len(b))
	sd, df := p.moderate(squares(a)+squares(b), na+nb-2)
	return Comparison{
		Difference: Mean(b) - Mean(a),
		SE:         sd * math.Sqrt(1/na+1/nb),
		DF:         df,
		SD:         sd,
	}
}

// Interval returns the difference with its two-sided confidence interval.
func (c Comparison) Interval(level float64) Interval {
	return around(c.Difference, c.SE, c.DF, level)
}

// PMore is the p-value of the hypothesis that the true difference is at most
// bound: small when it is more.
func (c Comparison) PMore(bound float64) float64 {
	return c.tail(c.Difference - bound)
}

// PLess is the p-value of the hypothesis that the true difference is at least
// bound: small when it is less.
func (c Comparison) PLess(bound float64) float64 {
	return c.tail(bound - c.Difference)
}

// tail is P(T > distance/SE). Without any spread the sign alone decides; a
// distance of zero decides nothing.
func (c Comparison) tail(distance float64) float64 {
	if !(c.DF > 0) {
		return math.NaN()
	}
	if c.SE > 0 {
		return StudentTail(distance/c.SE, c.DF)
	}
	switch {
	case distance > 0:
		return 0
	case distance < 0:
		return 1
	default:
		return 0.5
	}
}

func around(center, se, df, level float64) Interval {
	if !(df > 0) {
		return Interval{center, math.Inf(-1), math.Inf(1)}
	}
	if se == 0 {
		return Interval{center, center, center}
	}
	half := se * StudentQuantile(1-(1-level)/2, df)
	return Interval{center, center - half, center + half}
}

func squares(xs []float64) float64 {
	if len(xs) < 2 {
		return 0
	}
	return Variance(xs) * float64(len(xs)-1)
}

// maxRepeats ends the search of Repeats: nobody makes more.
const maxRepeats = 10000

// Repeats estimates how many values it takes until a mean that is distance away
// from a bound is told from it at the one-sided level alpha, with a spread of sd
// and a prior worth priorDF. Reference is the number of values behind the bound
// itself, 0 where the bound is a given number. It returns false when no number
// of values would do, as when the reference itself is too uncertain.
func Repeats(sd, priorDF, distance, alpha float64, reference int) (int, bool) {
	return repeats(sd, priorDF, distance, alpha, func(int) int { return reference })
}

// RepeatsBoth is [Repeats] for a bound that rests on as many values as are asked
// for.
func RepeatsBoth(sd, priorDF, distance, alpha float64) (int, bool) {
	return repeats(sd, priorDF, distance, alpha, func(n int) int { return n })
}

func repeats(sd, priorDF, distance, alpha float64, references func(n int) int) (int, bool) {
	distance = math.Abs(distance)
	enough := func(n int) bool {
		variance, df := 1/float64(n), priorDF+float64(n-1)
		if reference := references(n); reference > 0 {
			variance += 1 / float64(reference)
			df += float64(reference - 1)
		}
		return df > 0 && StudentQuantile(1-alpha, df)*sd*math.Sqrt(variance) < distance
	}
	if !enough(maxRepeats) {
		return 0, false
	}
	low, high := 0, maxRepeats // enough(high), not enough(low)
	for high-low > 1 {
		if middle := (low + high) / 2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}
