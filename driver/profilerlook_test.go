package driver

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
)

// slow is a process that takes a while to answer.
type slow struct {
	attach.Live
	takes time.Duration
}

func (s slow) Look(context.Context, bool) (highwater.Snapshot, error) {
	time.Sleep(s.takes)
	return highwater.Snapshot{At: time.Now()}, nil
}

// dear is a process to which a look costs so much that it is to rest.
type dear struct {
	slow
	rest time.Duration
}

func (d dear) Rest() time.Duration { return d.rest }

func TestLooksSpareTheProcess(t *testing.T) {
	for _, c := range []struct {
		name  string
		what  attach.Live
		ours  bool // the interval
		looks int
		told  []time.Duration
	}{
		{"the interval is ours", dear{rest: 10 * time.Second}, true, 7, []time.Duration{10 * time.Second}},
		{"the interval is the user's", dear{rest: 10 * time.Second}, false, 61, nil},
		{"the end is looked at", dear{rest: 40 * time.Second}, true, 3, nil},
		{"also after a rest that is longer", dear{rest: time.Hour}, true, 2, nil},
		{"what rests for less than the interval", dear{rest: 900 * time.Millisecond}, true, 61, nil},
		{"slow, and nothing to it", slow{takes: 1100 * time.Millisecond}, true, 55, nil},
		{"slow and dear", dear{slow{takes: time.Second}, 9 * time.Second}, true, 7, []time.Duration{9 * time.Second}},
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
				l := &looked{Live: c.what}
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

// refusing is a process behind an address where nobody answers.
type refusing struct {
	attach.Live
	first error // of the first look; nil: there is a picture
	looks int
}

var errRefused = errors.New("connection refused")

func (r *refusing) Look(context.Context, bool) (highwater.Snapshot, error) {
	if r.looks++; r.looks == 1 && r.first == nil {
		return highwater.Snapshot{At: time.Now()}, nil
	}
	return highwater.Snapshot{}, errRefused
}

// Nothing passes for lack of data; an interrupt is the user's own, and no error.
func TestLooksThatSeeNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		first  error
		cancel bool
		want   error
	}{
		{"nobody ever answered", errRefused, false, errRefused},
		{"it answered once", nil, false, nil},
		{"the user has ended it", errRefused, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.cancel {
					time.AfterFunc(500*time.Millisecond, cancel)
				}
				o := &profilerOptions{interval: time.Second}
				o.duration = time.Second
				l := &looked{Live: &refusing{first: c.first}}
				if err := l.looks(ctx, o, false, func(highwater.Snapshot) error { return nil }); !errors.Is(err, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
			})
		})
	}
}
