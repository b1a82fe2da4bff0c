package report

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unescape is the text of a page as a reader sees it.
func unescape(page string) string {
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " "))
}

func TestHTMLGolden(t *testing.T) {
	golden(t, "soak-interrupted.html", render(t, HTML{}, soakInterrupted()))
	golden(t, "baseline.html", render(t, HTML{}, sampleBaseline()))
}

var (
	tagsOfPage = regexp.MustCompile(`<(/?)([a-zA-Z!][a-zA-Z0-9]*)([^>]*)>`)
	attributes = regexp.MustCompile(`([a-zA-Z-]+)\s*=\s*"`)
	elements   = strings.Fields("!DOCTYPE html head meta title style body header main section article h1 h2 h3 h4 p b small br span bdi code pre div table thead tbody tr th td ul li details summary figure figcaption svg path polygon rect line text")
	known      = strings.Fields("lang charset http-equiv content name class viewBox role aria-label aria-hidden d points x y x1 x2 y1 y2 dx dy width height scope")
	void       = strings.Fields("!DOCTYPE meta br rect path polygon line")
)

// A page has the template's elements and attributes and no others, whatever the
// report holds, and all of them are closed.
func TestHTMLIsSafe(t *testing.T) {
	all := everySample()
	all["many"] = sampleMany(200)
	for sample, r := range all {
		out := render(t, HTML{}, r)
		if c, bad := unsafe(strings.ReplaceAll(out, "\n", "")); bad {
			t.Errorf("%s: %U in the output", sample, c)
		}
		for _, never := range []string{"%!", "NaN", "ZgotmplZ", "<script", "javascript:", " on"} {
			if at := strings.Index(tagsOnly(out), never); at >= 0 {
				t.Errorf("%s: %q in a tag", sample, never)
			}
		}
		_, body, _ := strings.Cut(out, "</style>")
		open := []string{"html", "head"}
		for _, m := range tagsOfPage.FindAllStringSubmatch(body, -1) {
			if !slices.Contains(elements, m[2]) {
				t.Fatalf("%s: an element of no template: %s", sample, m[0])
			}
			for _, a := range attributes.FindAllStringSubmatch(regexp.MustCompile(`"[^"]*"`).ReplaceAllString(m[3], `""`), -1) {
				if !slices.Contains(known, a[1]) {
					t.Errorf("%s: an attribute of no template: %s", sample, m[0])
				}
			}
			switch {
			case slices.Contains(void, m[2]):
			case m[1] == "":
				open = append(open, m[2])
			case len(open) > 0 && open[len(open)-1] == m[2]:
				open = open[:len(open)-1]
			default:
				t.Fatalf("%s: %s closes nothing; open are %v", sample, m[0], open)
			}
		}
		if len(open) != 0 {
			t.Errorf("%s: not closed: %v", sample, open)
		}
	}
}

// tagsOnly leaves out the text of a page.
func tagsOnly(page string) string {
	_, body, _ := strings.Cut(page, "</style>")
	return strings.Join(tagsOfPage.FindAllString(regexp.MustCompile(`aria-label="[^"]*"`).ReplaceAllString(body, ""), -1), "")
}

// A gate's page says what its text says.
func TestHTMLOfAGate(t *testing.T) {
	out := strings.Join(strings.Fields(unescape(render(t, HTML{}, sampleBaseline()))), " ")
	for _, want := range []string{
		"scrollback", "midterm.(*Screen).insertLine", "screen.go:88", "61 %", "3 MB / 2.5 MB / 0.80", "fail", "critical, live growth", "peak is +42 % against the baseline",
		"+90.0 KB", "31.0 KB → 121 KB", "67 %", "lines are kept", "go tool pprof -diff_base", "line := make([]rune, width, 4*width)", "unicode_wide", "missing", "--allow-missing",
		"kernel", "6.1.0", "footprint not comparable", "no counterpart in the baseline", "7 scenarios: 1 fail, 1 missing", "git checkout 0123abcdef", "run.json", "go1.26.8",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	errors := unescape(render(t, HTML{}, sampleErrors()))
	if !strings.Contains(errors, "goroutine 7 [running]") {
		t.Error("what the process printed is missing")
	}
}

// However many points there are, a path has no more than four for each pixel, and a
// spike of a single point is in it.
func TestHTMLThinsPaths(t *testing.T) {
	const n = 50_000
	times, values := make([]float64, n), make([]float64, n)
	for i := range n {
		times[i], values[i] = float64(i), 10
	}
	values[31_234] = 99
	c := chartOf{times: times, series: []line2d{{"x", values}}, word: countUnit, zero: true}
	g := c.draw(400, 200, "small")
	path := g.Lines[0].Path
	if n := strings.Count(path, "L"); n > 4*400 {
		t.Errorf("%d points in a picture of 400 pixels", n)
	}
	high := ",11.7" // 99 on an axis to 100
	if !strings.Contains(path, high) {
		t.Errorf("the spike is not in %.200s…", path)
	}
}
