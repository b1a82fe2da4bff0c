package attach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// liveURL is the net/http/pprof handlers of a process, and the process itself where it
// is on this machine.
type liveURL struct {
	*endpoint
	cycles
	proc    procfs.FS
	looked  bool     // for the process, on this machine
	here    *process // nil where it is not
	why     string   // it is not
	kernel  kernel
	version string
	rest    rest

	vars     *endpoint // where expvar serves, if figures come from there
	asked    bool      // whether they could
	fromVars bool      // the last ones did

	sites  kept[[]highwater.SiteUse]
	until  time.Time // of the allocations in them
	rate   int
	groups kept[[]highwater.GoroutineGroup]
	states map[string]int
}

// kept is what a look that costs much has found, and what it could not find.
type kept[T any] struct {
	thrift
	value T
	at    time.Time
	lacks map[highwater.Quantity]string
}

// LiveURL is a Go program that serves net/http/pprof; see [URL] for its address. Where
// that leads to a process of this machine, on Linux, what the operating system tells of
// that process stands beside it. Nothing is asked before the first look.
//
// A look costs the process what writing its heap profile as text does, since the
// runtime's account of its memory stands at the end of that, and stops it for as long as
// [runtime.ReadMemStats] does.
func LiveURL(at string, o URLOptions) (Live, error) {
	e, err := open(at, o)
	if err != nil {
		return nil, err
	}
	return &liveURL{endpoint: e, proc: procfs.Root}, nil
}

// What a pprof endpoint does not tell.
const (
	noLiveFromURL = "a pprof endpoint tells what the heap holds with its garbage, and not what the last collection found live; " +
		"right after a forced one the heap is nearly that"
	noGCCPU = "a pprof endpoint tells which share of all CPU time the collector has taken since the process began, and no seconds"
	noCycle = "a pprof endpoint tells when the latest collections ended and how long they paused, and neither how long they took " +
		"nor the heap at their begin and end"
	noWaits = "more than 5,000 goroutines are not printed, for that would stop the process for long: of those that were there " +
		"when they were fewer the state is known, and of none how long it has waited"
)

func (l *liveURL) Look(ctx context.Context, full bool) (highwater.Snapshot, error) {
	s, err := l.look(ctx, full)
	if err == nil {
		return s, nil
	}
	// The process that answered tells how it has ended; until then nobody knows why it
	// does not answer.
	if l.here != nil && ctx.Err() == nil {
		if ended := l.here.alive(ctx); ended != nil {
			return highwater.Snapshot{}, gone(l.shown, Ending(ended))
		}
	}
	return highwater.Snapshot{}, err
}

func (l *liveURL) look(ctx context.Context, full bool) (highwater.Snapshot, error) {
	l.lacks = map[highwater.Quantity]string{
		highwater.QuantityLive: noLiveFromURL, highwater.QuantityGCCPU: noGCCPU, highwater.QuantityCycles: noCycle,
		highwater.QuantityOps: noOperations,
	}
	s := highwater.Snapshot{Source: l.Kind(), Name: l.Name(), At: time.Now(), Lacks: l.lacks}
	m, took, err := l.figures(ctx)
	switch {
	case err != nil:
		return s, err
	case !m.complete:
		return s, fmt.Errorf("%s: the runtime.MemStats that it answers lacks figures that Go programs have had since 1.8", l.url("heap", nil))
	}
	if err := l.same(m); err != nil {
		return s, err
	}
	m.fill(&s)
	l.next(&s, m)
	// Resident memory is read as soon as it can be: the two are compared.
	l.system(ctx, &s, full)
	begun := time.Now()
	counts := l.index(ctx)
	l.rest.spent(took, time.Since(begun))
	if err := l.allocations(ctx, &s, m, full); err != nil {
		return s, err
	}
	if err := l.running(ctx, &s, counts, full); err != nil {
		return s, err
	}
	if n, ok := counts["threadcreate"]; ok && l.here == nil {
		s.Threads = n
	} else if l.here == nil {
		if s.Threads, err = l.threads(ctx); err != nil {
			return s, err
		}
	}
	return s, nil
}

// figures reads what the runtime says of its memory, and says how long that took: it
// stands at the end of a profile that the process writes anew each time. Where that costs
// it so much that looks would be rare, and it publishes the same with package expvar, and
// that costs it less, it is read there.
func (l *liveURL) figures(ctx context.Context) (m memory, took time.Duration, err error) {
	if l.vars == nil && !l.asked && l.rest.known() && l.Rest() > dearRest {
		l.asked, l.vars = true, l.cheaper(ctx)
	}
	if l.vars != nil {
		begun := time.Now()
		m, err := l.vars.memstats(ctx)
		switch {
		case err == nil:
			l.read(true)
			return m, time.Since(begun), nil
		case errors.Is(err, errNone), errors.Is(err, errNoStats):
			l.vars = nil
		case errors.Is(err, context.DeadlineExceeded), ctx.Err() != nil:
			return memory{}, 0, err
		}
	}
	begun := time.Now()
	if m, err = l.memory(ctx, false); err != nil {
		return memory{}, 0, err
	}
	l.read(false)
	return m, time.Since(begun), nil
}

