package attach

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// mostPrinted is the number of goroutines up to which they are printed: that stops
// the process while it prints, and takes about a kilobyte each. Of more than that
// the profile alone is taken, which knows neither who created them nor what they
// wait for: those are as they were seen last.
const mostPrinted = 5000

// origin is what the profile does not say of a stack.
type origin struct {
	created highwater.Frame
	state   string
}

// goroutine is a goroutine, or several that are alike.
type goroutine struct {
	origin
	stack []highwater.Frame // innermost first
	count int
	wait  time.Duration // for so long at least, in whole minutes
}

// unknown is a number that nobody has counted.
const unknown = -1

// goroutines lists the goroutines and counts them. About is how many there are, as far as
// that is known: where they may be printed, nothing else is asked for then. They are
// nil where the program serves no profile of them.
func (e *endpoint) goroutines(ctx context.Context, about int) (all []goroutine, n int, err error) {
	if about == unknown || about > mostPrinted {
		p, err := e.profile(ctx, "goroutine")
		if errors.Is(err, errNone) {
			e.lacks[highwater.QuantityGoroutines] = noGoroutines
			return nil, 0, nil
		}
		if err != nil {
			return nil, 0, err
		}
		all = profiled(p)
		for _, g := range all {
			n += g.count
		}
		if n > mostPrinted {
			e.recall(all)
			return all, n, nil
		}
	}
	err = e.fetch(ctx, "goroutine", url.Values{"debug": {"2"}}, func(body io.Reader) (err error) {
		all, err = readGoroutines(body)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	clear(e.origins)
	for _, g := range all {
		e.origins[key(g.stack)] = g.origin
	}
	if about != unknown {
		n = len(all)
	}
	return all, n, nil
}

const noGoroutines = "the program serves no profile of goroutines"

// recall fills in what was printed of such goroutines when they were fewer.
func (e *endpoint) recall(all []goroutine) {
	for i, g := range all {
		all[i].origin = e.origins[key(g.stack)]
		if o := &all[i].origin; o.created.Func == "" && len(g.stack) > 0 {
			o.created = g.stack[len(g.stack)-1] // where it begins says nearly as much
		}
	}
}

// key is equal for stacks of the same functions.
func key(stack []highwater.Frame) string {
	var b strings.Builder
	for _, f := range stack {
		b.WriteString(f.Func)
		b.WriteByte('\n')
	}
	return b.String()
}

// groups takes together what was created at one place and is blocked at one place, and,
// where states are told apart, does the same there; the largest first.
func groups(all []goroutine, states bool) []highwater.GoroutineGroup {
	type place struct {
		created, at highwater.Frame
		state       string
	}
	index := map[place]int{}
	out := []highwater.GoroutineGroup{}
	for _, g := range all {
		where := place{created: g.created}
		if len(g.stack) > 0 {
			where.at = g.stack[0]
		}
		if states {
			where.state = g.state
		}
		i, known := index[where]
		if !known {
			i = len(out)
			index[where] = i
			out = append(out, highwater.GoroutineGroup{
				Created: g.created, State: g.state, Stack: g.stack,
				Fingerprint: heap.Fingerprint([]highwater.Frame{heap.Where(g.stack), g.created}),
			})
		}
		out[i].Count += g.count
		out[i].Longest = max(out[i].Longest, g.wait)
	}
	slices.SortStableFunc(out, func(a, b highwater.GoroutineGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Created.Func, b.Created.Func))
	})
	return out
}

// series begins a series with each group, as a soak has it.
func series(groups []highwater.GoroutineGroup) []highwater.GoroutineSeries {
	out := make([]highwater.GoroutineSeries, 0, len(groups))
	for _, g := range groups {
		out = append(out, highwater.GoroutineSeries{
			Created: g.Created, State: g.State, Stack: g.Stack, Counts: []int{g.Count}, Fingerprint: g.Fingerprint,
		})
	}
	return out
}

// profiled are the goroutines of a profile, without the one that makes it.
func profiled(p *profile.Profile) []goroutine {
	var all []goroutine
	for _, s := range p.Sample {
		g := goroutine{count: count(s)}
		for _, l := range s.Location {
			g.stack = append(g.stack, heap.Frames(l)...)
		}
		if g.stack = withoutRuntime(g.stack); g.count > 0 && !ours(g.stack) {
			all = append(all, g)
		}
	}
	return all
}

// withoutRuntime takes off what the runtime leaves out when it prints a stack: how a
// goroutine waits, and where all begin.
func withoutRuntime(stack []highwater.Frame) []highwater.Frame {
	internal := func(f highwater.Frame) bool {
		return strings.HasPrefix(f.Func, "runtime.") || strings.HasPrefix(f.Func, "internal/runtime/")
	}
	for len(stack) > 0 && internal(stack[0]) {
		stack = stack[1:]
	}
	for len(stack) > 0 && internal(stack[len(stack)-1]) {
		stack = stack[:len(stack)-1]
	}
	return stack
}

// ours reports the goroutine that answers us.
func ours(stack []highwater.Frame) bool {
	return slices.ContainsFunc(stack, func(f highwater.Frame) bool { return strings.HasPrefix(f.Func, "runtime/pprof.") })
}

// count is the first value of a sample.
func count(s *profile.Sample) int {
	const most = 1 << 30 // of an answer that is hostile
	if len(s.Value) == 0 {
		return 0
	}
	return int(min(max(s.Value[0], 0), most))
}
