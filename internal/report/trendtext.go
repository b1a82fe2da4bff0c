package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// trendText writes of one series.
func trendText(b *strings.Builder, t highwater.Trend, s highwater.Series, all bool) {
	m := trendMetric(t.Key.Metric)
	fmt.Fprintf(b, "%s: %s %s%s\n", t.Verdict, name(t.Key.Scenario), name(t.Key.Metric), onBranch(t.Key.Branch))
	line := func(format string, args ...any) { fmt.Fprintf(b, "  "+format+"\n", args...) }
	if t.Points > 0 {
		line("%s  %s", sparkline(s.Points, 40), m.Format(t.Level))
	}
	line("%s", sentence(t.Reason))
	if t.Verdict == highwater.TrendSteady && !all && len(t.Changes) == 0 && len(t.Anomalies) == 0 && (t.Forecast == nil || t.Forecast.Earliest == nil) {
		return
	}
	if t.Points > 0 && t.Verdict != highwater.TrendShort {
		line("noise %s from run to run; a step of %s would be found", share(t.Noise, t.Level), share(t.Detectable, 1))
	}
	for _, c := range t.Changes {
		word := "better"
		if c.Worse {
			word = "worse"
		}
		line("step %s on %s: %s → %s, %s (p = %.2g)%s", change(c.Change), date(c.At), m.Format(c.Before), m.Format(c.After), word, c.PValue, commits(c))
	}
	if d := t.Drift; d != nil {
		week := func(perDay float64) string { return plus(perDay, m.Format(7*perDay)) }
		line("drift of %s a week (95 %%: %s to %s; p = %.2g)", week(d.PerDay), week(d.PerDayLow), week(d.PerDayHigh), d.PValue)
	}
	strays(line, t.Anomalies, m, all)
	if f := t.Forecast; f != nil {
		line("next: %s (95 %%: %s to %s)", m.Format(f.Value), m.Format(f.Low), m.Format(f.High))
		if text := LimitAhead(*f, m); text != "" {
			line("%s", text)
		}
	}
}

// strays are the newest results outside of the band.
func strays(line func(string, ...any), all []highwater.Anomaly, m highwater.Metric, every bool) {
	const few = 3
	if older := len(all) - few; older > 0 && !every {
		line("%s outside of the band, the newest:", number(len(all), "result", "results"))
		all = all[older:]
	}
	for _, a := range all {
		line("%s", Stray(a, m))
	}
}

// Stray words a result outside of the band.
func Stray(a highwater.Anomaly, m highwater.Metric) string {
	return fmt.Sprintf("stray on %s: %s, usual are %s to %s%s", date(a.At), m.Format(a.Value), m.Format(a.Low), m.Format(a.High), at(a.Commit))
}

// LimitAhead words when the limit is crossed, "" where there is none.
func LimitAhead(f highwater.Forecast, m highwater.Metric) string {
	if f.Limit == nil {
		return ""
	}
	limit := bound(m, *f.Limit)
	switch {
	case f.Crosses != nil && !f.Crosses.After(f.At):
		return "it is beyond the limit of " + limit
	case f.Crosses != nil:
		latest := "not before " + date(f.Horizon)
		if f.Latest != nil {
			latest = date(*f.Latest)
		}
		earliest := date(f.At)
		if f.Earliest != nil {
			earliest = date(*f.Earliest)
		}
		return fmt.Sprintf("it crosses the limit of %s on %s (earliest %s, latest %s)", limit, date(*f.Crosses), earliest, latest)
	case f.Earliest != nil:
		return fmt.Sprintf("a single result may cross the limit of %s from %s on", limit, date(*f.Earliest))
	default:
		return fmt.Sprintf("it does not cross the limit of %s before %s", limit, date(f.Horizon))
	}
}

func commits(c highwater.ChangePoint) string {
	if c.LastBefore == "" || c.FirstAfter == "" {
		return ""
	}
	text := fmt.Sprintf(", in %s..%s", hash(c.LastBefore), hash(c.FirstAfter))
	if c.Commits > 0 {
		text += " (" + number(c.Commits, "commit", "commits") + ")"
	}
	return text
}

func at(commit string) string {
	if commit == "" {
		return ""
	}
	return ", at " + hash(commit)
}

func onBranch(branch string) string {
	if branch == "" {
		return ""
	}
	return " on " + name(branch)
}

// hash is a commit as people call it: the beginning of a long hash, and all of what is none,
// such as a version.
func hash(commit string) string {
	const enough = 10
	if len(commit) > enough && strings.Trim(commit, "0123456789abcdef") == "" {
		commit = commit[:enough]
	}
	return name(commit)
}

// Commit is a commit as people call it.
func Commit(commit string) string { return hash(commit) }

func date(t time.Time) string { return t.Format(time.DateOnly) }

// share is a size as a share of another.
func share(part, whole float64) string {
	if whole == 0 {
		return "of nothing"
	}
	p := 100 * math.Abs(part/whole)
	switch {
	case p != 0 && p < 0.095:
		return fmt.Sprintf("%.2g %%", p)
	default:
		return fmt.Sprintf("%.1f %%", p)
	}
}

// eighths are eighths, the lowest first.
var eighths = []rune("▁▂▃▄▅▆▇█")

// sparkline draws the points, those of a column by the highest of them. What is within one percent is a flat line, and no mountains.
func sparkline(points []highwater.Point, columns int) string {
	if len(points) == 0 {
		return ""
	}
	n := min(columns, len(points))
	heights := make([]float64, n)
	low, high := math.Inf(1), math.Inf(-1)
	for i := range heights {
		// The highest of those in a column: a step of one result is to be seen.
		from, to := i*len(points)/n, (i+1)*len(points)/n
		heights[i] = points[from].Center
		for _, p := range points[from:to] {
			heights[i] = max(heights[i], p.Center)
		}
		low, high = min(low, heights[i]), max(high, heights[i])
	}
	if room := 0.01 * max(math.Abs(low), math.Abs(high)); high-low < room {
		low, high = low-room, high+room
	}
	out := make([]rune, n)
	for i, h := range heights {
		k := 0
		if high > low {
			k = int((h - low) / (high - low) * float64(len(eighths)))
		}
		out[i] = eighths[min(max(k, 0), len(eighths)-1)]
	}
	return string(out)
}
