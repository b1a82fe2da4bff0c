package attach

import (
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// Blocker is a [Source] that may know which goroutines can never go on.
type Blocker interface {
	// Blocked asks for them, by the runtime's own leak profile, which takes the process a
	// collection. False says that its build has none.
	Blocked(ctx context.Context) (groups []highwater.Leftover, ok bool, err error)
}

// leakedMark stands behind the state of such a goroutine; see runtime/traceback.go.
const leakedMark = "(leaked)"

// Blocked asks for the profile goroutineleak, of programs that were built with
// GOEXPERIMENT=goroutineleakprofile. As text it is the stacks of all goroutines, those
// that leak among them.
func (e *endpoint) Blocked(ctx context.Context) ([]highwater.Leftover, bool, error) {
	var all []goroutine
	err := e.fetch(ctx, "goroutineleak", url.Values{"debug": {"2"}}, func(body io.Reader) (err error) {
		all, err = readGoroutines(body)
		return err
	})
	switch {
	case errors.Is(err, errNone):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	return leaked(all), true, nil
}

// leaked are those of the goroutines that are marked, by where they were created and
// where they are blocked; the largest group first.
func leaked(all []goroutine) []highwater.Leftover {
	all = slices.DeleteFunc(all, func(g goroutine) bool { return !strings.Contains(g.state, leakedMark) })
	for i := range all {
		all[i].state = strings.TrimSpace(strings.Replace(all[i].state, leakedMark, "", 1))
	}
	var out []highwater.Leftover
	for _, g := range groups(all, false) {
		l := highwater.Leftover{Kind: "goroutine", Count: g.Count, Stack: g.Stack, Detail: g.State}
		if at := heap.Where(g.Stack); at.Func != "" {
			l.Detail += " at " + at.Place()
		}
		if g.Created.Func != "" {
			l.Detail += ", created by " + g.Created.Place()
		}
		out = append(out, l)
	}
	return out
}
