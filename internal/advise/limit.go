package advise

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// margin is what a container needs beside what its program was seen to use, and
// reserve what GOMEMLIMIT leaves free under the container's limit for what the runtime
// does not know of: 5 to 10 % by the guide to Go's garbage collector (go.dev/doc/gc-guide,
// section "Suggested uses").
const (
	margin  = 0.20
	reserve = 0.10
)

// limits advises on the limit of a container and on GOMEMLIMIT for a process that has
// none: the kernel's high-water mark with a margin, and a soft limit under that, less
// what is not the runtime's. It saves nothing by itself: it is what keeps a spike from
// being killed, and is minor. A high-water mark is of what the process has done so far.
func limits(f *facts) []Advice {
	if f.Frontier != nil {
		return f.smaller(*f.Frontier)
	}
	if f.last == nil {
		return nil
	}
	m := f.last.Memory
	if m.Limit > 0 || m.HighWater <= 0 || m.Total <= 0 {
		return nil
	}
	container := int64(float64(m.HighWater) * (1 + margin))
	outside := max(m.RSS-(m.Total-m.Released), 0) // what the runtime does not account for
	soft := int64(float64(container)*(1-reserve)) - outside
	live, how := m.Live, "live"
	if !f.knowsLive() {
		live, how = held(f.last.Sites), "live, as the heap profile has it"
	}
	if soft < live+m.Stacks {
		return nil // a limit under what is live makes the collector work without end
	}
	// A pprof endpoint tells no settings: no limit in what it tells is none that is not set.
	is := "there is no GOMEMLIMIT"
	if f.last.Source == highwater.SourcePprof {
		is = "if there is no GOMEMLIMIT, which an endpoint does not tell"
	}
	return []Advice{{
		Title: fmt.Sprintf("%s: a container of %d MiB and GOMEMLIMIT=%dMiB fit what was seen", is, mib(container), soft/highwater.MiB),
		Evidence: []string{
			fmt.Sprintf("the process has had %s resident at most, and has %s now", f.size(float64(m.HighWater)), f.size(float64(m.RSS))),
			fmt.Sprintf("%s of that are none of the runtime's; %s are %s", f.size(float64(outside)), f.size(float64(live+m.Stacks)), how),
			NotKnown + ": a limit saves nothing until the heap comes near it",
		},
		How:   fmt.Sprintf("limit the container to %d MiB, a fifth above the high-water mark, and set GOMEMLIMIT=%dMiB, which leaves a tenth of it and what is not the runtime's free", mib(container), soft/highwater.MiB),
		Found: "limits: the kernel's high-water mark and the runtime's account of its memory",
	}}
}

// mib is a number of bytes in MiB, rounded up.
func mib(b int64) int64 { return (b + highwater.MiB - 1) / highwater.MiB }
