package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Markdown writes them for the summary of a pipeline: a table of what somebody is to
// look at, and how many there are besides.
func (t Trends) Markdown(w io.Writer) error {
	d := &page{limit: maxMarkdown, reserve: notesReserve}
	var told []string
	for i, one := range t.Trends {
		if one.Verdict != highwater.TrendSteady {
			told = append(told, trendRow(one, t.Series[i]))
		}
	}
	fmt.Fprintf(&d.out, "## Memory over time\n\n%s: %s\n", number(len(t.Trends), "series", "series"), t.counts())
	d.block("\n| trend | scenario | metric | course | now | what happened |\n|---|---|---|---|--:|---|\n", told, "", "series")
	_, err := io.WriteString(w, d.out.String())
	return err
}

func trendRow(t highwater.Trend, s highwater.Series) string {
	m := trendMetric(t.Key.Metric)
	where := codeSpan(name(t.Key.Scenario))
	if t.Key.Branch != "" {
		where += " on " + codeSpan(name(t.Key.Branch))
	}
	what := sentence(t.Reason)
	if n := len(t.Changes); n > 0 {
		what += commits(t.Changes[n-1])
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n",
		prose(string(t.Verdict)), where, prose(name(t.Key.Metric)), sparkline(s.Points, 24), m.Format(t.Level), prose(what))
}

// trendMetric is the metric of that name, or one that is only called so.
func trendMetric(called string) highwater.Metric {
	if m, known := highwater.MetricByName(called); known {
		return m
	}
	return highwater.Metric{Name: called}
}

// counts says how many series there are of each kind.
func (t Trends) counts() string {
	n := map[highwater.TrendVerdict]int{}
	for _, one := range t.Trends {
		n[one.Verdict]++
	}
	var parts []string
	for _, v := range trendVerdicts {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[v], v))
		}
	}
	return strings.Join(parts, ", ")
}
