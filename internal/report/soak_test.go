package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/highwater-dev/highwater"
)

func TestSoakGolden(t *testing.T) {
	for sample, r := range soakSamples() {
		golden(t, sample+".txt", render(t, Text{}, r))
	}
	golden(t, "soak-growing.80.txt", render(t, Text{Width: 80}, soakGrowing()))
	golden(t, "soak-growing.120.color.txt", render(t, Text{Width: 120, Color: true}, soakGrowing()))
	golden(t, "soak-process.verbose.txt", render(t, Text{Verbose: true}, soakProcess()))
	for _, sample := range []string{"soak-growing", "soak-hostile", "soak-mixed", "soak-process"} {
		golden(t, sample+".md", render(t, Markdown{}, soakSamples()[sample]))
	}
	golden(t, "soak-interrupted.json", render(t, JSON{}, soakInterrupted()))
	golden(t, "soak-mixed.bench", render(t, Bench{}, soakMixed()))
}

// Every format says what an engineer needs, whatever the width.
func TestSoakSaysEverything(t *testing.T) {
	want := []string{
		"fail", "soak/log_streaming@midterm", "keeps growing by 4.80 MB/h", "11.4 MB", "13.6 MB", "+2.24 MB", "+4.71 MB to +4.90 MB", "+5.66 B/op", "+42 %/h",
		"64.0 MB", "10 h", "44.0 KB/h", "8.20 KB/h", "2 min 5 s", "424,951", "236/s → 237/s", "p99 9.59 ms → 9.04 ms", "28 → 253", "240 can never go on", "file 3", "8 → 8",
		"at most 4.60 MB", "28.5 MB → 30.0 MB", "off-heap", "cache.(*Store).Put", "store.go:42", "90.0 KB → 2.19 MB", "+4.95 B/op", "+4.20 MB/h", "87 %", "00000000002a", "new", "known",
		"closing is to come with v2", "client.go:77", "live memory grew at every checkpoint", "bound it, or accept it", "soak-360.pb.gz", "warm-up",
	}
	for format, reporter := range map[string]highwater.Reporter{"text": Text{}, "80 columns": Text{Width: 80}, "200 columns": Text{Width: 200}, "Markdown": Markdown{}, "HTML": HTML{}} {
		out := render(t, reporter, soakGrowing())
		if format == "HTML" {
			out = unescape(out)
		}
		flat := strings.NewReplacer("\\", "", "\u2060", "", "`", "").Replace(strings.Join(strings.Fields(out), " "))
		for _, w := range want {
			if !strings.Contains(flat, w) {
				t.Errorf("%s: %q is missing in\n%s", format, w, out)
			}
		}
	}
}

// What a source cannot tell is said, and its zeros are never shown as readings.
func TestSoakOfAProcess(t *testing.T) {
	for format, reporter := range map[string]highwater.Reporter{"text": Text{}, "Markdown": Markdown{}, "HTML": HTML{}} {
		out := render(t, reporter, soakProcess())
		for _, want := range []string{"resident memory", "nobody counts them", "no pprof endpoint", "proves no leak"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is missing in\n%s", format, want, out)
			}
		}
		for _, never := range []string{"0 → 0", "off-heap |", "held by the Go runtime", "only a probe can tell"} {
			if strings.Contains(out, never) {
				t.Errorf("%s: %q is in\n%s", format, never, out)
			}
		}
	}
}

// Each course leads to a sentence of its own, and the judge's worst finding comes
// before a memory that is flat.
func TestSoakHeadlines(t *testing.T) {
	for sample, want := range map[string]string{
		"soak-flat":        "flat: live memory stayed at 11.2 MB for 30 min, at +2.90 KB/h (-5.20 KB to +11.0 KB); a steady leak of 41.0 KB/h would have been found",
		"soak-growing":     "live memory keeps growing by 4.80 MB/h, which reaches 64.0 MB in 10 h: cache.(*Store).Put store.go:42, 87 % of it, and 1 more suspect",
		"soak-settled":     "settled: live memory grew for 9 min 15 s, while warming up, and has stayed at 23.0 MB since",
		"soak-filling":     "it should have stopped after 3 h 10 min: soak for longer than that to be sure",
		"soak-slow":        "it slows down: 34 % fewer operations a second at the end than when warm; flat: ",
		"soak-process":     "live memory cannot be seen from here (the process was not built by highwater and has no pprof endpoint); resident memory went from 28.4 MB",
		"soak-interrupted": "; it ended before its time: interrupted",
		"soak-short":       "too short to tell a leak from noise: 5 checkpoints in 20 s; soak for longer",
	} {
		r := soakSamples()[sample]
		if got := soakOf(r, &r.Rows[0]).headline(r); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", sample, got, want)
		}
	}
}

