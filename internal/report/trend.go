package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// TrendDocument is the JSON form of trends; docs/schema/trend-1.json describes it.
type TrendDocument struct {
	// Schema is the version of this document, 1.
	Schema int `json:"schema"`
	// Trends are in the order of the text, the worst first.
	Trends []highwater.Trend `json:"trends"`
}

// Trends are the trends of series, each beside its own.
type Trends struct {
	Trends []highwater.Trend
	Series []highwater.Series
}

// Sort puts what somebody has to look at first: what got worse, by how much, then what
// drifts, and what cannot be judged before what is steady.
func (t Trends) Sort() {
	order := make([]int, len(t.Trends))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := t.Trends[i], t.Trends[j]
		return cmp.Or(cmp.Compare(trendRank(a), trendRank(b)), cmp.Compare(lastChange(b), lastChange(a)), a.Key.Compare(b.Key))
	})
	trends, series := slices.Clone(t.Trends), slices.Clone(t.Series)
	for to, from := range order {
		t.Trends[to], t.Series[to] = trends[from], series[from]
	}
}

func trendRank(t highwater.Trend) int {
	switch t.Verdict {
	case highwater.TrendWorse:
		return 0
	case highwater.TrendDrifting:
		if t.Drift != nil && t.Drift.Worse {
			return 1
		}
		return 4
	case highwater.TrendNoisy:
		return 2
	case highwater.TrendShort:
		return 3
	case highwater.TrendBetter:
		return 5
	default:
		return 6
	}
}

// lastChange is the size of the newest step of a series that has become worse.
func lastChange(t highwater.Trend) float64 {
	if t.Verdict != highwater.TrendWorse || len(t.Changes) == 0 {
		return 0
	}
	return max(t.Changes[len(t.Changes)-1].Change, -t.Changes[len(t.Changes)-1].Change)
}

// JSON writes the document. Lists are arrays even when they are empty.
func (t Trends) JSON(w io.Writer) error {
	data, err := json.MarshalIndent(TrendDocument{Schema: 1, Trends: append([]highwater.Trend{}, t.Trends...)}, "", "  ")
	if err != nil {
		return fmt.Errorf("rendering trends as JSON: %w", err)
	}
	_, err = w.Write(append(jsonSafe(data), '\n'))
	return err
}

// Text writes them for people: those that nothing is to be said of in a line each, unless
// all is asked for.
func (t Trends) Text(w io.Writer, all bool) error {
	var b strings.Builder
	for i, one := range t.Trends {
		trendText(&b, one, t.Series[i], all)
	}
	fmt.Fprintf(&b, "%s: %s\n", number(len(t.Trends), "series", "series"), t.counts())
	_, err := io.WriteString(w, b.String())
	return err
}

var trendVerdicts = []highwater.TrendVerdict{
	highwater.TrendWorse, highwater.TrendDrifting, highwater.TrendNoisy, highwater.TrendShort, highwater.TrendBetter, highwater.TrendSteady,
}
