package probe

import (
	"slices"
	"strings"
	"time"
)

// LeakProfile, where it is set, makes the text of the runtime's leak profile: the
// stacks of all goroutines, with those that can never go on marked as leaked. False
// says that this build has none. The probe does not import runtime/pprof, which would
// bring it into programs that do without.
var LeakProfile func() (text []byte, ok bool)

// look looks at the stacks of all goroutines now and then: that stops the world,
// for a time that grows with their number.
type look struct {
	next   time.Time
	leaks  time.Time // when to make the leak profile again
	denied bool      // there is none
}

// thrift is how much longer than a look takes the pause after it is.
const thrift = 50

// groups are the goroutines that were not there before, by where they were created
// and where they wait. Looked is false where it was too early to look again.
func (l *look) groups(before map[int]bool) (groups []Goroutines, looked bool) {
	begun := time.Now()
	if begun.Before(l.next) {
		return nil, false
	}
	groups = newGoroutines(before)
	l.next = begun.Add(thrift * time.Since(begun))
	return groups, true
}

// blocked are the goroutines that can never go on, by the runtime's own account. It
// takes a collection that looks for them.
func (l *look) blocked(before map[int]bool) (groups []Goroutines, looked bool) {
	begun := time.Now()
	if LeakProfile == nil || l.denied || begun.Before(l.leaks) {
		return nil, false
	}
	text, ok := LeakProfile()
	l.denied = !ok
	l.leaks = begun.Add(thrift * time.Since(begun))
	leaked := slices.DeleteFunc(parseGoroutines(text), func(g goroutine) bool {
		return before[g.id] || !strings.Contains(g.state, leakedMark)
	})
	for i := range leaked {
		leaked[i].state = strings.TrimSpace(strings.Replace(leaked[i].state, leakedMark, "", 1))
	}
	return withoutProbe(grouped(leaked)), ok
}

// leakedMark stands behind the state of such a goroutine; see runtime/traceback.go.
const leakedMark = "(leaked)"

// withoutProbe leaves the probe's own goroutines out.
func withoutProbe(groups []Goroutines) []Goroutines {
	return slices.DeleteFunc(groups, func(g Goroutines) bool {
		return own(g.Created) && !slices.ContainsFunc(g.Stack, func(f Frame) bool { return !own(f) && !standard(f.Func) })
	})
}

// withoutTesting leaves out those of package testing, which begins a goroutine for
// every call of a benchmark or test: there is one at any time.
func withoutTesting(groups []Goroutines) []Goroutines {
	return slices.DeleteFunc(groups, func(g Goroutines) bool { return strings.HasPrefix(g.Created.Func, "testing.") })
}

// own reports a function of this package, wherever its source was added, and not of
// its tests.
func own(f Frame) bool {
	return (strings.Contains(f.Func, "internal/highwaterprobe.") || strings.HasPrefix(f.Func, "github.com/highwater-dev/highwater/internal/probe.")) &&
		!strings.HasSuffix(f.File, "_test.go")
}

// standard reports a function of the standard library, whose packages have no dot in
// the first element of their paths, other than main.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	pkg, _, dotted := strings.Cut(first, ".")
	return pkg != "main" && (!dotted || !strings.Contains(name, "/"))
}
