package attach

import (
	"cmp"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// mostMappings is how many are listed, the largest.
const mostMappings = 200

// lately is what the mappings were when they were read last: a walk over them holds a
// lock that the process itself may want.
type lately struct {
	thrift
	last []highwater.Mapping
}

// read returns the mappings, or what they were lately when it is too soon to walk
// over them again; nil where they may not be read. With an object of a Go heap, what is
// the runtime's is left out.
func (l *lately) read(proc procfs.FS, pid int, object uint64) []highwater.Mapping {
	begun := time.Now()
	if !l.due() {
		return slices.Clone(l.last)
	}
	var all []procfs.Mapping
	var err error
	if object != 0 {
		all, err = proc.MappingsBeside(pid, object)
	} else {
		all, err = proc.Mappings(pid)
	}
	l.spent(begun, soakThrift)
	if err != nil {
		return nil
	}
	slices.SortFunc(all, func(a, b procfs.Mapping) int {
		return cmp.Or(cmp.Compare(b.RSS, a.RSS), cmp.Compare(a.Name, b.Name))
	})
	l.last = nil
	for _, m := range all[:min(mostMappings, len(all))] {
		if m.RSS > 0 {
			l.last = append(l.last, highwater.Mapping{Name: m.Name, After: m.RSS})
		}
	}
	return slices.Clone(l.last)
}
