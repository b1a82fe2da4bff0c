package measure

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/probe"
)

// add takes a probe's reading into the series.
func (s *soaking) add(r *probe.SoakReading) {
	p := highwater.SoakPoint{
		At: r.At, Op: r.Op, Heap: r.Heap, Stacks: r.Stacks, RSS: r.RSS,
		Runtime:     r.Classes["total"] - r.Classes["heap/released"],
		Bookkeeping: bookkeeping(r.Classes),
		Goroutines:  r.Goroutines, Threads: r.Threads, FDs: r.FDs, Children: r.Children, ChildMemory: r.ChildMemory,
	}
	if w := r.Work; w != nil {
		p.Work = &highwater.SoakWork{
			Ops: w.Ops, Busy: time.Duration(w.Busy), CPU: time.Duration(w.CPU),
			P50: time.Duration(w.P50), P95: time.Duration(w.P95), P99: time.Duration(w.P99), Max: time.Duration(w.Max),
		}
	}
	s.lack(r)
	if r.Grouped {
		s.groups = groups(r.Groups)
	}
	if r.LeakProfile {
		s.profile, s.blocked = true, nil
		for _, g := range r.Blocked {
			s.blocked = append(s.blocked, leftover(g))
		}
	}
	records := withoutOwn(withoutProbe(difference(nil, r.Profile)))
	s.keepProfile(time.Duration(r.At), records)
	sites := heap.Sites(records, 0)
	var mapped []highwater.Mapping
	for name, bytes := range r.Mappings {
		mapped = append(mapped, highwater.Mapping{Name: name, After: bytes})
	}
	s.recorder.Add(p, sites, s.groups, mapped)
}

// bookkeeping adds up the memory classes of the runtime's own tables.
func bookkeeping(classes map[string]int64) (sum int64) {
	for name, bytes := range classes {
		if strings.HasPrefix(name, "metadata/") || name == "profiling/buckets" || name == "other" {
			sum += bytes
		}
	}
	return sum
}

// profileShare is how many heap profiles a soak keeps, evenly spread over its time.
const profileShare = 10

// keepProfile writes a heap profile if the time of the next one has come.
func (s *soaking) keepProfile(at time.Duration, records []heap.Record) {
	o := s.options
	if !o.Profiles || o.Dir == "" || len(s.profiles) > 0 && at < s.nextProfile {
		return
	}
	s.nextProfile = at + o.Duration/profileShare
	name := fmt.Sprintf("%s.soak.%02d.pb.gz", safeName(s.scenario), len(s.profiles)+1)
	if err := heap.Write(filepath.Join(o.Dir, name), heap.Profile(records, soakRate)); err != nil {
		s.notes = append(s.notes, "a profile was not kept: "+err.Error())
		return
	}
	s.profiles = append(s.profiles, filepath.ToSlash(filepath.Join(filepath.Base(o.Dir), name)))
}

// withoutOwn drops what the probe that is part of this module has allocated, in a
// process that runs a scenario.
func withoutOwn(records []heap.Record) []heap.Record {
	return slices.DeleteFunc(records, func(r heap.Record) bool {
		return slices.ContainsFunc(r.Stack, func(f highwater.Frame) bool {
			return strings.HasPrefix(f.Func, "github.com/highwater-dev/highwater/internal/probe.")
		})
	})
}

// lack notes what the process cannot tell.
func (s *soaking) lack(r *probe.SoakReading) {
	s.lacks = map[highwater.Quantity]string{}
	for _, missing := range r.Missing {
		name, why, _ := strings.Cut(missing, ": ")
		s.lacks[highwater.Quantity(name)] = why
	}
	if r.Work == nil {
		s.lacks[highwater.QuantityOps] = "nobody counts the operations of a program"
	}
}

// groups are the probe's groups as series of one point. Those that differ in what
// stands further up their stacks only are one.
func groups(all []probe.Goroutines) []highwater.GoroutineSeries {
	made := []highwater.GoroutineSeries{} // looked at, even where there is none
	for _, g := range all {
		one := highwater.GoroutineSeries{
			Created: highwater.Frame(g.Created), State: g.State, Stack: frames(g.Stack), Counts: []int{g.Count},
		}
		one.Fingerprint = heap.Fingerprint(append(slices.Clone(one.Stack), one.Created))
		made = append(made, one)
	}
	return made
}

// leftover is a group of goroutines that stay for ever.
func leftover(g probe.Goroutines) highwater.Leftover {
	return highwater.Leftover{
		Kind: "goroutine", Count: g.Count, Stack: frames(g.Stack),
		Detail: fmt.Sprintf("%s, created by %s (%s:%d)", g.State, g.Created.Func, filepath.Base(g.Created.File), g.Created.Line),
	}
}
