package why

// span is a part of two texts that differs: lines [a0,a1) of the one stand where
// the other has [b0,b1).
type span struct{ a0, a1, b0, b1 int }

// maxTable bounds the table of a comparison: two functions of 2,000 lines each
// that differ from their first line to their last.
const maxTable = 4_000_000

// difference lists the spans in which two texts differ, by their longest common
// subsequence. Texts too large for that differ in one span.
func difference(a, b []string) []span {
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	n, m := len(a)-start-end, len(b)-start-end
	switch {
	case n == 0 && m == 0:
		return nil
	case n == 0 || m == 0 || n*m > maxTable:
		return []span{{start, start + n, start, start + m}}
	}
	common := lengths(a[start:start+n], b[start:start+m])
	var spans []span
	open := false
	differ := func(i, j, di, dj int) {
		if !open {
			spans = append(spans, span{start + i, start + i, start + j, start + j})
			open = true
		}
		last := &spans[len(spans)-1]
		last.a1, last.b1 = last.a1+di, last.b1+dj
	}
	for i, j := 0, 0; i < n || j < m; {
		switch {
		case i < n && j < m && a[start+i] == b[start+j]:
			i, j, open = i+1, j+1, false
		case j == m || i < n && common[(i+1)*(m+1)+j] >= common[i*(m+1)+j+1]:
			differ(i, j, 1, 0)
			i++
		default:
			differ(i, j, 0, 1)
			j++
		}
	}
	return spans
}

// lengths is the table of the lengths of the longest common subsequences of the
// ends of both texts.
func lengths(a, b []string) []int32 {
	w := len(b) + 1
	t := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				t[i*w+j] = t[(i+1)*w+j+1] + 1
			} else {
				t[i*w+j] = max(t[(i+1)*w+j], t[i*w+j+1])
			}
		}
	}
	return t
}
