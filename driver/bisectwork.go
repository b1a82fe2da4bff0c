package driver

import (
	"context"
	"errors"
	"sync"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/target"
)

// work is a commit that was built, or the reason why it could not be tested.
type work struct {
	side    *side
	target  target.Target
	reason  string
	err     error         // of highwater's own, or of ctx
	ready   chan struct{} // closed when it is; nil for one that was ready from the start
	counted bool          // among the builds
}

// works are the commits that are built, or are being built ahead.
type works struct {
	mu   sync.Mutex
	all  map[int]*work
	stop []context.CancelFunc // of those under way
}

func (w *works) put(commit int, one *work) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all[commit] = one
}

// begin returns the work on a commit, which do makes where nobody has begun it.
func (w *works) begin(ctx context.Context, commit int, do func(context.Context) *work) *work {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one := w.all[commit]; one != nil {
		return one
	}
	ctx, cancel := context.WithCancel(ctx)
	w.stop = append(w.stop, cancel)
	one := &work{ready: make(chan struct{})}
	w.all[commit] = one
	go func() {
		defer close(one.ready)
		defer cancel()
		made := do(ctx)
		one.side, one.target, one.reason, one.err = made.side, made.target, made.reason, made.err
	}()
	return one
}

func (w *work) wait() *work {
	if w.ready != nil {
		<-w.ready
	}
	return w
}

func (w *work) close() {
	if w.wait().side != nil {
		w.side.close()
	}
}

// forget gives the folders up of all that is not to be kept.
func (w *works) forget(keep func(commit int) bool) {
	w.mu.Lock()
	var gone []*work
	for commit, one := range w.all {
		if !keep(commit) {
			gone = append(gone, one)
			delete(w.all, commit)
		}
	}
	w.mu.Unlock()
	for _, one := range gone {
		one.close()
	}
}

func (w *works) close() {
	w.mu.Lock()
	for _, cancel := range w.stop {
		cancel()
	}
	w.stop = nil
	w.mu.Unlock()
	w.forget(func(int) bool { return false })
}

// built builds a commit, or waits for that.
func (b *bisection) built(ctx context.Context, commit int) (*work, error) {
	w := b.works.begin(ctx, commit, func(ctx context.Context) *work { return b.build(ctx, commit) }).wait()
	if w.ready != nil && !w.counted {
		w.counted = true
		b.state.Builds++
	}
	return w, w.err
}

// build checks a commit out and builds the scenario in it.
func (b *bisection) build(ctx context.Context, commit int) *work {
	s := &side{name: b.line[commit].Short()}
	w := &work{side: s}
	if err := s.checkOut(ctx, b.repo, b.line[commit].Commit()); err != nil {
		if w.err = err; s.tree != nil && !exists(s.root) {
			w.reason, w.err = "it has no folder "+b.repo.Prefix, nil
		}
		return w
	}
	s.module = moduleAbove(s.root)
	h := b.narrowed()
	po, err := packageOptions(h)
	if err == nil {
		s.built.scratch, err = target.NewScratch("build")
	}
	if err != nil {
		w.err = err
		return w
	}
	po.Root, po.Env, po.Dir = s.root, s.env, s.built.scratch.Dir
	s.built.options = po
	s.built.Found, err = target.Packages(ctx, s.patterns(h.Packages), po)
	switch {
	case ctx.Err() != nil:
		w.err = errors.Join(ctx.Err(), err)
	case err != nil:
		w.reason = firstLine(target.PackageError{Output: err.Error()})
	default:
		w.target, w.reason = s.subject(*b.state.Subject)
	}
	return w
}

// ahead builds what may be measured next while a commit is being measured: one commit
// for either way that this can come out. Only the exact pass does not mind that; the
// figures of the others depend on what else the machine does.
func (b *bisection) ahead(ctx context.Context, step bisect.Step) {
	last := len(b.line) - 1
	keep := map[int]bool{step.Commit: true, last: true}
	defer b.works.forget(func(commit int) bool { return keep[commit] })
	m, _ := highwater.MetricByName(b.state.Metric)
	sessions := b.sessions()
	if step.Commit == last || len(sessions) == 0 {
		return
	}
	for _, like := range []func(bisect.Session) []float64{
		func(s bisect.Session) []float64 { return s.Good },
		func(s bisect.Session) []float64 { return s.Values },
	} {
		// The first session is of the ends.
		values := like(sessions[0])
		if len(values) == 0 {
			continue
		}
		guess := bisect.Session{Commit: step.Commit}
		for range step.Repeats {
			guess.Values = append(guess.Values, values[0])
			guess.Good = append(guess.Good, sessions[0].Good[0])
		}
		next := bisect.Next(b.options(), append(sessions[:len(sessions):len(sessions)], guess), b.skipped)
		if next.Do != bisect.Measure || next.Commit == last {
			continue
		}
		keep[next.Commit] = true
		if m.Pass == highwater.PassExact {
			b.works.begin(ctx, next.Commit, func(ctx context.Context) *work { return b.build(ctx, next.Commit) })
		}
	}
}