// Nothing of a report that holds both kinds is lost, and nothing is told twice.
func TestSoakMixed(t *testing.T) {
	for format, reporter := range map[string]highwater.Reporter{"text": Text{}, "Markdown": Markdown{}, "HTML": HTML{}} {
		out := render(t, reporter, soakMixed())
		for _, want := range []string{"scrollback", "render", "unicode", "log_streaming", "vim_session", "a note on", "9 scenarios: 2 fail"} {
			if !strings.Contains(strings.ReplaceAll(out, `\_`, "_"), want) {
				t.Errorf("%s: %q is missing in\n%s", format, want, out)
			}
		}
		if n := strings.Count(out, "live memory grew at every checkpoint"); n != 1 {
			t.Errorf("%s: the leak is told of %d times", format, n)
		}
	}
}

// A report without its run, and figures that are no numbers, still give a report.
func TestSoakOfNothing(t *testing.T) {
	for _, r := range []*highwater.Report{soakGrowing(), soakFlat()} {
		r.Run = nil
		nan := highwater.Rate{Center: math.NaN(), Low: math.Inf(-1), High: math.Inf(1)}
		s := r.Rows[0].Soak
		s.PerHour, s.PercentPerHour, s.PerOp, s.Throughput, s.Detectable = nan, nan, &nan, &nan, math.NaN()
		for _, reporter := range []highwater.Reporter{Text{}, Markdown{}, HTML{}} {
			if out := render(t, reporter, r); strings.Contains(out, "NaN") || strings.Contains(out, "Inf") || !strings.Contains(out, "?/h (? to ?)") {
				t.Errorf("%T:\n%s", reporter, out)
			}
		}
	}
	r := soakGrowing()
	r.Rows[0].Soak.PerHour.Low = math.NaN()
	r.Run.Measurements[0].Soak.Sites[0].Bytes = r.Run.Measurements[0].Soak.Sites[0].Bytes[:10] // shorter than the points
	if out := render(t, HTML{}, r); strings.Contains(out, "NaN") {
		t.Error("a path that is no path")
	}
}

// A line of known values stands where it should: the first at the bottom left, the
// last at the top right, the trend over it and the warm-up's end in its column.
func TestSoakChart(t *testing.T) {
	r := newReport()
	series := &highwater.Soak{}
	for i := range 11 {
		series.Points = append(series.Points, highwater.SoakPoint{At: int64(i) * int64(time.Minute), Heap: int64(i) * 10_000_000})
	}
	row := addSoak(r, highwater.ScenarioInfo{Name: "line"}, series, highwater.SoakResult{
		Course: highwater.CourseGrowing, Warm: 5 * time.Minute, Initial: 50_000_000, PerHour: rate(600e6, 0),
	})
	lines := soakOf(r, row).chart(80, func(_ ink, s string) string { return s })
	if len(lines) != chartRows+3 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, l := range lines {
		if w := lipgloss.Width(l); w > 80 {
			t.Errorf("%d columns: %s", w, l)
		}
	}
	first, last := []rune(lines[0]), []rune(lines[chartRows-1])
	if !strings.HasPrefix(lines[0], "  100 MB ┤") || !strings.HasPrefix(lines[chartRows-1], "       0 ┤") {
		t.Errorf("the axis is wrong:\n%s", strings.Join(lines, "\n"))
	}
	const edge = 10
	if at := len(first) - 1; at < 77 {
		t.Errorf("the line ends in column %d:\n%s", at, strings.Join(lines, "\n"))
	}
	if last[edge] < braille {
		t.Errorf("the line does not begin at the left:\n%s", strings.Join(lines, "\n"))
	}
	middle := []rune(lines[chartRows/2])
	if at := strings.IndexRune(string(middle), trendMark); at < 0 || lipgloss.Width(string(middle)[:at]) < edge+33 || lipgloss.Width(string(middle)[:at]) > edge+37 {
		t.Errorf("the trend does not begin in the middle:\n%s", strings.Join(lines, "\n"))
	}
	if !strings.Contains(lines[0], string(warmMark)) || !strings.HasPrefix(strings.TrimSpace(lines[chartRows+1]), "0 ") || !strings.HasSuffix(lines[chartRows+1], "10 min") {
		t.Errorf("the warm-up or the times are missing:\n%s", strings.Join(lines, "\n"))
	}
}

