package driver

import (
	"context"
	"debug/buildinfo"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/anatomy"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/live"
)

// sourceRun is the source of what is not seen in a process.
const sourceRun highwater.SoakSource = "run"

// named is an error where nothing is.
func (a *app) named(o *debugOptions, args []string) error {
	if len(o.subjects(args)) > 0 {
		return nil
	}
	kept := "a profile or a stored run"
	if o.command == "leaks" { // a profile is of one moment
		kept = "the Run file of a soak"
	}
	return usagef("debug %s: of what? Name a process (--pid, --url), a package or main package, --scenario, a command behind --, or %s; `%s profiler` lists the Go processes of this machine", o.command, kept, a.Name)
}

// seen is what the arguments name, as it was seen: watched now, or stored.
func (a *app) seen(ctx context.Context, o *debugOptions, h held, args []string, dash int) (live.View, error) {
	if len(args) == 1 && dash < 0 {
		if v, ok, err := a.stored(ctx, o, args[0]); ok || err != nil {
			if o.module == "" {
				o.module = a.module(ctx)
			}
			return v, err
		}
	}
	l, err := a.open(ctx, &o.profilerOptions, h, args, dash)
	if err != nil {
		return live.View{}, err
	}
	defer l.close()
	v, err := l.watched(ctx, o)
	if o.module == "" {
		o.module = moduleOf(v.Snapshot.PID)
	}
	if o.module == "" {
		o.module = a.module(ctx)
	}
	a.tellOutput(&o.profilerOptions, l)
	if err == nil && o.holders && o.command == "hotspots" {
		want := func(s live.SiteRow) bool { return o.shown.Target == nil || o.shown.Target(s.Where.Func) }
		if sites := topSites(v, want, o.most); len(sites) > 0 {
			o.held, err = a.holders(ctx, v.Snapshot.PID, asked{sites: sites, most: o.most, quiet: o.quiet})
		}
	}
	return v, err
}

// moduleOf is the path of the module that a process's program is of, "" where it is not
// known.
func moduleOf(pid int) string {
	if pid == 0 {
		return ""
	}
	info, err := buildinfo.ReadFile(procRoot.Executable(pid))
	if err != nil {
		return ""
	}
	return info.Main.Path
}

// stored is a profile, a run or a snapshot of that name; false for what is none.
func (a *app) stored(ctx context.Context, o *debugOptions, name string) (live.View, bool, error) {
	r, ok, err := a.record(ctx, name)
	if ok && err == nil {
		err = r.holds(o, name)
	}
	switch {
	case !ok || err != nil:
		return live.View{}, false, err
	case r.profile != nil:
		v, err := ofProfile(name, r.profile)
		return v, true, err
	case r.snapshot != nil:
		return pastOf(*r.snapshot), true, nil
	}
	v, err := a.ofRun(o, *r.run)
	return v, true, err
}

// record is what a name stands for that was stored: one of them.
type record struct {
	profile  *profile.Profile
	snapshot *highwater.Snapshot
	run      *stored
}

// holds is an error where scenarios are chosen of what has none.
func (r record) holds(o *debugOptions, name string) error {
	if o.said.Scenarios == nil || r.run != nil {
		return nil
	}
	return usagef("--scenario chooses from a stored run, which %s is not", name)
}

// record finds what is stored under a name; false for what is none, such as a package.
func (a *app) record(ctx context.Context, name string) (record, bool, error) {
	info, err := os.Stat(name)
	isFile := err == nil && info.Mode().IsRegular()
	if !isFile && storedName(name) {
		if err == nil {
			return record{}, false, usagef("%s is no file: name a heap profile in pprof's format, or a Run file", name)
		}
		return record{}, false, usagef("there is no file %s: name a heap profile in pprof's format, or a Run file", name)
	}
	if isFile && !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".go") {
		p, err := heap.Read(name)
		if err != nil {
			return record{}, false, usagef("%w; want a heap profile in pprof's format, or a Run file", err)
		}
		return record{profile: p}, true, nil
	}
	if s, ok, err := a.snapshotOf(ctx, name); ok || err != nil && !isFile {
		return record{snapshot: &s}, ok, err
	}
	if !isFile && name != "latest" && !strings.Contains(name, "-") || strings.ContainsAny(name, "/\\") && !isFile {
		return record{}, false, nil // a package
	}
	run, err := a.lookup(ctx, name)
	return record{run: &run}, err == nil, err
}

