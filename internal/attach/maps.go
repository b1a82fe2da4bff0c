package attach

import (
	"cmp"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

const (
	// thrift is how much longer than a walk over all mappings takes the pause after
	// it is: it holds a lock that the process itself may want.
	thrift = 50
	// mostMappings is how many are listed, the largest.
	mostMappings = 200
)

// lately is what the mappings were when they were read last.
type lately struct {
	next time.Time
	last []highwater.Mapping
}

// read returns the mappings, or what they were lately when it is too soon to walk
// over them again; nil where they may not be read.
func (l *lately) read(proc procfs.FS, pid int) []highwater.Mapping {
	begun := time.Now()
	if begun.Before(l.next) {
		return slices.Clone(l.last)
	}
	all, err := proc.Mappings(pid)
	l.next = time.Now().Add(thrift * time.Since(begun))
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
