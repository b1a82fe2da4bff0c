package inspect

import (
	"fmt"
	"strings"
)

// layout is where everything is in the runtime's structures that is read.
type layout struct {
	stats struct { // mstats
		ring                                              field
		stacks, spans, caches, buckets, collector, others field
		numGC, forced, pauses, pauseEnds                  field
		lastUnix, lastNano                                field
	}
	delta struct { // heapStatsDelta
		committed, released, inHeap, inStacks, inWork, inBits field
		tiny, largeAlloc, largeAllocs, smallAllocs            field
		largeFree, largeFrees, smallFrees                     field
	}
	pacer struct { // gcControllerState
		percent, limit, percentGoal, sweepTrigger, triggered, lastGoal, marked field
		inUse, free, totalAlloc, totalFree, ready                              field
	}
	work struct { // workType
		forced, cycles, sweepTerm, mark, markTerm, end, pause, before, peak, after field
		gc, assist, scavenge, idle, user, total                                    field
	}
	limiter field
	sched   struct{ system, dead, deadNoStack field }
	dead    field // in p
	nextM   field // in m
	g       struct {
		lo, hi, sp, pc, bp, syscallSP, syscallPC, syscallBP field
		status, id, since, reason, created, start, cleaning field
	}
	module struct {
		names, units, files, values, funcs, index, sections slice
		header, text, minPC, maxPC, data, next              field
		dataStart, dataEnd, bssStart, bssEnd, types         field
		step                                                field // in pcHeader
		nameOff, file, line, npcdata, unit, id, nfuncdata   field // in _func
		inlined                                             struct{ id, name, parent field }
		inlinedSize                                         int
	}
	heap    struct{ spans slice }
	span    struct{ start, pages, free, count, bits, allocated, class, state, size, specials, large field }
	special struct{ next, offset, kind, bucket field } // and specialprofile
	bucket  struct{ next, kind, size, depth field }
	record  struct {
		active, future              field // in memRecord
		allocs, frees, bytes, freed field // in memRecordCycle
	}
	sizes struct{ bucket, record, fn, marks int }
	num   consts
}

// consts are numbers of the runtime, which differ between releases.
type consts struct {
	idle, runnable, running, syscall, waiting, dead, deadExtra, scan int64
	wrapper, panics, sigPanic, panicWrap                             int64
	specialProfile, specialFinalizer, specialCleanup                 int64 // 0 where unknown
}

// newLayout looks everything up. The error is [ErrUnknown] and names the first thing
// that is not there.
func newLayout(t *types) (*layout, error) {
	l := &layout{}
	for _, w := range l.wants() {
		path, optional := strings.CutSuffix(w.path, "?")
		found := optional
		for path := range strings.SplitSeq(path, "|") {
			if f, ok := t.find("runtime."+w.of, path); ok {
				*w.to, found = f, true
				break
			}
		}
		if !found {
			return nil, fmt.Errorf("%w: its runtime.%s has no %s", ErrUnknown, w.of, strings.ReplaceAll(path, "|", " nor "))
		}
	}
	for name, to := range map[string]*int{"bucket": &l.sizes.bucket, "memRecord": &l.sizes.record, "_func": &l.sizes.fn, "inlinedCall": &l.module.inlinedSize} {
		at, ok := t.structs["runtime."+name]
		if *to = int(t.size(at)); !ok || *to <= 0 || *to > largestStruct {
			return nil, fmt.Errorf("%w: it has no runtime.%s", ErrUnknown, name)
		}
	}
	// The collector's marks lie in spans where it is Green Tea, and are nothing elsewhere.
	if at, ok := t.structs["runtime.spanInlineMarkBits"]; ok {
		if n := t.size(at); n > 0 && n <= pageSize/2 {
			l.sizes.marks = int(n)
		}
	}
	c := &l.num
	for name, to := range map[string]*int64{
		"runtime._Gidle": &c.idle, "runtime._Grunnable": &c.runnable, "runtime._Grunning": &c.running, "runtime._Gsyscall": &c.syscall,
		"runtime._Gwaiting": &c.waiting, "runtime._Gdead": &c.dead, "runtime._Gscan": &c.scan,
		"internal/abi.FuncIDWrapper": &c.wrapper, "internal/abi.FuncID_gopanic": &c.panics,
		"internal/abi.FuncID_sigpanic": &c.sigPanic, "internal/abi.FuncID_panicwrap": &c.panicWrap,
	} {
		v, ok := t.consts[name]
		if !ok {
			return nil, fmt.Errorf("%w: it has no constant %s", ErrUnknown, name)
		}
		*to = v
	}
	c.deadExtra = c.dead // since Go 1.26 those are told apart
	if v, ok := t.consts["runtime._Gdeadextra"]; ok {
		c.deadExtra = v
	}
	c.specialProfile, c.specialFinalizer = t.consts["runtime._KindSpecialProfile"], t.consts["runtime._KindSpecialFinalizer"]
	c.specialCleanup = t.consts["runtime._KindSpecialCleanup"]
	return l, nil
}

// extent is how many bytes from the beginning of a structure hold all these fields.
func extent(fields ...field) int {
	n := 0
	for _, f := range fields {
		n = max(n, f.end())
	}
	return n
}
