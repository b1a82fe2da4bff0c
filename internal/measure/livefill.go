package measure

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/probe"
)

// How much longer than the probe's looks at all goroutines, and at the profile, the time
// from one to the next is, at least: to see the goroutines stops the world.
const liveThrift = 500

// LiveFiller puts into snapshots what the probe of a live process tells.
type LiveFiller struct {
	Live *Live
	// FiguresOnly leaves sites and goroutines out, where somebody else sees them.
	FiguresOnly bool

	cycles     int64 // seen so far
	forced     int64
	nextSites  time.Time
	nextGroups time.Time
	sites      []highwater.SiteUse
	groups     []highwater.GoroutineGroup
	sitesAt    time.Time
	groupsAt   time.Time
	rate       int
	begun      bool
}

// Fill takes a look. Full has the sites and goroutines looked at now, whatever it costs.
func (f *LiveFiller) Fill(ctx context.Context, s *highwater.Snapshot, full bool) error {
	r, err := f.Live.Ask(ctx, probe.AskFigures)
	if err != nil {
		return err
	}
	s.Go, s.Ops = f.Live.Go(), r.Ops
	if r.Figures != nil {
		f.figures(s, r.Figures)
	}
	if f.FiguresOnly {
		return nil
	}
	now := time.Now()
	if full || !now.Before(f.nextSites) {
		r, err := f.Live.Ask(ctx, probe.AskProfile)
		if err != nil {
			return err
		}
		if r.Profile != nil {
			f.rate, f.sites, f.sitesAt = r.Profile.Rate, heap.Uses(LiveUses(r.Profile)), now
		}
		f.nextSites = now.Add(time.Duration(r.Took) * liveThrift)
	}
	if full || !now.Before(f.nextGroups) {
		r, err := f.Live.Ask(ctx, probe.AskGroups)
		if err != nil {
			return err
		}
		f.groups, f.groupsAt = nil, now
		for _, g := range r.Groups {
			one := highwater.GoroutineGroup{
				Count: g.Count, State: g.State, Created: highwater.Frame(g.Created), Stack: frames(g.Stack),
			}
			one.Fingerprint = heap.Fingerprint([]highwater.Frame{heap.Where(one.Stack), one.Created})
			f.groups = append(f.groups, one)
		}
		f.nextGroups = now.Add(time.Duration(r.Took) * liveThrift)
	}
	s.Sites, s.SitesAt, s.Rate = f.sites, f.sitesAt, f.rate
	s.Groups, s.GroupsAt = f.groups, f.groupsAt
	return nil
}

// Operations is how many there have been so far.
func (f *LiveFiller) Operations(ctx context.Context) (int64, error) {
	r, err := f.Live.Ask(ctx, probe.AskCount)
	if err != nil {
		return 0, err
	}
	return r.Ops, nil
}

// figures fills in what runtime/metrics tells.
func (f *LiveFiller) figures(s *highwater.Snapshot, r *probe.LiveFigures) {
	c := r.Classes
	seen := s.Memory
	s.Memory = highwater.Memory{
		RSS: seen.RSS, HighWater: seen.HighWater, Files: seen.Files, Live: r.Live, Heap: c["heap/objects"], InUse: c["heap/objects"] + c["heap/unused"], Goal: r.Goal,
		Stacks: c["heap/stacks"] + c["os-stacks"], Metadata: bookkeeping(c), Free: c["heap/free"], Released: c["heap/released"], Total: c["total"],
	}
	if r.Limit > 0 && r.Limit < math.MaxInt64 {
		s.Memory.Limit = r.Limit
	}
	s.Allocated = highwater.Allocated{Bytes: r.AllocBytes, Objects: r.AllocObjects}
	s.Goroutines = r.Goroutines
	if len(r.States) > 0 {
		s.States = map[string]int{}
		for name, n := range r.States {
			s.States[strings.ReplaceAll(name, "-", " ")] = int(n)
		}
	}
	s.GC = highwater.Collector{
		Cycles: r.Cycles, Forced: r.Forced, GOGC: int(r.GOGC), GCSeconds: r.CPU["gc/total"], AssistSeconds: r.CPU["gc/mark/assist"],
		ScavengeSeconds: r.CPU["scavenge/total"], UserSeconds: r.CPU["user"], IdleSeconds: r.CPU["idle"], TotalSeconds: r.CPU["total"],
		Limited: r.Limited,
	}
	if r.GOGC < 0 || r.GOGC > math.MaxInt32 {
		s.GC.GOGC = -1
	}
	n := min(len(r.Pauses), len(r.Ends))
	for i := n - 1; i >= 0; i-- { // the oldest first
		s.GC.Pauses = append(s.GC.Pauses, time.Duration(r.Pauses[i]))
		number := r.Cycles - int64(i)
		if !f.begun || number <= f.cycles {
			continue
		}
		cycle := highwater.Cycle{Number: number, End: time.Unix(0, r.Ends[i]), Pause: time.Duration(r.Pauses[i])}
		if i == 0 { // of the last one alone the rest can be told
			cycle.After = r.Live
		}
		if r.Cycles-f.cycles == r.Forced-f.forced { // all of them were
			cycle.Why = highwater.WhyForced
		}
		s.Cycles = append(s.Cycles, cycle)
	}
	f.cycles, f.forced, f.begun = r.Cycles, r.Forced, true
}

// LiveUses are the records of a live process's profile, scaled as pprof does, without
// what is the probe's own.
func LiveUses(p *probe.Profile) []heap.Use {
	if p == nil {
		return nil
	}
	var all []heap.Use
	for _, r := range p.Records {
		u := heap.Use{}
		for _, i := range r.Stack {
			u.Stack = append(u.Stack, highwater.Frame(p.Frames[i]))
		}
		if r.AllocObjects > 0 {
			u.Size = r.AllocBytes / r.AllocObjects
		}
		u.Objects, u.Bytes = heap.Scale(r.Objects, r.Bytes, p.Rate)
		u.Allocated.Objects, u.Allocated.Bytes = heap.Scale(r.AllocObjects, r.AllocBytes, p.Rate)
		if len(withoutOwn(withoutProbe([]heap.Record{u.Record}))) > 0 {
			all = append(all, u)
		}
	}
	return all
}
