package live

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// cautions are why two snapshots may differ in more than what the program did.
func cautions(a, b *highwater.Snapshot) []string {
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if b.At.Before(a.At) {
		say("the second snapshot was taken before the first")
	}
	switch {
	case a.Name != b.Name && (a.PID == 0 || a.PID != b.PID):
		say("they are of different targets: %s and %s", a.Name, b.Name)
	case another(a, b):
		say("the process is another one: counters went back, or its id has changed")
	}
	if a.Source != b.Source {
		say("they come from different sources, which do not see the same: %s and %s", a.Source, b.Source)
	}
	if a.Go != b.Go && a.Go != "" && b.Go != "" {
		say("they were built with different versions of Go: %s and %s", a.Go, b.Go)
	}
	if a.Rate != b.Rate && len(a.Sites) > 0 && len(b.Sites) > 0 {
		say("their memory profiles have different rates, %d and %d bytes between samples: sites differ for that alone", a.Rate, b.Rate)
	}
	if (len(a.Sites) > 0) != (len(b.Sites) > 0) {
		say("only one of them has a memory profile")
	}
	if (len(a.Groups) > 0) != (len(b.Groups) > 0) {
		say("only one of them has a list of goroutines")
	}
	return all
}

// unpublished is why no site has changed, where that need not mean anything, and else "".
func unpublished(a, b *highwater.Snapshot) string {
	if len(a.Sites) == 0 || len(b.Sites) == 0 || a.GC.Cycles == 0 || a.GC.Cycles != b.GC.Cycles || another(a, b) {
		return ""
	}
	return "no collection ended between the two, and it is collections that publish what was allocated: whether a site grew is not known"
}
