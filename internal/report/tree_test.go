package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
)

func TestSpark(t *testing.T) {
	t.Parallel()
	points := func(sizes ...int64) (all []highwater.TreePoint) {
		for i, s := range sizes {
			all = append(all, highwater.TreePoint{At: int64(i) * 1e6, PSS: s})
		}
		return all
	}
	for _, c := range []struct {
		points []highwater.TreePoint
		want   string
	}{
		{nil, ""},
		{points(0, 0), ""},
		{points(100), "█"},
		{points(0, 50, 100), "▁▅█"},
		{points(100, 50, 12), "█▅▁"},
		{[]highwater.TreePoint{{At: -5, PSS: 7}, {At: 1 << 62, PSS: -9}}, "██"}, // a file may say anything
	} {
		if got := spark(c.points); got != c.want {
			t.Errorf("%v: got %q, want %q", c.points, got, c.want)
		}
	}
	long := spark(points(make([]int64, 299)...))
	if long != "" {
		t.Errorf("nothing is drawn as %q", long)
	}
	many := points(make([]int64, 300)...)
	for i := range many {
		many[i].PSS = int64(i)
	}
	if got := spark(many); utf8.RuneCountInString(got) != sparkWidth || !strings.HasPrefix(got, "▁") || !strings.HasSuffix(got, "█") {
		t.Errorf("got %q", got)
	}
}
