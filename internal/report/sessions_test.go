package report

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestFitted(t *testing.T) {
	points := func(live ...int64) (p []highwater.SessionPoint) {
		for i, n := range []int{1, 10, 100}[:len(live)] {
			p = append(p, highwater.SessionPoint{Sessions: n, Live: live[i]})
		}
		return p
	}
	for _, c := range []struct {
		name string
		fit  highwater.SessionFit
		want string
	}{
		{"straight", highwater.SessionFit{Cost: 687_000, Fixed: 94_500, R2: 1, Worst: 0.0041, WorstAt: 10, Points: points(780_000, 6_980_000)}, "one more session costs 687 KB, beside 94.5 KB for any number of them (a line through readings at 1, 10 sessions, off by at most 0.5 %)"},
		{"nothing fixed", highwater.SessionFit{Cost: 3e6, Fixed: -10, R2: 1, Worst: 0.00001, Points: points(3e6, 3e7)}, "one more session costs 3.00 MB, and nothing is fixed beside that (a line through readings at 1, 10 sessions, off by at most 0.1 %)"},
		{"of an older version", highwater.SessionFit{Cost: 3e6, Fixed: 1e6, R2: 0.9987, Points: points(4e6, 31e6)}, "one more session costs 3.00 MB, beside 1.00 MB for any number of them (a line through readings at 1, 10 sessions, R² 0.9987)"},
		{"no line", highwater.SessionFit{Cost: 23_309, Fixed: 18_038, R2: 1, Worst: 0.182, WorstAt: 1, Points: points(50_536, 216_168, 2_293_992)}, "1 session holds 50.5 KB, and one more costs 18.4 KB up to 10, 23.1 KB up to 100 (not a straight line: 23.3 KB each beside 18.0 KB for any number of them is off by 18 % at 1)"},
		{"of any order", highwater.SessionFit{Cost: 2000, Fixed: -9000, Worst: 0.5, WorstAt: 4, Points: []highwater.SessionPoint{{Sessions: 8, Live: 64_000}, {Sessions: 8, Live: 64_100}, {Sessions: 4, Live: 40_000}}}, "4 sessions hold 40.0 KB, and one more costs 6.00 KB up to 8 (not a straight line: 2.00 KB each for any number of them is off by 50 % at 4)"},
	} {
		if got := fitted(&c.fit); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
