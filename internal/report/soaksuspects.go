package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// kindOf names what a suspect is one of.
func kindOf(kind string) string {
	switch kind {
	case "site":
		return "memory"
	case "fds":
		return "descriptors"
	case "children":
		return "child processes"
	default:
		return name(kind)
	}
}

// suspectName is the function of a suspect, or what it is called where it has none.
func suspectName(x highwater.Suspect) string {
	if x.Site != nil && x.Site.Where.Func != "" {
		return strings.TrimSpace(name(shortFunc(x.Site.Where.Func)) + " " + name(place(x.Site.Where)))
	}
	return name(x.Name)
}

// suspectView is a suspect in words. All of them are fit to be printed.
type suspectView struct {
	Kind, Func, Place string
	Before, After     string
	PerOp, PerHour    string
	Share, Tau        string
	Fingerprint       string
	Status, Known     string
	// Blocked is where goroutines stand, Name the judge's line on the suspect where
	// it tells more than the function does.
	Blocked, Name string
}

// suspects are those of a soak, in the judge's order.
func (s soaked) suspects() []suspectView {
	var vs []suspectView
	for _, x := range s.Suspects {
		v := suspectView{
			Kind: kindOf(x.Kind), Func: name(x.Name), Fingerprint: name(x.Fingerprint),
			Status: name(x.Status), Known: sentence(x.Known), Tau: digits(x.Tau),
		}
		if x.Site != nil && x.Site.Where.Func != "" {
			v.Func, v.Place = name(shortFunc(x.Site.Where.Func)), name(place(x.Site.Where))
			if x.Kind == "goroutines" {
				v.Name = name(x.Name)
				if len(x.Site.Stack) > 0 {
					at := x.Site.Stack[0]
					v.Blocked = strings.TrimSpace(name(shortFunc(at.Func)) + " " + name(place(at)))
				}
			}
		}
		v.Before, v.After, v.PerHour, v.PerOp = amounts(x)
		if finite(x.Share) && x.Share != 0 {
			v.Share = percent(x.Share)
		}
		vs = append(vs, v)
	}
	return vs
}

// countsBytes tells suspects that are memory from those that are numbers of things.
func countsBytes(kind string) bool { return kind == "site" || kind == "mapping" }

// amounts words what a suspect came from and to, in bytes or in numbers.
func amounts(x highwater.Suspect) (before, after, perHour, perOp string) {
	if countsBytes(x.Kind) {
		before, after, perHour = bytes(x.Before), bytes(x.After), growing(x.PerHour)+"/h"
		if x.PerOp != 0 {
			perOp = growing(x.PerOp) + "/op"
		}
		return before, after, perHour, perOp
	}
	before, after, perHour = grouped(x.Before), grouped(x.After), plus(x.PerHour, digits(x.PerHour))+"/h"
	if x.PerOp != 0 {
		perOp = plus(x.PerOp, digits(x.PerOp)) + "/op"
	}
	return before, after, perHour, perOp
}

// more is the second line on a suspect.
func (v suspectView) more() string {
	parts := []string{v.Before + " → " + v.After}
	if v.PerOp != "" {
		parts = append(parts, v.PerOp)
	}
	parts = append(parts, "tau "+v.Tau)
	if v.Fingerprint != "" {
		parts = append(parts, "fingerprint "+v.Fingerprint)
	}
	if v.Blocked != "" {
		parts = append(parts, "they stand in "+v.Blocked)
	}
	text := strings.Join(parts, ", ")
	if v.Known != "" {
		text += "; known: " + v.Known
	}
	return text
}

// courseOf is the suspect's own series, where the soak kept it.
func (s soaked) courseOf(x highwater.Suspect) ([]float64, bool) {
	switch x.Kind {
	case "threads":
		return s.values(func(p highwater.SoakPoint) int64 { return int64(p.Threads) }), true
	case "children":
		return s.values(func(p highwater.SoakPoint) int64 { return int64(p.Children) }), true
	case "fds": // "descriptors (pipe)"
		_, kind, _ := strings.Cut(strings.TrimSuffix(x.Name, ")"), "(")
		return s.values(func(p highwater.SoakPoint) int64 { return int64(p.FDs[kind]) }), kind != ""
	case "mapping":
		for _, m := range s.series.Mappings {
			if m.Name == x.Name && m.Bytes != nil {
				return floats(len(s.series.Points), m.Bytes), true
			}
		}
		return nil, false
	}
	if x.Fingerprint == "" {
		all := s.values(func(p highwater.SoakPoint) int64 { return int64(p.Goroutines) })
		return all, x.Kind == "goroutines" // all of them together
	}
	switch x.Kind {
	case "site":
		// Lines of one function, called in one way, have one fingerprint.
		found := -1
		for i, site := range s.series.Sites {
			if site.Site.Fingerprint != x.Fingerprint {
				continue
			}
			same := x.Site != nil && site.Site.Where == x.Site.Where
			if found < 0 || same {
				found = i
			}
			if same {
				break
			}
		}
		if found >= 0 {
			return floats(len(s.series.Points), s.series.Sites[found].Bytes), true
		}
	case "goroutines":
		for _, g := range s.series.Goroutines {
			if g.Fingerprint == x.Fingerprint {
				return floats(len(s.series.Points), g.Counts), true
			}
		}
	}
	return nil, false
}

// groupsOfGoroutines lists the largest groups at the last checkpoint, in words.
func (s soaked) groupsOfGoroutines(most int) []string {
	var said []string
	for _, g := range s.series.Goroutines {
		if n := len(g.Counts); n > 0 && len(said) < most {
			said = append(said, fmt.Sprintf("%s → %s in %s, created by %s", grouped(int64(g.Counts[0])), grouped(int64(g.Counts[n-1])), g.State, strings.TrimSpace(shortFunc(g.Created.Func)+" "+place(g.Created))))
		}
	}
	return said
}

// asides are what a reader may want to know besides, each with its heading.
func (s soaked) asides() []aside {
	var as []aside
	add := func(title string, lines []string) {
		if len(lines) > 0 {
			as = append(as, aside{title: title, lines: lines})
		}
	}
	add(heldTitle(s.series.Held), heldLines(s.series.Held))
	add("not seen from here", s.unseen())
	var lines []string
	for _, b := range s.series.Blocked {
		lines = append(lines, fmt.Sprintf("%d: %s", b.Count, b.Detail))
	}
	add("goroutines that can never go on", lines)
	for i := range as {
		as[i].needed = true
	}
	add("goroutines by origin", s.groupsOfGoroutines(10))
	lines = nil
	for _, m := range s.series.Mappings {
		lines = append(lines, fmt.Sprintf("%s: %s → %s", m.Name, bytes(m.Before), bytes(m.After)))
	}
	add("resident memory that is not the Go runtime's", lines)
	add("heap profiles kept beside the run file, the oldest first", s.series.Profiles)
	return as
}

type aside struct {
	title string
	lines []string
	// needed are those that a reader must know to trust the verdict, or to act.
	needed bool
}

// times are when the points were, in seconds, never running backwards.
func (s soaked) times() []float64 {
	ts := make([]float64, len(s.series.Points))
	for i, p := range s.series.Points {
		ts[i] = max(time.Duration(p.At).Seconds(), 0)
		if i > 0 {
			ts[i] = max(ts[i], ts[i-1])
		}
	}
	return ts
}
