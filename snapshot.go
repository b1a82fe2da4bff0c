package highwater

import (
	"cmp"
	"time"
)

// PassLive is the kind of process that is looked at while it runs, under the user's own
// settings. Nothing is forced in it. It is none of [Passes]: nothing of it is judged.
const PassLive Pass = "live"

// SourceMemory is a Go process that is read through /proc/PID/mem, on Linux: nothing is
// in it, and nothing in it stops.
const SourceMemory SoakSource = "memory"

// Snapshot is one look at a process: absolute figures of the moment. What the source
// cannot tell stays zero, and Lacks says why.
type Snapshot struct {
	Source SoakSource `json:"source"`
	Name   string     `json:"name"` // for people: "server (pid 1234)", an address
	PID    int        `json:"pid,omitempty"`
	At     time.Time  `json:"at"`
	Go     string     `json:"go,omitempty"` // the version that the program was built with

	Memory    Memory    `json:"memory"`
	Allocated Allocated `json:"allocated"` // since the process began
	GC        Collector `json:"gc"`
	// Cycles are the collections that ended since the snapshot before, the oldest first;
	// those that no look met are missing: their numbers have gaps.
	Cycles []Cycle `json:"cycles,omitempty"`

	Goroutines int `json:"goroutines"`
	// States counts them by what they do: "running", "runnable", "syscall", or what they
	// wait for, such as "chan receive".
	States map[string]int `json:"goroutine_states,omitempty"`
	// Groups are the goroutines by where they were created and what they do there, the
	// largest first, as of GroupsAt: where a look costs much they are older than At.
	Groups   []GoroutineGroup `json:"goroutine_groups,omitempty"`
	GroupsAt time.Time        `json:"goroutine_groups_at,omitzero"`
	// Sites are the allocation sites, most live bytes first, as of SitesAt. Rate is how
	// many bytes lie between two samples of the profile; 1 means that none is left out.
	Sites   []SiteUse `json:"sites,omitempty"`
	SitesAt time.Time `json:"sites_at,omitzero"`
	Rate    int       `json:"profile_rate,omitempty"`
	// AllocatedAt is until when what the sites have allocated is counted, where that is
	// known: a profile has it until a collection, and memory that is read until SitesAt.
	AllocatedAt time.Time `json:"sites_allocated_at,omitzero"`

	// SizeClasses are the objects of the heap by size, as of SitesAt, where the heap itself
	// can be read.
	SizeClasses []SizeClass `json:"size_classes,omitempty"`

	Threads int            `json:"threads"`
	FDs     map[string]int `json:"fds,omitempty"` // open descriptors by kind
	// Processes are the process and all that descend from it, it first.
	Processes []Process `json:"processes,omitempty"`

	Ops int64 `json:"ops,omitempty"` // operations so far, of a scenario

	// Profiles are files beside the Run file, relative to its directory, by kind: "heap",
	// "goroutine". A snapshot that was not kept has none.
	Profiles map[string]string `json:"profiles,omitempty"`

	Lacks map[Quantity]string `json:"lacks,omitempty"`
	// Ended says how the process ended, in the last snapshot of it: "exited with status 1".
	Ended string `json:"ended,omitempty"`
}

// AllocatedUntil is AllocatedAt, or, where that is not known, SitesAt.
func (s *Snapshot) AllocatedUntil() time.Time { return cmp.Or(s.AllocatedAt, s.SitesAt) }

// More quantities, which a soak has not.
const (
	QuantityMemory    Quantity = "memory"    // how the runtime accounts for its memory
	QuantityAllocated Quantity = "allocated" // bytes and objects allocated so far
	QuantityCycles    Quantity = "cycles"    // single collections
	QuantityPauses    Quantity = "pauses"
	QuantityGCCPU     Quantity = "gc_cpu" // CPU time by what it went to
	QuantityCollect   Quantity = "collect"
	QuantityStates    Quantity = "goroutine_states"
	QuantityWaits     Quantity = "goroutine_waits" // how long goroutines have waited
)

// Memory is where the bytes of a process are. What the runtime accounts for is as
// package runtime/metrics has it.
type Memory struct {
	// Live is what the last collection found reachable; Heap is all objects: these, what
	// was allocated since, and garbage that is not swept yet. InUse is the spans that
	// they are in.
	Live  int64 `json:"live_bytes"`
	Heap  int64 `json:"heap_bytes"`
	InUse int64 `json:"in_use_bytes"`
	Goal  int64 `json:"goal_bytes"`            // of the heap, at which a collection ends
	Limit int64 `json:"limit_bytes,omitempty"` // GOMEMLIMIT; 0 for none

	Stacks   int64 `json:"stack_bytes"`    // of goroutines and threads
	Metadata int64 `json:"metadata_bytes"` // of the runtime: spans, caches, bitmaps, profiles
	Free     int64 `json:"free_bytes"`     // of the heap, and not returned to the system
	Released int64 `json:"released_bytes"` // returned to the system
	Total    int64 `json:"total_bytes"`    // all that the runtime has mapped, Released among it

	RSS       int64 `json:"rss_bytes"`
	HighWater int64 `json:"high_water_bytes,omitempty"` // of RSS, as the kernel remembers it
	// Files is how much of RSS is pages of files, the program's own code among them.
	Files int64 `json:"resident_file_bytes,omitempty"`
}

