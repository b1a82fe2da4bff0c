package driver

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
)

// dear is a process to which a look costs so much that it is to rest for ten seconds.
type dear struct{ attach.Live }

func (dear) Look(context.Context, bool) (highwater.Snapshot, error) {
	return highwater.Snapshot{At: time.Now()}, nil
}

func (dear) Rest() time.Duration { return 10 * time.Second }

func TestLooksSpareTheProcess(t *testing.T) {
	for _, c := range []struct {
		name  string
		ours  bool // the interval
		looks int
		told  []time.Duration
	}{
		{"the interval is ours", true, 7, []time.Duration{10 * time.Second}},
		{"the interval is the user's", false, 61, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []time.Duration
				o := &profilerOptions{interval: time.Second}
				o.duration = time.Minute
				if c.ours {
					o.spare = func(rest time.Duration, _ int) { told = append(told, rest) }
				}
				n := 0
				l := &looked{Live: dear{}}
				if err := l.looks(t.Context(), o, false, func(highwater.Snapshot) error { n++; return nil }); err != nil {
					t.Fatal(err)
				}
				if n != c.looks || len(told) != len(c.told) || len(told) > 0 && told[0] != c.told[0] {
					t.Errorf("%d looks in a minute, want %d; told %v, want %v", n, c.looks, told, c.told)
				}
			})
		})
	}
}
