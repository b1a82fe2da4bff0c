package dashboard_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
)

func render(t *testing.T, in dashboard.Input) []byte {
	t.Helper()
	page, err := dashboard.Render(in)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

var dataBlock = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

func dataOf(t *testing.T, page []byte) map[string]any {
	t.Helper()
	m := dataBlock.FindSubmatch(page)
	if m == nil {
		t.Fatal("there is no data")
	}
	var d map[string]any
	if err := json.Unmarshal(m[1], &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// 500 scenarios with a year of nightly runs are less than 2 MB, and no step is lost.
func TestAYearOf500(t *testing.T) {
	in := madeup.Many(500, 365)
	page := render(t, in)
	if len(page) >= 2_000_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
	d := dataOf(t, page)
	steps, want := 0, 0
	for _, s := range d["scenarios"].([]any) {
		for _, tr := range s.(map[string]any)["trends"].([]any) {
			row := tr.([]any)
			at := unpackSteps(t, row[5].(string))
			if at[len(at)-1] != 364 || at[0] != 0 {
				t.Fatalf("the series is of %v", at)
			}
			if len(row) > 16 && row[16] != nil {
				for _, c := range row[16].([]any) {
					steps++
					when := int(c.(map[string]any)["at"].(float64))
					if !slices.Contains(at, when) || !slices.Contains(at, when-1) {
						t.Errorf("the step at %d is not among %v", when, at)
					}
				}
			}
		}
	}
	for _, h := range in.History {
		want += len(h.Trend.Changes)
	}
	if steps != want || want < 500 {
		t.Errorf("%d steps, want %d", steps, want)
	}
	if thinned := d["thinned"].([]any); len(thinned) == 0 {
		t.Error("the page does not say that it is thinned")
	}
}

// unpackSteps reads what packSteps writes, as web/data.js does.
func unpackSteps(t *testing.T, text string) []int {
	t.Helper()
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var all []int
	at := 0
	for i := 0; i < len(text); i++ {
		step := strings.IndexByte(letters, text[i])
		if step == 63 {
			step = 0
			for range 4 {
				i++
				step = step*64 + strings.IndexByte(letters, text[i])
			}
		}
		at += step
		all = append(all, at)
	}
	return all
}

// A small page has everything, and says so.
func TestNothingIsThinned(t *testing.T) {
	d := dataOf(t, render(t, madeup.Many(3, 30)))
	if thinned := d["thinned"].([]any); len(thinned) > 0 {
		t.Errorf("left out: %v", thinned)
	}
}

// The page names nothing outside of itself, and its policy allows nothing else.
func TestSelfContained(t *testing.T) {
	page := string(render(t, madeup.Many(3, 30)))
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "https://", "@import", "url(", " style=", "innerHTML", "insertAdjacentHTML", "document.write", "eval("} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if outside := regexp.MustCompile(`http://[^"]*`).FindAllString(page, -1); slices.ContainsFunc(outside, func(s string) bool { return s != "http://www.w3.org/2000/svg" }) {
		t.Errorf("the page names %v", outside)
	}
	if p := dashboard.Policy(false); !strings.HasPrefix(p, "default-src 'none'; style-src 'sha256-") || strings.Contains(p, "connect-src") {
		t.Error(p)
	}
}

// The same input gives the same page: maps are walked in an order.
func TestDeterministic(t *testing.T) {
	if !bytes.Equal(render(t, madeup.Many(9, 40)), render(t, madeup.Many(9, 40))) {
		t.Error("two pages of one input differ")
	}
}

// What is not finite is unknown, and no reason not to make a page.
func TestNotFinite(t *testing.T) {
	in := madeup.Many(1, 20)
	bad := math.Inf(1)
	row := &in.Report.Rows[0]
	row.Summaries[highwater.Peak] = highwater.Summary{Metric: highwater.Peak, Center: math.NaN(), Low: -bad, High: bad, N: 2, Samples: []float64{1, bad}}
	for i := range in.History {
		x := &in.History[i].Trend
		x.BandLow, x.Level, x.Detectable = math.NaN(), bad, bad
		x.Forecast = &highwater.Forecast{Value: bad, Low: math.NaN(), High: bad}
		in.History[i].Series.Points[3].Center = bad
	}
	dataOf(t, render(t, in))
}

// Whatever there is none of is said, and makes no empty chart.
func TestNothingThere(t *testing.T) {
	empty := &highwater.Report{Verdict: highwater.VerdictError, Findings: []highwater.Finding{{Check: "presence", Verdict: highwater.VerdictError, Reason: "nothing was measured"}}}
	d := dataOf(t, render(t, dashboard.Input{Report: empty, NoHistory: "none"}))
	loud := d["loud"].([]any)
	if len(loud) < 2 || !strings.Contains(loud[0].(map[string]any)["text"].(string), "nothing was measured") {
		t.Errorf("it says %v", loud)
	}
}

// Only the page's own three elements are scripts, whatever the names are.
func TestHostileNames(t *testing.T) {
	page := string(render(t, madeup.Worst()))
	if n := strings.Count(strings.ToLower(page), "<script"); n != 2 {
		t.Errorf("%d scripts", n)
	}
	for _, bad := range []string{"<img", "<svg", "\u202e", "\u2066"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}
