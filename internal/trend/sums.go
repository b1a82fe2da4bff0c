package trend

// sums are running sums of a series, from which the fit of a level or of a line to any
// stretch of it follows at once.
type sums struct {
	x, y, xx, xy, yy []float64
}

// sumsOf takes the points' own numbers, and numbers their values from their mean, so that
// nothing is lost to large squares.
func sumsOf(ys []float64) sums {
	var mean float64
	for _, y := range ys {
		mean += y / float64(len(ys))
	}
	n := len(ys) + 1
	s := sums{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for i, y := range ys {
		x, y := float64(i), y-mean
		s.x[i+1] = s.x[i] + x
		s.y[i+1] = s.y[i] + y
		s.xx[i+1] = s.xx[i] + x*x
		s.xy[i+1] = s.xy[i] + x*y
		s.yy[i+1] = s.yy[i] + y*y
	}
	return s
}

// rest returns the sums of squares that a level and a line leave of the points from, to.
func (s sums) rest(from, to int) (level, line float64) {
	n := float64(to - from)
	x, y := s.x[to]-s.x[from], s.y[to]-s.y[from]
	level = max(0, s.yy[to]-s.yy[from]-y*y/n)
	sxx := s.xx[to] - s.xx[from] - x*x/n
	sxy := s.xy[to] - s.xy[from] - x*y/n
	if sxx <= 0 {
		return level, level
	}
	return level, max(0, level-sxy*sxy/sxx)
}
