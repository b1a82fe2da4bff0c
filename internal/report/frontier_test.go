package report

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func sampleFrontier() highwater.Frontier {
	point := func(gogc int, limit int64, footprint, perCPU, relative float64, on bool) highwater.FrontierPoint {
		return highwater.FrontierPoint{
			Setting: highwater.CollectorSetting{GOGC: gogc, Limit: limit}, Repeats: 5, GCShare: 0.1,
			Footprint: highwater.Rate{Center: footprint}, PerCPU: highwater.Rate{Center: perCPU}, PerWall: highwater.Rate{Center: perCPU * 1.5},
			Relative: highwater.Rate{Center: relative, Low: relative - 0.02, High: relative + 0.02}, Frontier: on,
		}
	}
	return highwater.Frontier{
		Scenario: "load/\x1b[31msession", Reference: 2,
		Points: []highwater.FrontierPoint{
			point(25, 0, 20e6, 6000, 0.6, true), point(-1, 24<<20, 24e6, 9000, 0.9, true), point(100, 0, 32e6, 10000, 1, true),
			point(-1, 32<<20, 40e6, 9800, 0.98, false), point(400, 0, 80e6, 11500, 1.15, true),
			{Setting: highwater.CollectorSetting{GOGC: -1, Limit: 16 << 20}, Failed: "was still running after 2m and was ended"},
		},
		Least: &highwater.LeastLimit{Limit: 32 << 20, Within: 0.05, Relative: highwater.Rate{Center: 0.98, Low: 0.96, High: 1}, Certain: true, Below: 24 << 20},
		Notes: []string{"need >= 3 repeats"},
	}
}

func TestFrontierSection(t *testing.T) {
	text := frontierText(t, sampleFrontier(), 48<<20)
	for _, want := range []string{
		"GOGC=off GOMEMLIMIT=24MiB", "90 %", "88 to 92 %", "on the frontier, compared with", "failed: was still running",
		"within 5 %: 32 MiB (98 % of the throughput, between 96 and 100 %); 24 MiB cost more", "a container of 48 MiB", "note: need >= 3 repeats", `\x1b`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	// The chart has every point that was measured, the fastest one at the top right and
	// the slowest at the bottom left.
	_, chart, _ := strings.Cut(text, "over the footprint\n")
	rows := strings.Split(chart, "\n")
	place := map[string][2]int{}
	for y, row := range rows[:frontierRows] {
		_, picture, _ := strings.Cut(strings.Replace(row, "┤", "│", 1), "│")
		for x, r := range []rune(picture) {
			if r >= 'a' && r <= 'z' {
				place[string(r)] = [2]int{x, y}
			}
		}
	}
	if len(place) != 5 {
		t.Fatalf("the chart has the points %v:\n%s", place, text)
	}
	for _, pair := range []string{"ab", "bc", "ce"} {
		from, to := place[pair[:1]], place[pair[1:]]
		if from[0] >= to[0] || from[1] < to[1] {
			t.Errorf("%s is not below and left of %s:\n%s", pair[:1], pair[1:], text)
		}
	}
	for _, l := range rows[:frontierRows+2] {
		if n := len([]rune(l)); n > frontierColumns+6 {
			t.Errorf("a line of %d columns: %s", n, l)
		}
	}
	none := sampleFrontier()
	none.Least, none.Points = nil, none.Points[:1]
	if text := frontierText(t, none, 0); !strings.Contains(text, "no memory limit was found") || strings.Contains(text, "over the footprint") || strings.Contains(text, "container") {
		t.Errorf("one point:\n%s", text)
	}
}

// frontierText is the section as text.
func frontierText(t *testing.T, f highwater.Frontier, container int64) string {
	t.Helper()
	var b strings.Builder
	if err := (Paper{Title: "f", Sections: []Section{FrontierSection(f, container)}}).Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
