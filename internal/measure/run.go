package measure

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// Run measures every target, each pass in as many fresh processes as the
// options say, and calls record after each process. Repeats are interleaved
// over the targets, so that a drift of the machine falls on all alike.
//
// Natural processes run alone, because their figures depend on the machine;
// the others are then run Jobs at a time. Record is never called twice at once.
// The error is that of ctx, or of a set-up that no scenario is to blame for.
func Run(ctx context.Context, targets []target.Target, o Options, record func(highwater.Measurement)) error {
	if o.Dir != "" {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return fmt.Errorf("making the folder for profiles: %w", err)
		}
	}
	p := &plan{options: o, record: record, facts: map[string]*facts{}}
	var alone, shared []job
	for _, pass := range highwater.Passes() {
		for repeat := range o.repeats(pass) {
			for _, t := range targets {
				if _, omitted := t.Info.Omit[pass]; omitted {
					continue
				}
				j := job{target: t, pass: pass, repeat: repeat}
				if pass == highwater.PassNatural {
					alone = append(alone, j)
				} else {
					shared = append(shared, j)
				}
			}
		}
	}
	p.total = len(alone) + len(shared)
	if err := p.run(ctx, alone, 1); err != nil {
		return err
	}
	return p.run(ctx, shared, jobs(o.Jobs))
}

// More measures further repeats, in the order given, as Run does. A process
// that failed before is not repeated.
func More(ctx context.Context, repeats []Repeat, o Options, record func(highwater.Measurement)) error {
	p := &plan{options: o, record: record, facts: map[string]*facts{}, total: len(repeats)}
	var alone, shared []job
	for _, r := range repeats {
		j := job{target: r.Target, pass: r.Pass, repeat: r.Number, rate: r.ProfileRate}
		if r.Pass == highwater.PassNatural {
			alone = append(alone, j)
		} else {
			shared = append(shared, j)
		}
	}
	if err := p.run(ctx, alone, 1); err != nil {
		return err
	}
	return p.run(ctx, shared, jobs(o.Jobs))
}

// Repeat is one more process to measure.
type Repeat struct {
	Target      target.Target
	Pass        highwater.Pass
	Number      int // of the repeat, from 0
	ProfileRate int // that of the earlier exact processes; 0 for a default
}

func jobs(n int) int {
	if n > 0 {
		return n
	}
	return runtime.NumCPU()
}

type job struct {
	target target.Target
	pass   highwater.Pass
	repeat int
	rate   int // profile rate; 0: chosen from what the natural process allocated
}

// facts is what earlier processes of a scenario tell later ones.
type facts struct {
	alloc  uint64           // bytes that a natural process allocated in all
	failed highwater.Status // how a process failed, "" for none
}

// plan carries out jobs.
type plan struct {
	options Options
	record  func(highwater.Measurement)

	mu    sync.Mutex
	facts map[string]*facts
	done  int
	total int
}

func (p *plan) of(id string) *facts {
	if p.facts[id] == nil {
		p.facts[id] = &facts{}
	}
	return p.facts[id]
}

// run works the jobs off, n at a time.
func (p *plan) run(ctx context.Context, jobs []job, n int) error {
	queue := make(chan job)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for j := range queue {
				p.do(ctx, j)
			}
		})
	}
	for _, j := range jobs {
		if ctx.Err() != nil {
			break
		}
		queue <- j
	}
	close(queue)
	wg.Wait()
	return ctx.Err()
}

func (p *plan) do(ctx context.Context, j job) {
	id := j.target.Info.ID()
	p.mu.Lock()
	f := *p.of(id)
	if p.options.Progress != nil {
		p.options.Progress(Progress{Scenario: id, Pass: j.pass, Repeat: j.repeat, Done: p.done, Total: p.total})
	}
	p.mu.Unlock()
	// A scenario that panics or hangs does so in every pass: once is enough.
	// One that ran out of memory is run in the exact pass too, which names the
	// lines that took it.
	skip := f.failed != "" && !(f.failed == highwater.StatusMemory && j.pass == highwater.PassExact && j.repeat == 0)
	var m highwater.Measurement
	var alloc uint64
	if !skip {
		m, alloc = one(ctx, j, f, p.options)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if skip || ctx.Err() != nil {
		return
	}
	if alloc > 0 {
		p.of(id).alloc = alloc
	}
	if m.Outcome.Status != highwater.StatusOK {
		p.of(id).failed = m.Outcome.Status
	}
	p.record(m)
}
