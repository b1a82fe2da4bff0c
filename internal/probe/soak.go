package probe

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// soak looks at a process for a long time. It runs under the user's own settings;
// at each checkpoint it forces a collection, and tells what is live, by site, and
// all else that may grow. In between it does nothing but count operations.
//
// It keeps nothing that grows with the length of the soak: each checkpoint tells
// all that there is, and highwater makes the series.
//
// A workload with a loop has its checkpoints between two operations. One without is
// run over and over, and a round of it is an operation. A program has none that
// could be counted, and is looked at when the time has come.
//
// In a live process it takes no checkpoint at all and forces nothing: it counts
// operations, and answers what highwater asks; see live.go.
type soak struct {
	passive bool
	spec    Spec
	link    *Link
	work    worker

	mu      sync.Mutex // of all below but the atomic ones
	begun   time.Time
	profile rawProfile
	looked  look      // at the goroutines
	mapped  survey    // of the mappings
	op      int64     // operations so far
	since   time.Time // of the operation under way
	done    span
	last    time.Time // end of the last checkpoint

	counts  atomic.Bool // somebody counts operations
	looped  bool        // the workload has a loop
	most    int         // operations of a benchmark's call
	over    atomic.Bool // highwater wants no more
	ended   bool        // all is told
	watched sync.Once
	stop    chan struct{}

	goroutines map[int]bool
	fds        map[string]bool
	children   map[int]bool
}

func newSoak(s Spec, l *Link) *soak {
	return &soak{passive: s.Pass == "live", spec: s, link: l, work: newWorker(), stop: make(chan struct{})}
}

// Start is called when a set-up is over. It may begin anew as long as nothing has
// been done; the set-up of a later round changes nothing.
func (s *soak) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.op > 0 || s.passive {
		return
	}
	s.work.do(func() {
		primeStacks()
		s.profile.reserve()
		s.goroutines = goroutineIDs()
		s.fds, _ = openFDs()
		s.children, _ = childPIDs()
		settle()
		base := read()
		s.link.Send(Message{Type: TypeBaseline, Baseline: &base})
	})
	s.begun = time.Now()
	s.last, s.since = s.begun, s.begun
	s.done.restart()
	s.watched.Do(func() { go s.watch() })
}

// patience is how many intervals an operation may take before memory is read in the
// middle of it.
const patience = 3

// watch takes the checkpoints of a workload that does not come to the end of an
// operation in time, or that has none.
func (s *soak) watch() {
	t := time.NewTicker(max(s.spec.Interval/8, time.Millisecond))
	defer t.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-t.C:
		}
		s.mu.Lock()
		wait := s.spec.Interval
		if s.counts.Load() {
			wait *= patience
		}
		if !s.ended && time.Since(s.last) >= wait {
			s.checkpoint()
		}
		s.mu.Unlock()
	}
}

// LoopStart is called before the first operation of a loop.
func (s *soak) LoopStart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looped = true
	s.counts.Store(true)
	s.checkpoint()
	s.since = time.Now()
}

func (s *soak) LoopEnd(int) {}

// Checkpoint is one that the workload asks for; here time alone counts.
func (s *soak) Checkpoint(string, int, bool) {}

// More is called between operations, of which there have been ops.
func (s *soak) More(ops int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if int64(ops) > s.op {
		s.made(int64(ops)-s.op, now.Sub(s.since))
	}
	s.since = time.Now()
	return !s.enough()
}

// made counts n operations that took so long together.
func (s *soak) made(n int64, took time.Duration) {
	s.counts.Store(true)
	s.op += n
	if s.passive {
		return
	}
	s.done.add(took, n)
	if time.Since(s.last) >= s.spec.Interval && !s.enough() {
		s.checkpoint()
	}
}

// enough reports whether the time is over, or highwater wants no more.
func (s *soak) enough() bool {
	return s.over.Load() || s.spec.MinTime > 0 && time.Since(s.begun) >= s.spec.MinTime
}

// checkpoint reads and tells, on the worker's stack. The time that it takes is in no
// operation.
func (s *soak) checkpoint() {
	if s.passive {
		return
	}
	begun := time.Now()
	s.done.pause()
	s.work.do(func() {
		r := s.read()
		r.At, r.Op = int64(begun.Sub(s.begun)), s.op
		if s.counts.Load() {
			r.Work = s.done.take()
		}
		s.link.Send(Message{Type: TypeSoak, Soak: r})
	})
	s.done.restart()
	s.last = time.Now()
	s.since = s.since.Add(s.last.Sub(begun))
}

// read is everything but the time and the operations.
func (s *soak) read() *SoakReading {
	settle()
	r := &SoakReading{Reading: read()}
	s.profile.capture()
	r.Classes = memoryClasses()
	r.Goroutines = runtime.NumGoroutine()
	var err error
	if r.Threads, err = threadCount(); err != nil {
		r.Missing = append(r.Missing, "threads: "+err.Error())
	}
	if r.RSS, _, err = residentMemory(); err == nil && r.RSS == 0 {
		err = errors.New(runtime.GOOS + " tells a program the highest that its memory was, and not what it is")
	}
	if err != nil {
		r.Missing = append(r.Missing, "rss: "+err.Error(), "off_heap: "+err.Error())
	}
	if fds, err := openFDs(); err != nil {
		r.Missing = append(r.Missing, "fds: "+err.Error())
	} else {
		r.FDs = fdKinds(fds)
	}
	if pids, err := childPIDs(); err != nil {
		r.Missing = append(r.Missing, "children: "+err.Error())
	} else {
		r.Children = len(pids)
		r.ChildMemory = treeMemory(pids)
	}
	r.Mappings = s.mapped.kinds()
	r.Profile = s.profile.resolve()
	r.Groups, r.Grouped = s.looked.groups(s.goroutines)
	r.Blocked, r.LeakProfile = s.looked.blocked(s.goroutines)
	return r
}

// SteadyEnd is called at the end of a round, before it gives back what it holds.
func (s *soak) SteadyEnd() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looped && s.enough() {
		s.final()
	}
}

// final is the last checkpoint, unless there just was one.
func (s *soak) final() {
	if time.Since(s.last) >= s.spec.Interval/4 {
		s.checkpoint()
	}
}

// TornDown is called when a round has given back what it held.
func (s *soak) TornDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.looped || !s.enough() {
		s.made(1, time.Since(s.since))
		s.since = time.Now()
	}
	if s.enough() {
		s.finish()
	}
}

// finish tells what is left, and that there is nothing more.
func (s *soak) finish() {
	if s.ended {
		return
	}
	if !s.looped {
		s.final()
	}
	s.ended = true
	close(s.stop)
	if s.passive {
		return
	}
	s.work.do(func() {
		out := TornDown{}
		e := exact{goroutines: s.goroutines, fds: s.fds, children: s.children}
		left := func() []Goroutines { return withoutTesting(newGoroutines(s.goroutines)) }
		waitGone(func() bool { return len(left()) == 0 })
		out.Goroutines = left()
		out.FDs, out.Children, out.Missing = e.leftOpen()
		settle()
		out.Reading = read()
		s.link.Send(Message{Type: TypeTornDown, TornDown: &out})
	})
}

// Again reports whether the workload is to be run once more: it has no loop, or has
// left it, and the time is not over.
func (s *soak) Again() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.ended
}

// End is called when highwater wants the soak to end.
func (s *soak) End() { s.over.Store(true) }
