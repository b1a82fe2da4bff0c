package gate

import (
	goversion "go/version"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Condition is a circumstance in which two runs may differ. Where it matters to
// a metric, runs that differ in it are not compared by that metric.
type Condition struct {
	Name string
	Doc  string // to which metrics it matters, and why

	// Of is the condition as shown.
	Of func(highwater.Environment) string
	// Key is what has to be equal; nil means all of what is shown.
	Key func(highwater.Environment) string
	// FootprintOnly: it matters only to metrics that depend on the machine.
	FootprintOnly bool
}

func (c Condition) key(e highwater.Environment) string {
	if c.Key != nil {
		return c.Key(e)
	}
	return c.Of(e)
}

func (c Condition) matters(m highwater.Metric) bool { return !c.FootprintOnly || m.Footprint }

// Conditions is the published table of what must be equal for which metrics.
// Sessions and operations belong to a scenario and are compared with it.
func Conditions() []Condition { return slices.Clone(conditions) }

var conditions = []Condition{
	{
		Name: "Go version",
		Doc:  "all metrics: the allocator, the collector and the standard library change with the release. Patch releases are listed and compared.",
		Of:   func(e highwater.Environment) string { return orUnknown(e.Go) },
		Key:  func(e highwater.Environment) string { return goRelease(e.Go) },
	},
	{
		Name: "GOARCH", Doc: "all metrics: sizes of words and of what the compiler lays out",
		Of: func(e highwater.Environment) string { return orUnknown(e.GOARCH) },
	},
	{
		Name: "GOGC", Doc: "all metrics: it sets how often the collector runs, and pools are emptied when it does",
		Of: func(e highwater.Environment) string { return orDefault(e.GOGC, "100") },
	},
	{
		Name: "GOMEMLIMIT", Doc: "all metrics: it sets how often the collector runs near the limit",
		Of: func(e highwater.Environment) string { return orDefault(e.GOMEMLIMIT, "off") },
	},
	{
		Name: "GOMAXPROCS", Doc: "all metrics: caches for each processor, and how many goroutines run at once",
		Of: func(e highwater.Environment) string { return strconv.Itoa(e.GOMAXPROCS) },
	},
	{
		Name: "GODEBUG", Doc: "all metrics: settings of the runtime and the standard library, in any order",
		Of:  func(e highwater.Environment) string { return orDefault(e.GODEBUG, "unset") },
		Key: func(e highwater.Environment) string { return sortedSettings(e.GODEBUG) },
	},
	{
		Name: "probe", Doc: "all metrics: another version of the probe measures in another way",
		Of: func(e highwater.Environment) string { return strconv.Itoa(e.Probe) },
	},
	{
		Name: "GOOS", Doc: "footprint and efficiency: how memory is obtained, counted and given back",
		Of:            func(e highwater.Environment) string { return orUnknown(e.GOOS) },
		FootprintOnly: true,
	},
	{
		Name: "kernel", Doc: "footprint and efficiency: huge pages and accounting",
		Of:            func(e highwater.Environment) string { return orUnknown(e.Kernel) },
		FootprintOnly: true,
	},
	{
		Name: "CPU", Doc: "footprint and efficiency: how fast the collector is against the program",
		Of: func(e highwater.Environment) string {
			return orUnknown(e.CPU) + ", " + strconv.Itoa(e.CPUs)
		},
		FootprintOnly: true,
	},
	{
		Name: "memory", Doc: "footprint and efficiency: a full machine gives less and takes back more; three digits of it count",
		Of:            func(e highwater.Environment) string { return bytesOr(e.MemoryBytes, "unknown") },
		FootprintOnly: true,
	},
	{
		Name: "container limit", Doc: "footprint and efficiency: as the machine's memory",
		Of:            func(e highwater.Environment) string { return bytesOr(e.MemoryLimit, "none") },
		FootprintOnly: true,
	},
}

// Comparable lists in which conditions the environment of a run and that of a
// baseline differ, and which metrics are not to be compared because of it.
func Comparable(here, baseline highwater.Environment) []highwater.Mismatch {
	var list []highwater.Mismatch
	for _, c := range conditions {
		mm := highwater.Mismatch{Condition: c.Name, Here: c.Of(here), Baseline: c.Of(baseline)}
		if c.key(here) != c.key(baseline) {
			for _, m := range highwater.Metrics() {
				if c.matters(m) {
					mm.Metrics = append(mm.Metrics, m.Name)
				}
			}
		}
		if mm.Here != mm.Baseline || mm.Metrics != nil {
			list = append(list, mm)
		}
	}
	return list
}

// goRelease is the release without its patch number, with the experiments that
// a toolchain was built with: go1.26 of go1.26.8. Another spelling stands for
// itself.
func goRelease(v string) string {
	version, experiments, _ := strings.Cut(v, " ")
	if lang := goversion.Lang(version); lang != "" {
		version = lang
	}
	return strings.TrimSpace(version + " " + experiments)
}

func sortedSettings(godebug string) string {
	settings := strings.Split(godebug, ",")
	slices.Sort(settings)
	return strings.Join(settings, ",")
}

func orUnknown(s string) string { return orDefault(s, "unknown") }

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func bytesOr(n int64, fallback string) string {
	if n <= 0 {
		return fallback
	}
	return highwater.FormatBytes(float64(n))
}
