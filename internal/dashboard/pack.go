package dashboard

import "math"

// letters are those of base64 for addresses: none of them means anything in JSON or HTML.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// steps are how finely a packed series is told apart: 1 in 4095 of its range is less than
// a chart shows.
const steps = 64*64 - 1

// pack writes values as two letters each, between from and to.
func pack(values []float64) (packed string, from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		from, to = math.Min(from, v), math.Max(to, v)
	}
	if len(values) == 0 {
		return "", 0, 0
	}
	text := make([]byte, 0, 2*len(values))
	for _, v := range values {
		n := 0
		if to > from {
			n = int(math.Round((v - from) / (to - from) * steps))
		}
		text = append(text, letters[n/64], letters[n%64])
	}
	return string(text), from, to
}
