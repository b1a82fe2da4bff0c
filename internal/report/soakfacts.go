package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// fact is a figure of a soak with its name, which takes at most twelve columns.
type fact struct{ label, text string }

// facts are the figures of a soak, in the order in which they are read. Their texts
// may hold what came from outside.
func (s soaked) facts() []fact {
	var fs []fact
	add := func(label, format string, args ...any) { fs = append(fs, fact{label, fmt.Sprintf(format, args...)}) }

	since := "when warm"
	if s.Warm == 0 {
		since = "at the beginning"
	}
	add(quantityLabel(s.Of), "%s %s, %s at the end: %s in %s", bytes(s.Initial), since, bytes(s.Final), plus(float64(s.Final-s.Initial), bytes(s.Final-s.Initial)), span(max(s.Elapsed-s.Warm, 0)))
	if s.Course != highwater.CourseShort {
		add("growth", "%s; %s", within(s.PerHour, "/h", growing), within(s.PercentPerHour, "/h", percentage))
		if s.PerOp != nil {
			add("per op", "%s", within(*s.PerOp, "/op", growing))
		}
	}
	switch {
	case s.ToLimit != nil && s.Limit > 0:
		add("to the limit", "%s is reached in %s at this rate", bytes(s.Limit), span(*s.ToLimit))
	case s.ToLimit != nil:
		add("to the limit", "reached in %s at this rate", span(*s.ToLimit))
	case s.Limit > 0 && s.Final >= s.Limit:
		add("to the limit", "%s, which is reached", bytes(s.Limit))
	case s.Limit > 0:
		add("to the limit", "%s, which is not in sight", bytes(s.Limit))
	}
	if s.SettleBy != nil {
		add("settles by", "%s, if it is a cache that fills", span(*s.SettleBy))
	}
	if s.Detectable > 0 {
		text := "this soak would have found a steady leak of " + sizeOf(s.Detectable) + "/h spread over sites that scatter"
		if s.DetectableSite > 0 {
			text += ", and of " + sizeOf(s.DetectableSite) + "/h at a site of its own"
		}
		add("detectable", "%s", text)
	}
	if s.Warm > 0 {
		add("warm-up", "over after %s, as it was found", span(s.Warm))
	} else if s.Course != highwater.CourseShort {
		add("warm-up", "none found")
	}
	add("checkpoints", "%s", s.checkpoints())
	return append(fs, s.readings()...)
}

func quantityLabel(q highwater.Quantity) string {
	if q == highwater.QuantityRSS {
		return "resident"
	}
	return shorten(quantity(q), 12)
}

func (s soaked) checkpoints() string {
	text := grouped(int64(s.Checkpoints))
	if s.series.Interval > 0 {
		text += ", one every " + span(s.series.Interval)
	}
	text += ", in " + span(s.Elapsed)
	if p := s.series.Planned; p > 0 && p > s.Elapsed+s.series.Interval {
		text += " of " + span(p)
	}
	if s.Collections > 0 {
		text += fmt.Sprintf("; %s came after a new collection of its own, and tell of live memory", grouped(int64(s.Collections)))
	}
	if s.series.Thinned > 1 {
		text += fmt.Sprintf("; one of %d is kept", s.series.Thinned)
	}
	return text
}

// readings are what the first warm checkpoint and the last one read.
func (s soaked) readings() []fact {
	var fs []fact
	add := func(label, text string) { fs = append(fs, fact{label, text}) }
	fs = append(fs, s.speed()...)
	first, last, ok := s.ends()
	if !ok {
		return fs
	}
	counted := func(label string, q highwater.Quantity, a, b int, more string) {
		if !s.lacks(q) && (a != 0 || b != 0) {
			add(label, fmt.Sprintf("%s → %s%s", grouped(int64(a)), grouped(int64(b)), more))
		}
	}
	counted("goroutines", highwater.QuantityGoroutines, first.Goroutines, last.Goroutines, s.blocked())
	counted("descriptors", highwater.QuantityFDs, total(first.FDs), total(last.FDs), kinds(first.FDs, last.FDs))
	counted("threads", highwater.QuantityThreads, first.Threads, last.Threads, "")
	counted("children", highwater.QuantityChildren, first.Children, last.Children, "")
	var child int64
	for _, p := range s.series.Points {
		child = max(child, p.ChildMemory)
	}
	if child > 0 {
		add("child memory", fmt.Sprintf("%s → %s, at most %s; in none of the other figures", bytes(first.ChildMemory), bytes(last.ChildMemory), bytes(child)))
	}
	if s.Of != highwater.QuantityRSS && !s.lacks(highwater.QuantityRSS) && last.RSS > 0 {
		add("resident", fmt.Sprintf("%s → %s; shown, not judged", bytes(first.RSS), bytes(last.RSS)))
		if !s.lacks(highwater.QuantityOffHeap) {
			add("off-heap", fmt.Sprintf("%s → %s, which the Go runtime does not account for", bytes(first.OffHeap()), bytes(last.OffHeap())))
		}
	}
	return fs
}

// blocked counts the goroutines that can never go on.
func (s soaked) blocked() string {
	n := 0
	for _, b := range s.series.Blocked {
		n += b.Count
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d can never go on", n)
}

// total is how many descriptors there are of all kinds.
func total(fds map[string]int) int {
	n := 0
	for _, c := range fds {
		n += c
	}
	return n
}

// kinds lists the descriptors by kind, those that changed first.
func kinds(first, last map[string]int) string {
	all := map[string]int{}
	for _, m := range []map[string]int{first, last} {
		for k := range m {
			all[k] = last[k] - first[k]
		}
	}
	keys := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		if all[a] != all[b] {
			return all[b] - all[a]
		}
		return strings.Compare(a, b)
	})
	var parts []string
	for _, k := range keys {
		part := fmt.Sprintf("%s %d", name(k), last[k])
		if all[k] != 0 {
			part = fmt.Sprintf("%s %d → %d", name(k), first[k], last[k])
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + some(parts, 6)
}

// speed words throughput and latency where somebody counted operations.
func (s soaked) speed() []fact {
	var fs []fact
	if s.Ops > 0 {
		fs = append(fs, fact{"operations", grouped(s.Ops)})
	}
	rates := s.throughput()
	a, b := -1, -1
	for i, p := range s.series.Points {
		if p.Work == nil || p.Work.Ops <= 0 || !finite(rates[i]) {
			continue
		}
		if a < 0 || time.Duration(s.series.Points[a].At) < s.Warm && time.Duration(p.At) <= s.Warm {
			a = i
		}
		b = i
	}
	if a < 0 || a == b {
		return fs
	}
	trend := func(r *highwater.Rate) string {
		if r == nil {
			return ""
		}
		return "; trend " + within(*r, "", change) + " over the soak"
	}
	fs = append(fs, fact{"throughput", fmt.Sprintf("%s/s → %s/s%s", digits(rates[a]), digits(rates[b]), trend(s.Throughput))})
	before, after := s.series.Points[a].Work, s.series.Points[b].Work
	if after.P50 <= 0 && after.Max <= 0 {
		return fs
	}
	var parts []string
	for _, p := range []struct {
		name string
		a, b time.Duration
	}{{"p50", before.P50, after.P50}, {"p95", before.P95, after.P95}, {"p99", before.P99, after.P99}, {"max", before.Max, after.Max}} {
		parts = append(parts, fmt.Sprintf("%s %s → %s", p.name, latency(p.a), latency(p.b)))
	}
	return append(fs, fact{"latency", strings.Join(parts, ", ") + trend(s.Latency)})
}
