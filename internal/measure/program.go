package measure

import (
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/target"
)

// logName is a file in dir for what a process of the scenario prints.
func logName(dir, scenario, rest string) string {
	return filepath.Join(dir, safeName(scenario)+"."+rest)
}

// outcome says how a process of a program ended: where both the program and its load
// failed, by the one that did so first.
func (d *drive) outcome(h heard, e target.Exit, l target.Limits) highwater.Outcome {
	say := func(s highwater.Status, format string, args ...any) highwater.Outcome {
		return highwater.Outcome{Status: s, Detail: fmt.Sprintf(format, args...), Stderr: e.Stderr}
	}
	then := ""
	if d.late != "" {
		then = "; " + d.late
	}
	plain := outcome(h, e, l)
	plain.Detail += then
	when := "before it was ready"
	switch {
	case d.ready && d.Load != "":
		when = "while the load was running"
	case d.ready || d.Ready == nil:
		when = "by itself"
	}
	switch {
	case e.Err != "" || e.OverLimit > 0:
		return plain
	case e.TimedOut && d.Duration == 0 && d.Load == "":
		plain.Detail += "; a program that does not end by itself is given --duration or --load, and a slow one a longer --timeout"
		return plain
	case e.TimedOut:
		return plain
	case d.failure != "":
		return say(highwater.StatusFailed, "%s", d.failure)
	case e.Stopped && h.done:
		return highwater.Outcome{Status: highwater.StatusOK}
	case plain.Status == highwater.StatusKilled || plain.Status == highwater.StatusPanicked:
		return plain
	case e.Code != d.ExpectExit:
		return say(highwater.StatusExited, "ended with status %d %s, and not with %d (--expect-exit)%s", e.Code, when, d.ExpectExit, then)
	case d.Ready != nil && !d.ready:
		return say(highwater.StatusExited, "ended with status %d %s%s", e.Code, when, then)
	case !h.done:
		return say(highwater.StatusExited, "ended with status %d %s, and in a way in which the last readings could not be taken: neither main returned nor was os.Exit called, or this Go release is not known yet%s", e.Code, when, then)
	case d.late != "":
		return say(highwater.StatusFailed, "the program ended with status %d %s%s", e.Code, when, then)
	}
	return highwater.Outcome{Status: highwater.StatusOK}
}

// noteEnd says how a program ended that was told to.
func (d *drive) noteEnd(m *highwater.Measurement, e target.Exit) {
	m.Notes = append(m.Notes, d.notes...)
	switch {
	case e.Forced:
		m.Notes = append(m.Notes, "the program did not end when it was asked to (SIGTERM), and was killed")
	case e.Stopped && e.Code > 0:
		m.Notes = append(m.Notes, fmt.Sprintf("the program ended with status %d when it was asked to (SIGTERM)", e.Code))
	}
}

// Lacks are the metrics that a program does not have which is used in that way.
func Lacks(d target.Drive) map[string]string {
	lacks := map[string]string{highwater.Growth: "nobody counts the operations of a program while it runs"}
	if d.Load == "" {
		for _, name := range []string{highwater.Retained, highwater.Goroutines, highwater.FDs} {
			lacks[name] = "without --load there is nothing after which memory should be given back"
		}
		if d.Duration == 0 {
			for _, name := range []string{highwater.Sustained, highwater.Fragmentation} {
				lacks[name] = "without --load and --duration a program has no steady phase"
			}
		}
	}
	return lacks
}

// fillProgram fills in what a program held. Nothing is taken off but the probe's own
// memory; see docs/run.md.
func fillProgram(m *highwater.Measurement, h heard, e target.Exit, sessions float64, ops int) {
	h.drive.noteEnd(m, e)
	if h.baseline == nil || h.peak == nil || h.tornDown == nil {
		return // the metrics are absent, and so an error
	}
	h.tornDown.AllocatedOps = ops
	fillAllocated(m, h.tornDown)
	own := float64(h.baseline.Live())
	m.Values[highwater.Peak] = (float64(h.peak.Heap+h.peak.Stacks) - own) / sessions
	var live, unused []float64
	for _, c := range h.checkpoints {
		if c.Steady {
			live = append(live, float64(c.Live())-own)
			if c.InUse > 0 {
				unused = append(unused, float64(c.InUse-c.Heap)/float64(c.InUse))
			}
		}
	}
	if len(live) > 0 {
		m.Values[highwater.Sustained] = stat.Median(live) / sessions
		m.Values[highwater.Fragmentation] = stat.Median(unused)
	} else {
		// Where there is no steady phase nobody looks for them; see Lacks.
		why := fmt.Sprintf("it was used for %s, too short to look at what it holds meanwhile", h.drive.took.Round(100*time.Microsecond))
		m.Unsupported[highwater.Sustained], m.Unsupported[highwater.Fragmentation] = why, why
	}
	fillLeft(m, h, e, sessions)
}

// childrenUnseen is why nothing is known of the processes that another one started.
const childrenUnseen = "processes are followed on Linux only"

// fillLeft fills in what the load has left behind. A program that ended by itself
// has left nothing but processes.
func fillLeft(m *highwater.Measurement, h heard, e target.Exit, sessions float64) {
	if t := h.tornDown; t.Base != nil && h.drive.Load != "" {
		fillLeftovers(m, t, e)
		for _, c := range h.checkpoints {
			if c.Name == "ready" {
				m.Values[highwater.Retained] = retained(t, c.Reading) / sessions
			}
		}
		m.Retained = heap.Sites(withoutProbe(difference(t.Base, t.Profile)), topSites)
		return
	}
	const why = "the program ended by itself: what it still held ended with it"
	for _, name := range []string{highwater.Retained, highwater.Goroutines, highwater.FDs} {
		m.Unsupported[name] = why
	}
	if runtime.GOOS != "linux" {
		m.Unsupported[highwater.Children] = childrenUnseen
		return
	}
	m.Values[highwater.Children] = float64(len(e.Orphans))
	fillOrphans(m, e)
}
