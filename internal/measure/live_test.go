package measure_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/probe"
)

// heldBytes is a size class of Go's allocator, so that it is what is allocated.
const heldBytes = 1 << 20

var liveHeld []byte

func init() {
	workloads["live"] = func(m *highwater.M) {
		liveHeld = make([]byte, heldBytes)
		for m.Loop() {
			time.Sleep(time.Millisecond)
		}
	}
}

// A live scenario goes on until it is asked to end, with nothing forced in it; what is
// asked of it is answered.
func TestLive(t *testing.T) {
	ctx := t.Context()
	l, err := measure.StartLive(ctx, of(t, "live", nil), measure.LiveOptions{Rate: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer l.End()
	var r *probe.LiveReading
	for r == nil || r.Ops < 3 {
		if r, err = l.Ask(ctx, probe.AskFigures); err != nil {
			t.Fatal(err)
		}
	}
	if f := r.Figures; f == nil || f.Classes["heap/objects"] <= 0 || f.AllocBytes < f.Classes["heap/objects"] || f.Goroutines < 1 {
		t.Errorf("figures: %+v", r.Figures)
	} else if f.Forced != 0 {
		t.Errorf("%d collections were forced in it", f.Forced)
	}
	if r, err = l.Ask(ctx, probe.AskCollect); err != nil || r.Figures.Forced != 1 {
		t.Errorf("collected: %+v, %v", r, err)
	}
	if r.Figures.Live < heldBytes {
		t.Errorf("live: %d bytes after a collection, and it holds %d", r.Figures.Live, heldBytes)
	}
	// Twice: the profile is as of the collection before.
	if _, err = l.Ask(ctx, probe.AskCollect); err != nil {
		t.Fatal(err)
	}
	r, err = l.Ask(ctx, probe.AskProfile)
	if err != nil {
		t.Fatal(err)
	}
	sites := heap.Uses(measure.LiveUses(r.Profile))
	i := slices.IndexFunc(sites, func(s highwater.SiteUse) bool { return s.Bytes == heldBytes })
	if i < 0 || sites[i].Allocated.Bytes < heldBytes {
		t.Errorf("no site holds %d bytes: %+v", heldBytes, sites)
	}
	if r, err = l.Ask(ctx, probe.AskGroups); err != nil || len(r.Groups) == 0 {
		t.Errorf("goroutines: %+v, %v", r, err)
	}
	late, cancel := context.WithCancel(ctx)
	cancel()
	err = nil
	for i := 0; i < 1000 && err == nil; i++ { // the answer may be there all the same
		_, err = l.Ask(late, probe.AskFigures)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an ask whose time is over: %v", err)
	}
	if r, err = l.Ask(ctx, probe.AskFigures); err != nil || r.Figures == nil {
		t.Errorf("after one that was not waited for: %+v, %v", r, err)
	}
	if o := l.End(); o.Status != highwater.StatusOK {
		t.Errorf("it ended with %+v", o)
	}
	if _, err := l.Ask(ctx, probe.AskFigures); err == nil {
		t.Error("one that has ended answers")
	}
}
