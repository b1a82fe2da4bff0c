package inspect

import "encoding/binary"

// Bounds of a stack: frames that are followed, and bytes.
const (
	mostDepth    = 128
	largestStack = 1 << 30
)

// window is a part of a stack that was read.
type window struct {
	start uint64
	bytes []byte
	uses  int // of goroutines since it was opened
}

const (
	// smallWindow holds all that is in use of most stacks whose goroutine waits.
	smallWindow = 1 << 10
	// Small stacks lie side by side, those of goroutines that began one after the other
	// above all: a large window shows some of them, as they are read within less than a
	// tenth of a millisecond.
	largeWindow = 16 << 10
	windowUses  = 8
	stackSpan   = 32 << 10 // stacks are cut out of pieces of this size, which begin at a multiple of it
)

// open moves a window to a frame of a stack that ends at hi.
func (p *Process) open(w *window, bp, hi uint64) error {
	w.start, w.uses = bp, 0
	w.bytes = w.bytes[:min(largeWindow, stackSpan-bp%stackSpan)]
	err := p.mem.read(w.bytes, bp)
	if err != nil || uint64(len(w.bytes)) < min(hi-bp, smallWindow) {
		w.bytes = w.bytes[:min(hi-bp, smallWindow)]
		err = p.mem.read(w.bytes, bp)
	}
	if err != nil {
		w.bytes = w.bytes[:0]
	}
	return err
}

// unwind fills in where a goroutine is, by following the frame pointers that the
// compiler saves on amd64 and arm64: one word holds that of the caller, and the next
// the return address. It is certain when they lead to where the goroutine began.
//
// A goroutine that runs, or runs again by now, leads anywhere; its structure is then
// read anew, once. What stays uncertain is not used: see [Process.Goroutines].
func (p *Process) unwind(g *goroutine, w *window) {
	if g.status == p.layout.num.running {
		return
	}
	if p.follow(g, w); g.certain {
		return
	}
	f := &p.layout.g
	b := make([]byte, extent(f.lo, f.hi, f.sp, f.pc, f.bp, f.syscallSP, f.syscallPC, f.syscallBP, f.status, f.id, f.since, f.reason, f.created, f.start, f.cleaning))
	if p.mem.read(b, g.at) != nil {
		return
	}
	again := p.goroutine(b, g.at)
	if again.id != g.id || again.status == p.layout.num.running || !p.alive(again.status) {
		return
	}
	stack := g.stack
	*g = again
	g.stack = stack
	w.bytes = w.bytes[:0]
	p.follow(g, w)
}

func (p *Process) follow(g *goroutine, w *window) {
	g.certain = false
	g.stack = append(g.stack[:0], g.pc)
	if g.hi <= g.lo || g.hi-g.lo > largestStack || g.sp < g.lo || g.sp > g.hi || p.module(g.pc) == nil {
		return
	}
	if w.uses++; w.uses > windowUses {
		w.bytes = w.bytes[:0]
	}
	for bp := g.bp; bp != 0; {
		// On arm64 the frame pointer is one word below the stack pointer.
		if bp%8 != 0 || bp+8 < g.sp || bp < g.lo || bp > g.hi-16 || len(g.stack) == mostDepth {
			// Deeper than this, what there is suffices.
			g.certain = len(g.stack) == mostDepth
			return
		}
		if bp < w.start || bp+16 > w.start+uint64(len(w.bytes)) {
			if p.open(w, bp, g.hi) != nil {
				return
			}
		}
		at := w.bytes[bp-w.start:]
		next, ret := binary.LittleEndian.Uint64(at), binary.LittleEndian.Uint64(at[8:])
		if next != 0 && next <= bp || p.module(ret) == nil {
			return
		}
		g.stack = append(g.stack, ret)
		bp = next
	}
	g.certain = true
}
