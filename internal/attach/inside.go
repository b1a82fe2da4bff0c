package attach

import (
	"errors"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/inspect"
	"github.com/highwater-dev/highwater/internal/procfs"
)

const (
	// While a program collects every so often, its last collection is looked for at
	// least twice as often, so that each is met: after cycleSoonest, and then when half as
	// much time again has gone by as since the last one, or cycleLatest. The first of some
	// that come after a long rest may be missed; how many there were is known all the
	// same. To be woken is what costs, of ours.
	cycleSoonest = 50 * time.Millisecond
	cycleLatest  = 100 * time.Millisecond
	// mostCycles is how many wait for the next look.
	mostCycles = 1000
	// ownThrift is how much longer than a look at goroutines or sites takes the pause
	// after it is: only we are kept busy by it.
	ownThrift = 300
)

// core is a Go process that is read out of its memory.
type core struct {
	mu     sync.Mutex // of all
	p      *inspect.Process
	cycles []highwater.Cycle // those that ended since the last look
	seen   int64             // number of the last of them
	stop   chan struct{}
	done   chan struct{}

	sitesThrift, groupsThrift thrift

	sites    []highwater.SiteUse
	rate     int
	sitesAt  time.Time
	noSites  string
	groups   []highwater.GoroutineGroup
	states   map[string]int
	groupsAt time.Time
	noGroups string
}

// InsideOf reads the runtime of a Go process through /proc/PID/mem, without anything
// in the process noticing. The error says why it cannot be.
func InsideOf(pid int) (Inside, error) {
	p, err := inspect.Open(procfs.Root, pid)
	if err != nil {
		return nil, err
	}
	m := &core{p: p, stop: make(chan struct{}), done: make(chan struct{})}
	if s, err := p.Read(); err == nil {
		m.seen = s.Last.Number
	}
	go m.watch()
	return m, nil
}

// watch meets the collections between two looks.
func (m *core) watch() {
	defer close(m.done)
	last := time.Now()
	t := time.NewTimer(cycleSoonest)
	defer t.Stop()
	for {
		select {
		case <-m.stop:
			return
		case <-t.C:
		}
		found, err := m.look()
		if errors.Is(err, inspect.ErrGone) {
			return
		}
		if found {
			last = time.Now()
		}
		t.Reset(min(max(time.Since(last)/2, cycleSoonest), cycleLatest))
	}
}

// look notes the last collection, and reports whether there was one since the last look.
func (m *core) look() (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n, err := m.p.Cycles(); err != nil || n == m.seen {
		return false, err
	}
	last, err := m.p.Last()
	if err == nil {
		m.met(last)
	}
	return true, err
}

// met notes a collection, unless it was seen before.
func (m *core) met(c highwater.Cycle) {
	if c.Number <= m.seen || c.End.IsZero() {
		return
	}
	m.seen = c.Number
	m.cycles = append(m.cycles, c)
	if n := len(m.cycles); n > mostCycles {
		m.cycles = append(m.cycles[:0], m.cycles[n-mostCycles:]...)
	}
}

func (m *core) Fill(s *highwater.Snapshot, full bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	state, err := m.p.Read()
	if err != nil {
		return err
	}
	seen := s.Memory
	s.Memory, s.Allocated, s.GC, s.Goroutines = state.Memory, state.Allocated, state.GC, state.Goroutines
	s.Memory.RSS, s.Memory.HighWater, s.Memory.Files = seen.RSS, seen.HighWater, seen.Files
	if s.Go == "" {
		s.Go = m.p.GoVersion()
	}
	m.met(state.Last)
	s.Cycles, m.cycles = m.cycles, nil
	if full || m.groupsThrift.due() {
		begun := time.Now()
		groups, states, _, err := m.p.Goroutines()
		m.groupsThrift.spent(begun, ownThrift)
		if m.noGroups = ""; err != nil {
			m.noGroups = err.Error()
		} else {
			m.groups, m.states, m.groupsAt = groups, states, begun
		}
	}
	if full || m.sitesThrift.due() {
		begun := time.Now()
		sites, rate, err := m.p.SitesNow()
		m.sitesThrift.spent(begun, ownThrift)
		if m.noSites = ""; err != nil {
			m.noSites = err.Error()
		} else {
			m.sites, m.rate, m.sitesAt = sites, rate, begun
		}
	}
	s.Groups, s.States, s.GroupsAt = m.groups, m.states, m.groupsAt
	s.Sites, s.Rate, s.SitesAt, s.AllocatedAt = m.sites, m.rate, m.sitesAt, m.sitesAt
	for q, why := range map[highwater.Quantity]string{highwater.QuantitySites: m.noSites, highwater.QuantityStates: m.noGroups} {
		if why != "" {
			s.Lacks[q] = why
		}
	}
	return nil
}

// HeapObject is the address of an object on its heap.
func (m *core) HeapObject() (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.p.HeapObject()
}

// SizeClasses are the objects of its heap by size.
func (m *core) SizeClasses() ([]highwater.SizeClass, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.p.SizeClasses()
}

func (m *core) Close() error {
	close(m.stop)
	<-m.done
	return m.p.Close()
}

// Tracer tells what a process has allocated until now, collected or not.
type Tracer interface {
	// Totals are all sites, with what was allocated there since the process began and,
	// in Bytes and Objects, what of it is not known to be freed; both are scaled. Rate is
	// how many bytes lie between two samples.
	Totals() (sites []highwater.SiteUse, rate int, err error)
}

// Totals reads the counts that no collection has published yet, too.
func (m *core) Totals() ([]highwater.SiteUse, int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rate, err := m.p.Rate()
	if err != nil {
		return nil, 0, err
	}
	var all []heap.Use
	err = m.p.Buckets(func(stack []uint64, size, allocObjects, allocBytes, freeObjects, freeBytes int64) {
		if allocObjects <= 0 || allocBytes <= 0 {
			return
		}
		u := heap.Use{Record: heap.Record{Stack: m.p.Frames(stack), Size: size}}
		u.Allocated.Objects, u.Allocated.Bytes = heap.Scale(allocObjects, allocBytes, rate)
		u.Objects, u.Bytes = heap.Scale(max(allocObjects-freeObjects, 0), max(allocBytes-freeBytes, 0), rate)
		all = append(all, u)
	})
	return heap.Uses(all), rate, err
}