// storedName reports a name that files with profiles and runs have, and packages do not.
func storedName(name string) bool {
	return slices.Contains([]string{".pb", ".gz", ".pprof", ".prof", ".json"}, strings.ToLower(filepath.Ext(name)))
}

// pastOf is the view of snapshots that follow each other.
func pastOf(all ...highwater.Snapshot) live.View {
	var h live.History
	for _, s := range all {
		h.Add(s)
	}
	return h.View()
}

// ofProfile is what a heap profile tells. That it is one of another kind is the user's
// mistake.
func ofProfile(name string, p *profile.Profile) (live.View, error) {
	v, err := anatomy.OfProfile(name, p)
	if errors.Is(err, heap.ErrNotHeap) {
		err = usage(err)
	}
	return v, err
}

// ofRun is what a stored run tells of one scenario: its snapshots, or the figures and
// sites of its natural and exact processes.
func (a *app) ofRun(o *debugOptions, run stored) (live.View, error) {
	if all := snapshotsOf(run.run); len(all) > 0 {
		return pastOf(all...), nil
	}
	var names []string
	for _, i := range run.run.Scenarios {
		if o.said.Scenarios == nil || slices.ContainsFunc(o.said.Scenarios, func(p string) bool { return config.Match(p, i.ID()) }) {
			names = append(names, i.ID())
		}
	}
	if len(names) != 1 {
		return live.View{}, usagef("%s holds %d scenarios, and one is looked at: choose with --scenario; `%s report %s` lists them", run.name, len(names), a.Name, run.name)
	}
	s, err := ofMeasurements(names[0], run.run.Of(names[0]))
	return pastOf(s), err
}

// ofMeasurements makes a snapshot of what the processes of a scenario have told.
func ofMeasurements(name string, all []highwater.Measurement) (highwater.Snapshot, error) {
	s := highwater.Snapshot{Source: sourceRun, Name: name, Lacks: map[highwater.Quantity]string{}}
	best := int64(-1)
	for _, m := range all {
		s.At = m.Started.Add(m.Duration)
		if f := m.Footprint; f != nil {
			s.Memory = highwater.Memory{
				RSS: f.RSS, Live: f.LiveHeap, Heap: f.LiveHeap + f.DeadHeap, InUse: f.LiveHeap + f.DeadHeap + f.Fragmentation,
				Stacks: f.Stacks, Metadata: f.Metadata, Free: f.Free, Total: f.RSS - f.OffHeap,
			}
		}
		if g := m.GC; g != nil && m.Pass == highwater.PassNatural {
			s.GC.Cycles, s.GC.Forced, s.GC.GCSeconds, s.GC.TotalSeconds = g.Cycles, g.Forced, g.CPUSeconds, g.Busy
		}
		if m.PeakParts != nil && m.PeakParts.Heap > best && len(m.Sites) > 0 {
			best = m.PeakParts.Heap
			s.Rate, s.Sites = m.PeakParts.Rate, nil
			for _, site := range m.Sites {
				s.Sites = append(s.Sites, highwater.SiteUse{Site: site})
			}
			s.Sites = withAllocated(s.Sites, m.Allocated)
		}
	}
	if len(s.Sites) == 0 && s.Memory.RSS == 0 {
		return s, errors.New(name + ": no process of it told what it held: was it measured?")
	}
	s.SitesAt = s.At
	s.Lacks[highwater.QuantityGoroutines] = "a stored run tells what was left over, and not what goroutines did"
	return s, nil
}

// withAllocated adds to sites what they have allocated, and those that only allocate.
func withAllocated(sites []highwater.SiteUse, allocated []highwater.Site) []highwater.SiteUse {
	for _, m := range allocated {
		at := -1
		for i := range sites {
			if sites[i].Fingerprint == m.Fingerprint && sites[i].Where == m.Where {
				at = i
			}
		}
		if at < 0 {
			at, sites = len(sites), append(sites, highwater.SiteUse{Site: m})
			sites[at].Bytes, sites[at].Objects, sites[at].Share = 0, 0, 0
		}
		sites[at].Allocated.Bytes += m.Bytes
		sites[at].Allocated.Objects += m.Objects
	}
	return sites
}
