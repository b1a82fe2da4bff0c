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
}

// windowSize holds all that is in use of most stacks whose goroutine waits.
const windowSize = 1 << 10

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
	p.follow(g, w)
}

func (p *Process) follow(g *goroutine, w *window) {
	g.certain = false
	g.stack = append(g.stack[:0], g.pc)
	if g.hi <= g.lo || g.hi-g.lo > largestStack || g.sp < g.lo || g.sp > g.hi || p.module(g.pc) == nil {
		return
	}
	w.bytes = w.bytes[:0] // a window is of the stack as it was just then
	for bp := g.bp; bp != 0; {
		// On arm64 the frame pointer is one word below the stack pointer.
		if bp%8 != 0 || bp+8 < g.sp || bp < g.lo || bp > g.hi-16 || len(g.stack) == mostDepth {
			// Deeper than this, what there is suffices.
			g.certain = len(g.stack) == mostDepth
			return
		}
		if bp < w.start || bp+16 > w.start+uint64(len(w.bytes)) {
			n := min(g.hi-bp, windowSize)
			w.start, w.bytes = bp, w.bytes[:n]
			if p.mem.read(w.bytes, bp) != nil {
				w.bytes = w.bytes[:0]
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
