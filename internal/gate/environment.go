package gate

import (
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// EnvironmentKey is what has to be equal in two environments so that results of the
// metric may stand in one trend: the operating system and the architecture, and every
// of the [Conditions] that matters to the metric. To a metric that is none of
// [highwater.Metrics] all matter. Two keys are equal exactly where [Comparable] would
// have the metric compared, and the operating system is the same.
//
//	linux/amd64 go1.26 GOGC=100 GOMEMLIMIT=off GOMAXPROCS=8 probe=9
func EnvironmentKey(env highwater.Environment, metric string) string {
	m, known := highwater.MetricByName(metric)
	key := quoted(orUnknown(env.GOOS)) + "/" + quoted(orUnknown(env.GOARCH)) + " " + quoted(goRelease(orUnknown(env.Go)))
	for _, c := range conditions {
		value := c.key(env)
		switch {
		case c.Name == "GOOS" || c.Name == "GOARCH" || c.Name == "Go version":
			continue // they stand in front
		case known && !c.matters(m):
			continue
		case c.Name == "GODEBUG" && value == "":
			continue // as nearly everywhere
		}
		key += " " + strings.ReplaceAll(c.Name, " ", "-") + "=" + quoted(value)
	}
	return key
}

// quoted keeps a value with spaces one word, so that two keys are equal only where all
// of their values are.
func quoted(value string) string {
	if value == "" || strings.ContainsAny(value, " \"=/") || strconv.Quote(value) != `"`+value+`"` {
		return strconv.Quote(value)
	}
	return value
}
