package stat

// Blocks cuts a series into stretches of size points that follow each other and
// returns the median x and the median y of each. What is left over joins the first
// block, so that the last is never a short one. Medians of blocks are nearly
// independent where the points are not, and shrug at bursts shorter than half a
// block: the batch means of Law, "Simulation modeling and analysis", section 9.5,
// with medians for means.
func Blocks(xs, ys []float64, size int) (bx, by []float64) {
	n := min(len(xs), len(ys))
	if size <= 1 {
		return append(bx, xs[:n]...), append(by, ys[:n]...)
	}
	for from := 0; from < n; {
		to := from + size
		if from == 0 {
			to += n % size
		}
		to = min(to, n)
		bx, by = append(bx, Median(xs[from:to])), append(by, Median(ys[from:to]))
		from = to
	}
	return bx, by
}
