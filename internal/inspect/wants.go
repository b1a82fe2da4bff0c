package inspect

// want is a field of a structure of package runtime. Paths that differ between
// releases are parted by a bar, the newest first; one that ends with a question mark
// may be missing.
type want struct {
	of, path string
	to       *field
}

func (l *layout) wants() []want {
	all := append(l.wantStats(), l.wantGoroutines()...)
	all = append(all, l.wantModule()...)
	all = append(all, l.wantHeap()...)
	return append(all,
		want{"bucket", "allnext", &l.bucket.next}, want{"bucket", "typ", &l.bucket.kind},
		want{"bucket", "size", &l.bucket.size}, want{"bucket", "nstk", &l.bucket.depth},
		want{"memRecord", "active", &l.record.active}, want{"memRecord", "future", &l.record.future},
		want{"memRecordCycle", "allocs", &l.record.allocs}, want{"memRecordCycle", "frees", &l.record.frees},
		want{"memRecordCycle", "alloc_bytes", &l.record.bytes}, want{"memRecordCycle", "free_bytes", &l.record.freed},
	)
}

func (l *layout) wantStats() []want {
	s, d, c, w := &l.stats, &l.delta, &l.pacer, &l.work
	return []want{
		{"mstats", "heapStats.stats", &s.ring},
		{"mstats", "stacks_sys", &s.stacks},
		{"mstats", "mspan_sys", &s.spans},
		{"mstats", "mcache_sys", &s.caches},
		{"mstats", "buckhash_sys", &s.buckets},
		{"mstats", "gcMiscSys", &s.collector},
		{"mstats", "other_sys", &s.others},
		{"mstats", "numgc", &s.numGC},
		{"mstats", "numforcedgc", &s.forced},
		{"mstats", "pause_ns", &s.pauses},
		{"mstats", "pause_end", &s.pauseEnds},
		{"mstats", "last_gc_unix", &s.lastUnix},
		{"mstats", "last_gc_nanotime", &s.lastNano},

		{"heapStatsDelta", "committed", &d.committed},
		{"heapStatsDelta", "released", &d.released},
		{"heapStatsDelta", "inHeap", &d.inHeap},
		{"heapStatsDelta", "inStacks", &d.inStacks},
		{"heapStatsDelta", "inWorkBufs", &d.inWork},
		{"heapStatsDelta", "inPtrScalarBits?", &d.inBits}, // gone in Go 1.25
		{"heapStatsDelta", "tinyAllocCount", &d.tiny},
		{"heapStatsDelta", "largeAlloc", &d.largeAlloc},
		{"heapStatsDelta", "largeAllocCount", &d.largeAllocs},
		{"heapStatsDelta", "smallAllocCount", &d.smallAllocs},
		{"heapStatsDelta", "largeFree", &d.largeFree},
		{"heapStatsDelta", "largeFreeCount", &d.largeFrees},
		{"heapStatsDelta", "smallFreeCount", &d.smallFrees},

		{"gcControllerState", "gcPercent", &c.percent},
		{"gcControllerState", "memoryLimit", &c.limit},
		{"gcControllerState", "gcPercentHeapGoal", &c.percentGoal},
		{"gcControllerState", "sweepDistMinTrigger", &c.sweepTrigger},
		{"gcControllerState", "triggered", &c.triggered},
		{"gcControllerState", "lastHeapGoal", &c.lastGoal},
		{"gcControllerState", "heapMarked", &c.marked},
		{"gcControllerState", "heapInUse", &c.inUse},
		{"gcControllerState", "heapFree", &c.free},
		{"gcControllerState", "totalAlloc", &c.totalAlloc},
		{"gcControllerState", "totalFree", &c.totalFree},
		{"gcControllerState", "mappedReady", &c.ready},

		{"workType", "userForced", &w.forced},
		{"workType", "cycles", &w.cycles},
		{"workType", "tSweepTerm", &w.sweepTerm},
		{"workType", "tMark", &w.mark},
		{"workType", "tMarkTerm", &w.markTerm},
		{"workType", "tEnd", &w.end},
		{"workType", "pauseNS", &w.pause},
		{"workType", "heap0", &w.before},
		{"workType", "heap1", &w.peak},
		{"workType", "heap2", &w.after},
		{"workType", "cpuStats.GCTotalTime", &w.gc},
		{"workType", "cpuStats.GCAssistTime", &w.assist},
		{"workType", "cpuStats.ScavengeTotalTime", &w.scavenge},
		{"workType", "cpuStats.IdleTime", &w.idle},
		{"workType", "cpuStats.UserTime", &w.user},
		{"workType", "cpuStats.TotalTime", &w.total},
		{"gcCPULimiterState", "lastEnabledCycle", &l.limiter},
	}
}

func (l *layout) wantGoroutines() []want {
	g := &l.g
	return []want{
		{"schedt", "ngsys", &l.sched.system},
		// Until Go 1.24 the lists of dead goroutines had one count together.
		{"schedt", "gFree.stack.size|gFree.n", &l.sched.dead},
		{"schedt", "gFree.noStack.size?", &l.sched.deadNoStack},
		{"p", "gFree.size|gFree.n", &l.dead},
		{"g", "stack.lo", &g.lo},
		{"g", "stack.hi", &g.hi},
		{"g", "sched.sp", &g.sp},
		{"g", "sched.pc", &g.pc},
		{"g", "sched.bp", &g.bp},
		{"g", "syscallsp", &g.syscallSP},
		{"g", "syscallpc", &g.syscallPC},
		{"g", "syscallbp", &g.syscallBP},
		{"g", "atomicstatus", &g.status},
		{"g", "goid", &g.id},
		{"g", "waitsince", &g.since},
		{"g", "waitreason", &g.reason},
		{"g", "gopc", &g.created},
		{"g", "startpc", &g.start},
		{"g", "runningCleanups.u8?", &g.cleaning}, // since Go 1.25
	}
}

func (l *layout) wantModule() []want {
	m := &l.module
	all := []want{
		{"moduledata", "pcHeader", &m.header},
		{"moduledata", "text", &m.text},
		{"moduledata", "minpc", &m.minPC},
		{"moduledata", "maxpc", &m.maxPC},
		{"moduledata", "gofunc", &m.data},
		{"moduledata", "next", &m.next},
		{"pcHeader", "minLC", &m.step},
		{"_func", "nameOff", &m.nameOff},
		{"_func", "pcfile", &m.file},
		{"_func", "pcln", &m.line},
		{"_func", "npcdata", &m.npcdata},
		{"_func", "cuOffset", &m.unit},
		{"_func", "funcID", &m.id},
		{"_func", "nfuncdata", &m.nfuncdata},
		{"inlinedCall", "funcID", &m.inlined.id},
		{"inlinedCall", "nameOff", &m.inlined.name},
		{"inlinedCall", "parentPc", &m.inlined.parent},
	}
	for name, s := range map[string]*slice{
		"funcnametab": &m.names, "cutab": &m.units, "filetab": &m.files, "pctab": &m.values,
		"pclntable": &m.funcs, "ftab": &m.index, "textsectmap": &m.sections,
	} {
		all = append(all, want{"moduledata", name + ".array", &s.array}, want{"moduledata", name + ".len", &s.len})
	}
	return all
}
