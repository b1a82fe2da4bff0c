package attach

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

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
}

// goroutines counts and groups the goroutines.
func (e *endpoint) goroutines(ctx context.Context, r *Reading) error {
	p, err := e.profile(ctx, "goroutine")
	if errors.Is(err, errNone) {
		e.lacks[highwater.QuantityGoroutines] = "the program serves no profile of goroutines"
		return nil
	}
	if err != nil {
		return err
	}
	counted := profiled(p)
	for _, g := range counted {
		r.Point.Goroutines += g.count
	}
	if r.Point.Goroutines > mostPrinted {
		for i, g := range counted {
			counted[i].origin = e.origins[key(g.stack)]
			if o := &counted[i].origin; o.created.Func == "" && len(g.stack) > 0 {
				o.created = g.stack[len(g.stack)-1] // where it begins says nearly as much
			}
		}
		r.Goroutines = groups(counted)
		return nil
	}
	err = e.fetch(ctx, "goroutine", url.Values{"debug": {"2"}}, func(body io.Reader) error {
		printed, err := readGoroutines(body)
		clear(e.origins)
		for _, g := range printed {
			e.origins[key(g.stack)] = g.origin
		}
		r.Goroutines = groups(printed)
		return err
	})
	return err
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

// groups takes together what was created at one place and is blocked at one place,
// the largest first.
func groups(all []goroutine) []highwater.GoroutineSeries {
	type place struct{ created, at highwater.Frame }
	index := map[place]int{}
	out := []highwater.GoroutineSeries{}
	for _, g := range all {
		where := place{created: g.created}
		if len(g.stack) > 0 {
			where.at = g.stack[0]
		}
		i, known := index[where]
		if !known {
			i = len(out)
			index[where] = i
			out = append(out, highwater.GoroutineSeries{
				Created: g.created, State: g.state, Stack: g.stack, Counts: []int{0},
				Fingerprint: heap.Fingerprint([]highwater.Frame{heap.Where(g.stack), g.created}),
			})
		}
		out[i].Counts[0] += g.count
	}
	slices.SortStableFunc(out, func(a, b highwater.GoroutineSeries) int {
		return cmp.Or(cmp.Compare(b.Counts[0], a.Counts[0]), cmp.Compare(a.Created.Func, b.Created.Func))
	})
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
