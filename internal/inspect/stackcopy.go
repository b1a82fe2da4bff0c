package inspect

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
)

// copyStacks reads what of the stacks is in use: from where a goroutine left its own to
// its end.
func (p *Process) copyStacks(ctx context.Context, s *stopped, pic *picture) error {
	var pointers []uint64
	for _, id := range p.proc.Threads(p.pid) {
		if sp, ok := p.proc.StackPointer(p.pid, id); ok {
			pointers = append(pointers, sp)
		}
	}
	var broken error
	n := 0
	err := p.goroutines(func(g *goroutine) {
		if n++; n%256 == 0 && broken == nil {
			broken = s.check(ctx)
		}
		if broken != nil || g.hi <= g.lo || g.hi-g.lo > largestStack {
			return
		}
		c := stackCopy{goroutine: *g}
		inside := func(sp uint64) bool { return sp >= g.lo && sp < g.hi }
		if g.status == p.layout.num.running || !inside(g.sp) {
			// Where a goroutine left its stack it has not noted while it runs, but the
			// kernel has. Where it is in the runtime, which has stacks of its own, it has.
			c.running = true
			if i := slices.IndexFunc(pointers, inside); i >= 0 {
				c.sp = pointers[i]
			} else if !inside(c.sp) {
				c.sp = g.lo
			}
		}
		c.region.start = c.sp &^ 7
		c.bytes = make([]byte, (g.hi-c.region.start)&^7)
		if p.mem.read(c.bytes, c.region.start) == nil {
			pic.stacks = append(pic.stacks, c)
		}
	})
	if err == nil {
		err = broken
	}
	if err != nil {
		return fmt.Errorf("reading the stacks: %w", err)
	}
	return nil
}

// frame is a part of a stack, and the return address into the function that it is of.
type frame struct {
	pc uint64
	region
}

// frames cuts a stack. Where it cannot be followed the rest is one of no function.
func (c *stackCopy) frames() []frame {
	end := c.region.start + uint64(len(c.bytes))
	part := func(pc, from, to uint64) frame {
		return frame{pc, region{from, c.bytes[from-c.region.start : to-c.region.start]}}
	}
	at, pc, bp := c.region.start, c.pc, c.bp
	var all []frame
	for !c.running && len(all) < mostDepth && bp%8 == 0 && bp >= at && bp+16 <= end {
		all = append(all, part(pc, at, bp))
		words := c.bytes[bp-c.region.start:]
		bp, pc, at = binary.LittleEndian.Uint64(words), binary.LittleEndian.Uint64(words[8:]), bp+16
	}
	if bp != 0 || c.running {
		pc = 0
	}
	return append(all, part(pc, at, end))
}

// scheduler are the addresses of the runtime's goroutines, threads and processors, which
// are objects of the heap.
func (p *Process) scheduler() ([]uint64, error) {
	all, err := p.allgs()
	if err != nil {
		return nil, err
	}
	processors, err := p.processors()
	if err != nil {
		return nil, fmt.Errorf("reading the scheduler's processors: %w", err)
	}
	all = append(all, processors...)
	const mostThreads = 1 << 16
	at, err := p.mem.word(p.at("runtime.allm"))
	for n := 0; err == nil && at != 0 && n < mostThreads; n++ {
		all = append(all, at)
		at, err = p.mem.word(at + uint64(p.layout.nextM.off))
	}
	if err != nil {
		return nil, fmt.Errorf("reading the scheduler's threads: %w", err)
	}
	return all, nil
}