// cheaper is where the process publishes the same with package expvar, if that took less
// than the least of the last profiles; nil otherwise.
func (l *liveURL) cheaper(ctx context.Context) *endpoint {
	vars := l.published()
	if vars == nil {
		return nil
	}
	begun := time.Now()
	m, err := vars.memstats(ctx)
	if text, _ := l.rest.least(); err != nil || m.totalAlloc < l.allocated || time.Since(begun) >= text {
		return nil
	}
	return vars
}

// read notes where the figures come from: what they cost there is another matter.
func (l *liveURL) read(vars bool) {
	if l.fromVars != vars {
		l.fromVars = vars
		l.rest.begin()
	}
}

// Rest is how long the process is to be left alone after a look: see figures.
func (l *liveURL) Rest() time.Duration { return time.Duration(l.rest.now.Load()) }

// allocations puts the allocation sites into s, which m tells of, too.
func (l *liveURL) allocations(ctx context.Context, s *highwater.Snapshot, m memory, full bool) error {
	if k := &l.sites; full || k.due() {
		begun := time.Now()
		k.value, k.at, k.lacks, l.rate, l.until = nil, begun, nil, 0, begun
		if m.cycles > 0 { // the profile is as of the last collection
			l.until = time.Unix(0, m.ends[(m.cycles-1)%ringSize])
		}
		p, err := l.heap(ctx)
		if err != nil {
			return err
		}
		if p != nil {
			if k.value, err = heap.ProfileUses(p); err != nil {
				return fmt.Errorf("%s: %w", l.url("heap", nil), err)
			}
			l.rate = int(p.Period)
		}
		k.lacks = only(l.lacks, highwater.QuantitySites)
		k.spent(begun, liveThrift)
	}
	s.Sites, s.SitesAt, s.Rate, s.AllocatedAt = slices.Clone(l.sites.value), l.sites.at, l.rate, l.until
	maps.Copy(l.lacks, l.sites.lacks)
	return nil
}

// running puts the goroutines into s. Their number is of now; counts are what the index
// of profiles says, if anything.
func (l *liveURL) running(ctx context.Context, s *highwater.Snapshot, counts map[string]int, full bool) error {
	about, counted := counts["goroutine"]
	if counted {
		s.Goroutines = max(0, about-1) // the one that answers us
	} else {
		about = unknown
	}
	if k := &l.groups; full || k.due() {
		begun := time.Now()
		k.value, k.at, k.lacks, l.states = nil, begun, nil, nil
		all, n, err := l.goroutines(ctx, about)
		if err != nil {
			return err
		}
		if all != nil {
			k.value, l.states = groups(all, true), statesOf(all)
			s.Goroutines = n
			if n > mostPrinted {
				l.lacks[highwater.QuantityStates], l.lacks[highwater.QuantityWaits] = noWaits, noWaits
			}
		}
		k.lacks = only(l.lacks, highwater.QuantityGoroutines, highwater.QuantityStates, highwater.QuantityWaits)
		k.spent(begun, liveThrift)
	}
	s.Groups, s.GroupsAt, s.States = slices.Clone(l.groups.value), l.groups.at, maps.Clone(l.states)
	maps.Copy(l.lacks, l.groups.lacks)
	if !counted && s.Goroutines == 0 {
		for _, g := range s.Groups {
			s.Goroutines += g.Count
		}
	}
	return nil
}

// statesOf counts goroutines by what they do, those of which it is known.
func statesOf(all []goroutine) map[string]int {
	states := map[string]int{}
	for _, g := range all {
		if g.state != "" {
			states[g.state] += g.count
		}
	}
	return states
}

// only are the reasons for some quantities.
func only(lacks map[highwater.Quantity]string, some ...highwater.Quantity) map[highwater.Quantity]string {
	out := map[highwater.Quantity]string{}
	for _, q := range some {
		if why, ok := lacks[q]; ok {
			out[q] = why
		}
	}
	return out
}

func (l *liveURL) Collect(ctx context.Context) error {
	_, err := l.memory(ctx, true)
	return err
}

func (l *liveURL) Profile(ctx context.Context, name string) ([]byte, error) {
	if !slices.Contains(profiles, name) {
		return nil, fmt.Errorf("%s: there is no profile %.40q: there are %v", l.shown, name, profiles)
	}
	data, _, err := l.raw(ctx, name)
	if errors.Is(err, errNone) {
		return nil, fmt.Errorf("%s: the program serves no profile %s", l.url(name, nil), name)
	}
	return data, err
}

// profiles are those that are there at once, by the runtime's names.
var profiles = []string{"allocs", "block", "goroutine", "goroutineleak", "heap", "mutex", "threadcreate"}

// index is what the page of all profiles says of how many entries each has, which costs
// the process next to nothing; empty where there is no such page.
func (l *liveURL) index(ctx context.Context) map[string]int {
	var counts map[string]int
	_ = l.fetch(ctx, "", nil, func(r io.Reader) (err error) { // the profiles themselves say more
		counts, err = readIndex(r)
		return err
	})
	return counts
}
