package inspect

import (
	"slices"

	"github.com/highwater-dev/highwater"
)

// call is what is known of a return address.
type call struct {
	levels []level // innermost first: the inlined calls there, and the function last
}

// level is a function that was called there.
type level struct {
	pc    uint64 // within the call
	id    int64  // which of the runtime's special functions it is
	frame highwater.Frame
}

// mostLevels bounds how deep calls are inlined, and mostCalls what is remembered.
const (
	mostLevels = 256
	mostCalls  = 1 << 16
)

// call looks up what is called before a return address. It is nil for code that is
// not Go's.
func (p *Process) call(ret uint64) *call {
	if c, ok := p.calls[ret]; ok {
		return c
	}
	if len(p.calls) >= mostCalls {
		clear(p.calls)
	}
	c := p.lookup(ret)
	p.calls[ret] = c
	return c
}

func (p *Process) lookup(ret uint64) *call {
	f, ok := p.function(ret)
	if !ok {
		return nil
	}
	pc := ret
	if pc > f.entry {
		pc-- // into the call
	}
	l := &p.layout.module
	c := &call{}
	for range mostLevels {
		v := level{pc: pc, id: l.id.int(f.head)}
		name := l.nameOff.of(f.head)
		v.frame.File, v.frame.Line = p.position(f, pc)
		inner, inlined := p.inlinedCall(p.inlined(f, pc))
		if inlined {
			v.id, name = int64(inner.id), inner.name
		}
		v.frame.Func = p.name(f.module, name)
		c.levels = append(c.levels, v)
		if !inlined {
			return c
		}
		pc = f.entry + inner.parent
	}
	return c
}

// Frames are those of a stack as the memory profile has it, innermost first: what
// runtime.CallersFrames makes of it. Of calls that were inlined, the runtime records
// an address each; where one is missing, it is put in.
func (p *Process) Frames(stack []uint64) []highwater.Frame {
	var out []highwater.Frame
	for i, next := range stack {
		for range mostLevels {
			c := p.call(next)
			if c == nil {
				break
			}
			next = 0
			inner := c.levels[0]
			out = append(out, inner.frame)
			for _, outer := range c.levels[1:] {
				if i+1 == len(stack) || stack[i+1] == outer.pc+1 {
					break
				}
				if p.hidden(outer.id, inner.id) {
					continue
				}
				next = outer.pc + 1
				break
			}
			if next == 0 {
				break
			}
		}
	}
	return out
}

// expanded are the frames of return addresses that were found on a stack: all calls
// that were inlined at each.
func (p *Process) expanded(stack []uint64) []highwater.Frame {
	var out []highwater.Frame
	inner := int64(0)
	for _, ret := range stack {
		c := p.call(ret)
		if c == nil {
			continue
		}
		for _, v := range c.levels {
			if !p.hidden(v.id, inner) {
				out = append(out, v.frame)
			}
			inner = v.id
		}
	}
	return out
}

// hidden reports a wrapper that the compiler made, which no traceback shows unless it
// panics; see runtime.elideWrapperCalling.
func (p *Process) hidden(id, inner int64) bool {
	n := &p.layout.num
	return id == n.wrapper && !slices.Contains([]int64{n.panics, n.sigPanic, n.panicWrap}, inner)
}

// creation is the go statement before an address, as the runtime prints it: the
// function that there is code of, and the line of the innermost call.
func (p *Process) creation(ret uint64) highwater.Frame {
	c := p.call(ret)
	if c == nil {
		return highwater.Frame{}
	}
	f := c.levels[0].frame
	f.Func = c.levels[len(c.levels)-1].frame.Func
	if internal(f.Func) {
		return highwater.Frame{}
	}
	return f
}
