package heap

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// mostSizes is how many sizes of objects are kept of a site: a slice that grows by a
// quarter each time has some 60 on its way from 16 B to 64 MB.
const mostSizes = 64

// sizes count objects by the key of their stack and by their size; those of an unknown
// size under 0.
type sizes map[string]map[int64]int64

func (s sizes) add(stack string, size, objects int64) {
	if s[stack] == nil {
		s[stack] = map[int64]int64{}
	}
	s[stack][size] += objects
}

// of lists the sizes of a stack, as [SizesOf] does; none where one is not known, since
// the rest would mislead.
func (s sizes) of(stack string) []highwater.SizeUse {
	all := s[stack]
	if _, unknown := all[0]; unknown {
		return nil
	}
	return SizesOf(all)
}

// SizesOf lists objects by size, the smallest first. Where there is one size only, the
// bytes and objects of the site say it already: it lists none.
func SizesOf(objects map[int64]int64) []highwater.SizeUse {
	if len(objects) < 2 {
		return nil
	}
	list := make([]highwater.SizeUse, 0, len(objects))
	for size, n := range objects {
		if n > 0 {
			list = append(list, highwater.SizeUse{Size: size, Objects: n})
		}
	}
	slices.SortFunc(list, func(a, b highwater.SizeUse) int { return cmp.Compare(b.Size*b.Objects, a.Size*a.Objects) })
	list = list[:min(len(list), mostSizes)]
	slices.SortFunc(list, func(a, b highwater.SizeUse) int { return cmp.Compare(a.Size, b.Size) })
	return list
}

// FillSizes sets the sizes of the objects of sites that [Sites] made of these records.
func FillSizes(sites []highwater.Site, records []Record) {
	bySize := sizes{}
	for _, r := range records {
		bySize.add(stackKey(r.Stack), r.Size, r.Objects)
	}
	for i := range sites {
		sites[i].Sizes = bySize.of(stackKey(sites[i].Stack))
	}
}
