package advise

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// garbage completes advice about objects of a place that die at once, of which the change
// saves some or all: how much there is of them stands before the advice's own evidence, and
// how short-lived they are behind it.
func (f *facts) garbage(p *place, of, saved highwater.Allocated, a Advice) Advice {
	much := fmt.Sprintf("%s and %s, %s of all that is allocated, %s", f.rate(of.Bytes), f.count(of.Objects),
		percent(float64(of.Bytes), float64(f.allocated.Bytes)), f.window)
	dies := "none of it was live when the profile was taken"
	if p.live.Objects > 0 {
		dies = fmt.Sprintf("%d of %d objects were live when the profile was taken", p.live.Objects, p.alloc.Objects)
	}
	a.Lines = []highwater.Frame{p.where}
	a.Evidence = append(append([]string{much}, a.Evidence...), dies)
	a.Known, a.Per = true, f.unit
	a.SavedAllocBytes, a.SavedObjects, a.SavedCPU = f.per(saved.Bytes), f.per(saved.Objects), f.cpu(of.Bytes)
	return a
}
