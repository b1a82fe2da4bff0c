package driver

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// That something was prepared is said when it was, and not after an error or an
// interruption.
func TestPrepared(t *testing.T) {
	for _, c := range []struct {
		name        string
		err         error
		interrupted bool
		says, not   string
	}{
		{name: "made", says: "prepared s in ", not: "preparing"},
		{name: "failed", err: errors.New("no compiler"), says: "preparing s: no compiler", not: "prepared"},
		{name: "interrupted", err: context.Canceled, interrupted: true, says: "making x", not: "prepar"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var b bytes.Buffer
		a := &app{Config: Config{Name: "hw", Stderr: &b, Suites: []Suite{{Name: "s", Prepare: func(_ context.Context, say func(string)) error {
			say("making x")
			if c.interrupted {
				cancel()
			}
			return c.err
		}}}}}
		a.prepare(ctx, []target.Target{{Info: highwater.ScenarioInfo{Suite: "s", Name: "a"}}}, false)
		cancel()
		if got := b.String(); !strings.Contains(got, c.says) || strings.Contains(got, c.not) {
			t.Errorf("%s: said\n%swant %q, and not %q", c.name, got, c.says, c.not)
		}
	}
}
