package anatomy

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/live"
)

// sourceProfile is the source of what is not seen in a process.
const sourceProfile highwater.SoakSource = "profile"

// notIn is why a stored profile tells nothing of the rest.
const notIn = "a heap profile tells what objects hold and where they were allocated, and nothing else"

// OfProfile is what a heap profile of that name tells, as a look at its process would. The
// error is a [heap.ErrNotHeap] where it is a profile of another kind; one of which nothing
// can be told is an error as well.
func OfProfile(name string, p *profile.Profile) (live.View, error) {
	s := highwater.Snapshot{
		Source: sourceProfile, Name: filepath.Base(name), At: time.Unix(0, p.TimeNanos), Rate: int(p.Period),
		Lacks: map[highwater.Quantity]string{},
	}
	for _, q := range []highwater.Quantity{
		highwater.QuantityMemory, highwater.QuantityRSS, highwater.QuantityGoroutines, highwater.QuantityCycles, highwater.QuantityGCCPU,
	} {
		s.Lacks[q] = notIn
	}
	uses, err := heap.ProfileUses(p)
	if err != nil {
		records, liveOnly := heap.Records(p)
		if liveOnly != nil {
			return live.View{}, fmt.Errorf("%s: %w", name, liveOnly)
		}
		s.Lacks[highwater.QuantityAllocated] = err.Error()
		for _, site := range heap.Sites(records, 0) {
			uses = append(uses, highwater.SiteUse{Site: site})
		}
	}
	if err := usable(uses); err != nil {
		return live.View{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(p.Function) == 0 {
		s.Lacks[highwater.QuantitySites] = "the profile has no names of functions, as of a program that was stripped: what stands for lines are addresses"
	}
	if p.TimeNanos == 0 {
		s.At = time.Now()
	}
	s.Sites, s.SitesAt = uses, s.At
	var h live.History
	h.Add(s)
	return h.View(), nil
}

// usable is an error for sites of a profile of which nothing can be told.
func usable(uses []highwater.SiteUse) error {
	something := false
	for _, u := range uses {
		if min(u.Bytes, u.Objects, u.Allocated.Bytes, u.Allocated.Objects) < 0 {
			return errors.New("it has values below zero: it is damaged, or the difference of two profiles, of which one is looked at")
		}
		something = something || u.Bytes > 0 || u.Allocated.Bytes > 0
	}
	if !something {
		return errors.New("there is nothing in it: nothing was sampled at its rate, or not yet")
	}
	return nil
}
