package measure

import (
	"context"
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
	return Alternate(ctx, []Side{{Targets: targets, Dir: o.Dir, Record: record}}, o)
}

// More measures further repeats, in the order given, as Run does. A process
// that failed before is not repeated.
func More(ctx context.Context, repeats []Repeat, o Options, record func(highwater.Measurement)) error {
	return AlternateMore(ctx, []Side{{Dir: o.Dir, Record: record}}, [][]Repeat{repeats}, o)
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
	side   int
	target target.Target
	pass   highwater.Pass
	repeat int
	rate   int // profile rate; 0: chosen from what the natural process allocated
	soak   *soaking
	live   *living
}

// facts is what earlier processes of a scenario tell later ones.
type facts struct {
	alloc  uint64           // bytes that a natural process allocated in all
	failed highwater.Status // how a process failed, "" for none
}

// plan carries out jobs.
type plan struct {
	options Options
	sides   []Side

	mu    sync.Mutex
	facts map[of]*facts
	done  int
	total int
}

// of is a scenario on one side.
type of struct {
	side int
	id   string
}

func (p *plan) known(side int, id string) *facts {
	k := of{side, id}
	if p.facts[k] == nil {
		p.facts[k] = &facts{}
	}
	return p.facts[k]
}

// allocated is what a natural process of the scenario has allocated at most, on
// any side: their profiles are taken at one rate.
func (p *plan) allocated(id string) uint64 {
	var most uint64
	for side := range p.sides {
		most = max(most, p.known(side, id).alloc)
	}
	return most
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
	f := *p.known(j.side, id)
	f.alloc = p.allocated(id)
	if p.options.Progress != nil {
		p.options.Progress(Progress{Scenario: id, Side: p.sides[j.side].Name, Pass: j.pass, Repeat: j.repeat, Done: p.done, Total: p.total})
	}
	p.mu.Unlock()
	// A scenario that panics or hangs does so in every pass: once is enough.
	// One that ran out of memory is run in the exact pass too, which names the
	// lines that took it.
	skip := f.failed != "" && !(f.failed == highwater.StatusMemory && j.pass == highwater.PassExact && j.repeat == 0)
	var m highwater.Measurement
	var alloc uint64
	if !skip {
		o := p.options
		o.Dir = p.sides[j.side].Dir
		m, alloc = one(ctx, j, f, o)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if skip || ctx.Err() != nil {
		return
	}
	if alloc > 0 {
		p.known(j.side, id).alloc = alloc
	}
	if m.Outcome.Status != highwater.StatusOK {
		p.known(j.side, id).failed = m.Outcome.Status
	}
	p.sides[j.side].Record(m)
}
