package stability

import "slices"

// uneven is by how much the speed of the operations must differ, from one eighth of a
// soak to another, for it to matter whether time or operations are the axis.
const uneven = 1.25

// byWork is the view with operations in the place of time, stretched so that the whole
// takes as long: what an operation leaks grows along it in a straight line, however
// busy the machine is meanwhile. It is false where nobody counts operations, or their
// speed is even.
func (v *view) byWork() (*view, bool) {
	n := v.len()
	if n < MinCheckpoints || !rising(v.ops) {
		return nil, false
	}
	var speeds []float64
	for i := range 8 {
		from, to := i*(n-1)/8, (i+1)*(n-1)/8
		if to > from && v.t[to] > v.t[from] {
			speeds = append(speeds, (v.ops[to]-v.ops[from])/(v.t[to]-v.t[from]))
		}
	}
	if slices.Max(speeds) < uneven*slices.Min(speeds) {
		return nil, false
	}
	stretch := (v.t[n-1] - v.t[0]) / (v.ops[n-1] - v.ops[0])
	w := *v
	w.t, w.ops, w.keep = nil, nil, nil
	for i := range v.keep {
		// Points without an operation between them are one point: the last.
		if i+1 < n && v.ops[i+1] == v.ops[i] {
			continue
		}
		w.keep = append(w.keep, v.keep[i])
		w.ops = append(w.ops, v.ops[i])
		w.t = append(w.t, v.t[0]+(v.ops[i]-v.ops[0])*stretch)
	}
	return &w, true
}
