package dashboard

import "math"

// letters are those of base64 for addresses: none of them means anything in JSON or HTML.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// steps are how finely a packed series is told apart: 1 in 4095 of its range is less than
// a chart shows.
const steps = 64*64 - 1

// packed are numbers as two letters each, between From and To.
type packed struct {
	Letters string  `json:"y"`
	From    float64 `json:"from"`
	To      float64 `json:"to"`
}

// pack packs values, of which none is infinite.
func pack(values []float64) packed {
	letters, from, to := lettersOf(values)
	return packed{letters, round(from), round(to)}
}

// packSteps writes whole numbers that rise as the distance of each from the one before:
// a letter where that is small, and else a marker and four.
func packSteps(rising []int) string {
	var text []byte
	before := 0
	for _, n := range rising {
		d := n - before
		before = n
		if d < 63 {
			text = append(text, letters[d])
			continue
		}
		text = append(text, letters[63], letters[d>>18&63], letters[d>>12&63], letters[d>>6&63], letters[d&63])
	}
	return string(text)
}

func lettersOf(values []float64) (packed string, from, to float64) {
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