func TestScales(t *testing.T) {
	labels := func(s scale) string {
		var ls []string
		for _, tick := range s.ticks {
			ls = append(ls, tick.label)
		}
		return strings.Join(ls, "|")
	}
	for _, c := range []struct{ got, want string }{
		{labels(valueScale([][]float64{{9.6e6, 13.6e6}}, false, 4, byteUnit)), "9 MB|10 MB|11 MB|12 MB|13 MB|14 MB"},
		{labels(valueScale([][]float64{{11.2e6, 11.201e6}}, false, 4, byteUnit)), "10.5 MB|11.0 MB|11.5 MB|12.0 MB"},
		{labels(valueScale([][]float64{{0.0039, math.NaN(), 0.0101}}, true, 3, timeUnit)), "0|5 ms|10 ms|15 ms"},
		{labels(valueScale([][]float64{{12, 13}}, true, 3, countUnit)), "0|5|10|15"},
		{labels(valueScale([][]float64{{-2e6, 3e6}}, true, 3, byteUnit)), "-2 MB|0|2 MB|4 MB"},
		{labels(valueScale(nil, true, 2, countUnit)), "0.0|0.5|1.0"},
		{labels(timeScale(1800, 6)), "0|5 min|10 min|15 min|20 min|25 min|30 min"},
		{labels(timeScale(95, 4)), "0|30 s|60 s|90 s"},
		{labels(timeScale(40_000, 5)), "0|3 h|6 h|9 h"},
		{labels(timeScale(0, 5)), "0|1 s"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestSoakWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{span(5 * time.Second), "5 s"},
		{span(5500 * time.Millisecond), "5.5 s"},
		{span(125 * time.Second), "2 min 5 s"},
		{span(30 * time.Minute), "30 min"},
		{span(190 * time.Minute), "3 h 10 min"},
		{span(76 * time.Hour), "3 d 4 h"},
		{span(-1), "?"},
		{latency(850 * time.Nanosecond), "850 ns"},
		{latency(1240 * time.Microsecond), "1.24 ms"},
		{latency(2 * time.Minute), "120 s"},
		{growing(480e3), "+480 KB"},
		{growing(1.34), "+1.34 B"},
		{growing(-0.0034), "-0.0034 B"},
		{growing(-1e-9), "0 B"},
		{grouped(-1234567), "-1,234,567"},
		{grouped(999), "999"},
		{seconds(40_000), "11 h 6 min"},
		{within(highwater.Rate{Center: 4.8e6, Low: -1, High: 5e6}, "/h", growing), "+4.80 MB/h (-1.00 B to +5.00 MB)"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestSoakLine(t *testing.T) {
	p := highwater.SoakPoint{Heap: 11_100_000, Stacks: 100_000, RSS: 30_000_000}
	growth := highwater.SoakResult{Course: highwater.CourseGrowing, PerHour: rate(480_000, 30_000)}
	for _, c := range []struct {
		got, want string
	}{
		{SoakLine(725*time.Second, 30*time.Minute, 1234, p, growth), "12 min 5 s, 17 min 55 s left  1,234 ops  live 11.2 MB  +480 KB/h (+450 KB to +510 KB)  growing"},
		{SoakLine(725*time.Second, 30*time.Minute, 123_456_789_012, p, growth), "12 min 5 s, 17 min 55 s left  123,456,789,012 ops  live 11.2 MB  +480 KB/h  growing"},
		{SoakLine(5*time.Second, 0, 0, p, highwater.SoakResult{Course: highwater.CourseShort}), "5 s  live 11.2 MB  too early to tell"},
		{SoakLine(0, time.Minute, 0, highwater.SoakPoint{}, highwater.SoakResult{}), "0 s, 1 min left  live 0 B  too early to tell"},
		{SoakLine(time.Minute, time.Second, 7, p, highwater.SoakResult{Course: highwater.CourseUnjudged, Of: highwater.QuantityRSS}), "1 min, 0 s left  7 ops  resident 30.0 MB  0 B/h (0 B to 0 B)  not judged"},
		{SoakLine(time.Minute, 0, 7, p, highwater.SoakResult{Course: highwater.CourseFlat, Suspects: make([]highwater.Suspect, 2)}), "1 min  7 ops  live 11.2 MB  0 B/h (0 B to 0 B)  flat so far, 2 suspects"},
	} {
		if c.got != c.want {
			t.Errorf("got  %q\nwant %q", c.got, c.want)
		}
	}
	long := SoakLine(47*time.Hour+59*time.Minute, 1000*time.Hour, math.MaxInt64, p, highwater.SoakResult{Course: hostileText, PerHour: rate(math.MaxFloat64, 1)})
	if c, bad := unsafe(long); bad || lipgloss.Width(long) > lineWidth {
		t.Errorf("%d columns, %U: %q", lipgloss.Width(long), c, long)
	}
}
