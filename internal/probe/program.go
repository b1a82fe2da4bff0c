package probe

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// Program is the probe's side of a main package that knows nothing of highwater:
// a command-line tool that does its work and ends, or a server that ends when it is
// told to. Package overlay adds what starts it.
//
// All that the process holds and allocates is the program's, from the first
// initialiser on, but for what the probe itself takes, which is measured and taken
// off. Highwater asks for readings while a load drives the program (see [AskReady]);
// a program that ends by itself gives the last ones in a hook of the runtime, which
// runs when main returns and in os.Exit. A crash runs no hook, and so yields none.
type Program struct {
	link  *Link
	agent programAgent
	asks  chan byte
	mu    sync.Mutex // the agent's work, one piece after the other
	over  atomic.Bool
}

// programAgent is what the agent of a pass does for a program.
type programAgent interface {
	// begin is told what there was before the probe.
	begin(before origin)
	ready()
	checkpoint()
	// last takes the last readings: asked says that highwater wants them while the
	// program goes on, and not that it is ending.
	last(asked bool)
}

// origin is what the process held, and had allocated, before the probe.
type origin struct {
	live  Reading // in the exact pass only
	stats runtime.MemStats
}

// StartProgram begins to measure this process as a whole, where highwater started
// it for that. AtExit registers a function that runs when the process ends by
// itself; it is nil for a Go release of which no such hook is known.
func StartProgram(atExit func(func())) {
	if _, ok := os.LookupEnv(EnvProgram); !ok {
		return
	}
	var before origin
	runtime.ReadMemStats(&before.stats)
	spec, _, err := fromVariable(EnvProgram)
	if err == nil {
		p := &Program{asks: make(chan byte, 1)}
		err = p.start(spec, before, atExit)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "highwater:", err)
		os.Exit(exitUsage)
	}
}

func (p *Program) start(s Spec, before origin, atExit func(func())) error {
	if s.Pass == "exact" {
		settle()
		settle()
		before.live = read()
	}
	var err error
	if p.link, err = DialAsked(s, nil, p.asks); err != nil {
		return err
	}
	switch s.Pass {
	case "exact":
		p.agent = &programExact{exact: newExact(s, p.link)}
	case "natural":
		p.agent = &programNatural{newNatural(s, p.link)}
	case "collector":
		p.agent = &programCollector{newCollector(s, p.link)}
	case "soak", "live":
		p.agent = &programSoak{newSoak(s, p.link)}
	default:
		return fmt.Errorf("%s: unknown pass %q", EnvProgram, s.Pass)
	}
	if atExit != nil {
		atExit(func() { p.end(false) })
	}
	running := make(chan struct{})
	go func() {
		close(running)
		for ask := range p.asks {
			p.do(ask)
		}
	}()
	<-running
	go func() {
		<-p.link.Gone
		if !p.over.Load() {
			os.Exit(2)
		}
	}()
	p.agent.begin(before)
	return nil
}

// do carries out what highwater asks.
func (p *Program) do(ask byte) {
	if ask == AskEnd {
		p.end(true)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over.Load() {
		return
	}
	switch ask {
	case AskReady:
		p.agent.ready()
	case AskCheckpoint:
		p.agent.checkpoint()
	default:
		if s, ok := p.agent.(*programSoak); ok {
			s.tell(ask)
		}
	}
	p.link.answer()
}

// end takes the last readings, once.
func (p *Program) end(asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over.Swap(true) {
		return
	}
	p.agent.last(asked)
	_ = p.link.Close() // without highwater there is nobody to tell
}

// programNatural counts allocations from the start of the process, or from ready
// on where there is such a moment.
type programNatural struct{ *natural }

func (n *programNatural) begin(before origin) {
	n.Start()
	n.before.TotalAlloc -= before.stats.TotalAlloc // the probe's own
	n.before.Mallocs -= before.stats.Mallocs
}

func (n *programNatural) ready()      { n.Start() }
func (n *programNatural) checkpoint() {}

func (n *programNatural) last(bool) {
	n.SteadyEnd()
	n.TornDown()
}

// programCollector watches the collector from the start of the process, or from
// ready on.
type programCollector struct{ *collector }

func (c *programCollector) begin(origin) { c.Start() }
func (c *programCollector) ready()       { c.Start() }
func (c *programCollector) checkpoint()  {}

func (c *programCollector) last(bool) {
	c.SteadyEnd()
	c.TornDown()
}

// programSoak looks at the program from ready on, by the clock.
type programSoak struct{ *soak }

func (p *programSoak) begin(origin) { p.Start() }
func (p *programSoak) checkpoint()  {}

func (p *programSoak) ready() { p.Start() }

// last gives no leftovers: the program goes on with what it has.
func (p *programSoak) last(bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.final()
	p.ended = true
	close(p.stop)
}