// Part is a part of a whole.
type Part struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// The parts of resident memory.
const (
	PartLive      = "live heap"
	PartNew       = "new or dead"
	PartUnused    = "unused in spans"
	PartStacks    = "stacks"
	PartMetadata  = "runtime metadata"
	PartFree      = "free, not returned"
	PartOffHeap   = "off-heap"
	PartUntouched = "never touched"
)

// Parts are the parts that RSS consists of: their sum is RSS, to the byte. Pages that the
// runtime holds and that were never touched are not resident; they are taken off, as a
// part below zero. It is nil where the runtime's account or RSS is not known.
func (m Memory) Parts() []Part {
	if m.RSS <= 0 || m.Total <= 0 {
		return nil
	}
	live := min(m.Live, m.Heap)
	held := m.Total - m.Released
	parts := []Part{
		{PartLive, live},
		{PartNew, m.Heap - live},
		{PartUnused, m.InUse - m.Heap},
		{PartStacks, m.Stacks},
		{PartMetadata, m.Metadata},
		{PartFree, m.Free},
	}
	// The figures are of one moment, give or take: what they do not account for of what
	// the runtime holds is its own.
	for _, p := range parts {
		held -= p.Bytes
	}
	parts[4].Bytes += held
	switch rest := m.RSS - (m.Total - m.Released); {
	case rest >= 0:
		parts = append(parts, Part{PartOffHeap, rest})
	default:
		parts = append(parts, Part{PartUntouched, rest})
	}
	return parts
}

// Allocated is a number of bytes and of objects, live or not.
type Allocated struct {
	Bytes   int64 `json:"bytes"`
	Objects int64 `json:"objects"`
}

// Collector is what the garbage collector has done since the process began.
type Collector struct {
	Cycles int64 `json:"cycles"`
	Forced int64 `json:"forced"` // of these
	GOGC   int   `json:"gogc"`   // in percent; -1 for off
	// CPU time in seconds: of the collector, assists of goroutines among it, of the
	// scavenger, and of all that there was.
	GCSeconds       float64 `json:"gc_seconds"`
	AssistSeconds   float64 `json:"assist_seconds"`
	ScavengeSeconds float64 `json:"scavenge_seconds"`
	UserSeconds     float64 `json:"user_seconds"`
	IdleSeconds     float64 `json:"idle_seconds"`
	TotalSeconds    float64 `json:"total_seconds"`
	// Share is what the collector has taken of all CPU time that there was, a ratio, as
	// of the last collection, without what it did on idle processors. It is told where
	// the seconds are not.
	Share float64 `json:"gc_share,omitempty"`
	// Limited is the number of the last cycle in which the CPU limiter held the collector
	// back, which it does at half of the CPU time; 0 for never.
	Limited int64 `json:"limited_cycle,omitempty"`
	// Running says that a collection was under way.
	Running bool `json:"running,omitempty"`
	// Pauses are the latest ones, the oldest first, at most 256: the times for which a
	// collection stopped the world, in all.
	Pauses []time.Duration `json:"pauses_ns,omitempty"`
}

// Cycle is one collection. What was not seen of it is zero.
type Cycle struct {
	Number int64     `json:"number"` // 1 for the first of the process
	End    time.Time `json:"end"`
	// Before is the heap when it began, Peak when marking ended, After what it found
	// live, and Goal what it was to end at.
	Before int64         `json:"before_bytes"`
	Peak   int64         `json:"peak_bytes,omitempty"`
	After  int64         `json:"after_bytes"`
	Goal   int64         `json:"goal_bytes"`
	Took   time.Duration `json:"took_ns"`  // from its begin to its end
	Pause  time.Duration `json:"pause_ns"` // of that, with the world stopped
	Why    string        `json:"why"`      // one of the Why constants, "" where unknown
}

// What triggers a collection.
const (
	WhyHeap   = "heap"   // it came near its goal
	WhyForced = "forced" // runtime.GC or debug.FreeOSMemory
	WhyTime   = "time"   // there had been none for two minutes
)

// SiteUse is what an allocation site holds and has allocated, scaled from samples.
type SiteUse struct {
	Site                // Bytes and Objects are live
	Allocated Allocated `json:"allocated"` // since the process began
	// AllocatedSizes are the objects of Allocated by size, the smallest first, where
	// there are several and the source tells.
	AllocatedSizes []SizeUse `json:"allocated_sizes,omitempty"`
}

// GoroutineGroup is goroutines of one origin that do the same.
type GoroutineGroup struct {
	Count   int           `json:"count"`
	State   string        `json:"state"`
	Created Frame         `json:"created"`
	Stack   []Frame       `json:"stack,omitempty"` // of one of them, innermost first
	Longest time.Duration `json:"longest_wait_ns,omitempty"`
	// Fingerprint identifies the group across runs and moved lines.
	Fingerprint string `json:"fingerprint"`
}

// Process is one process of a tree.
type Process struct {
	PID     int    `json:"pid"`
	Parent  int    `json:"parent"`
	Command string `json:"command"`
	RSS     int64  `json:"rss_bytes"`
	PSS     int64  `json:"pss_bytes,omitempty"` // 0 where it may not be read
	Threads int    `json:"threads"`
	Stopped bool   `json:"stopped,omitempty"` // by a signal or a debugger
}
