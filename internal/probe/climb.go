package probe

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// climb makes the collector run often enough that no high of live memory goes
// unseen by more than one step: after every collection it sets GOGC so that the
// next one begins when the heap, garbage included, reaches the highest live
// memory seen so far plus a step. A program that stays below its high is left
// alone until garbage has filled the gap.
//
// Under gcstoptheworld=2 sweeping is done when a collection ends, which frees
// the heap goal from the minimal sweep distance of 1 MiB (runtime/mgcpacer.go,
// commit); the goal's floor is then a runway of 64 KiB.
type climb struct {
	s         []metrics.Sample
	hook      func(heap, stacks int64, cycle uint64)
	sentinel  *sentinel
	stopped   atomic.Bool
	base      int64 // live at the last reset
	high      int64 // highest live since
	step      int64
	percent   int
	first     uint64 // cycle count at the last reset
	seen      int64
	marked    int64  // bytes that collections since the last reset found alive, in all
	foreign   bool   // the program itself set GOGC
	allocs    uint64 // bytes allocated up to the last follow
	want      int64  // what was to be allocated from there to the next collection
	slack     int64  // what the goal needs beyond that; see follow
	userLimit int64
}

// The step is the larger of minStep and a share of the climb so far: half a percent
// as long as collections are cheap, and two percent when they have marked fineMarks
// bytes, so that a climb to gigabytes does not take minutes. Marks are counted, and
// not the time that they took, which would differ from process to process.
//
// minStep doubles after every stepCycles collections, up to maxStep, which bounds
// the cost of programs that allocate gigabytes beside a small heap.
const (
	minStep    = 64 << 10
	maxStep    = 1 << 20
	stepCycles = 256
	fineShare  = 200
	fineMarks  = 2 << 30
	stepShare  = 50
)

// sentinel is the object whose finalizer is the hook. It has a pointer and a
// size that keep it out of the tiny allocator, which could tie it to others.
type sentinel struct {
	c *climb
	_ [4]uintptr
}

func (c *climb) arm(hook func(heap, stacks int64, cycle uint64)) {
	if c.sentinel != nil {
		return
	}
	c.hook = hook
	c.s = []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/gc/scan/stack:bytes"},
		{Name: "/gc/scan/globals:bytes"},
		{Name: "/gc/heap/allocs:bytes"},
	}
	c.userLimit = debug.SetMemoryLimit(-1)
	c.percent = debug.SetGCPercent(100)
	debug.SetGCPercent(c.percent)
	runtime.SetFinalizer(&sentinel{c: c}, finalized)
	c.sentinel = &sentinel{c: c} // marks the climb as armed; never finalized
}

// finalized runs in the finalizer goroutine after a collection, and arms itself
// for the next by resurrecting the sentinel.
func finalized(s *sentinel) {
	c := s.c
	if c.stopped.Load() {
		return
	}
	c.hook(c.live())
	runtime.SetFinalizer(s, finalized)
}

// live is what the last collection left (the heap that it marked, and stacks),
// and which collection that was: the hook may have to wait for a checkpoint, and
// others pass meanwhile.
func (c *climb) live() (heap, stacks int64, cycle uint64) {
	s := [3]metrics.Sample{c.s[0], c.s[1], c.s[2]}
	metrics.Read(s[:])
	return int64(value(s[0])), int64(value(s[1])), value(s[2])
}

// reset begins anew: what is alive now is the base.
func (c *climb) reset(heap, stacks int64) {
	c.base, c.high = heap+stacks, heap+stacks
	c.step, c.seen, c.marked = minStep, 0, 0
	c.first = cycles()
	c.follow(heap, stacks)
}

// count notes that the hook saw a collection, which found so much alive.
func (c *climb) count(live int64) {
	c.seen++
	c.marked += live
	if c.seen%stepCycles == 0 && c.step < maxStep {
		c.step *= 2
	}
}

// follow sets the next heap goal from what is alive now. The caller holds the
// agent's lock.
func (c *climb) follow(heap, stacks int64) {
	if c.stopped.Load() {
		return
	}
	c.high = max(c.high, heap+stacks)
	metrics.Read(c.s[3:])
	share := int64(fineShare)
	if c.marked > fineMarks {
		share = stepShare
	}
	step := max(c.step, (c.high-c.base)/share)
	// The high is of heap and stacks, the runtime's goal of the heap alone:
	// marked + (marked + stacks + globals) * GOGC/100, but never under
	// 4 MiB * GOGC/100; see runtime/mgcpacer.go.
	goal := c.high - stacks + step
	// A collection empties the caches of free objects, and the pacer counts the
	// whole span that refills one as allocated: a program with objects of many
	// sizes reaches its goal hundreds of KB early. What is missing is added.
	total := value(c.s[5])
	got := int64(total - c.allocs)
	c.allocs = total
	if c.want > 0 {
		c.slack = min(max(c.slack+(c.want-got)/4, 0), max((c.high-c.base)/stepShare, 0))
	}
	c.want = goal - heap
	goal += c.slack
	scanned := heap + int64(value(c.s[3])) + int64(value(c.s[4]))
	percent := int(((goal-heap)*100 + scanned/2) / max(scanned, 1))
	percent = min(percent, int(goal*100/(4<<20)))
	percent = max(percent, 1)
	if percent == c.percent {
		return
	}
	if old := debug.SetGCPercent(percent); old != c.percent {
		c.foreign = true
	}
	c.percent = percent
}

// stop ends the climb, and returns the collections since the last reset and how
// many of them the hook saw.
func (c *climb) stop() (total, seen int64) {
	c.stopped.Store(true)
	total = int64(cycles() - c.first)
	if old := debug.SetGCPercent(100); old != c.percent {
		c.foreign = true
	}
	return total, c.seen
}

func (c *climb) note() string {
	switch {
	case c.foreign:
		return "the program calls debug.SetGCPercent: peaks between checkpoints may be missed"
	case debug.SetMemoryLimit(-1) != c.userLimit:
		return "the program calls debug.SetMemoryLimit: collections come more often than highwater asks for"
	}
	return ""
}

// cycles is the number of collections so far.
func cycles() uint64 {
	s := [1]metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(s[:])
	return value(s[0])
}

// letHookRun makes way for the hook. It has to be back at its post before a
// collection to see it, and to look at one before the next: when a workload or a
// benchmark returns, its variables are garbage, and the next collection does not
// find them. Nothing here allocates before the hook has had the only processor,
// since an allocation could begin that collection.
func letHookRun() {
	for range 3 {
		runtime.Gosched()
	}
	time.Sleep(50 * time.Microsecond)
	waitFinalizers()
}
