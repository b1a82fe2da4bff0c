package advise

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// grower is something that is copied into larger and larger memory as it fills.
type grower struct {
	what string // as a title calls it
	how  string
	// is reports whether the part is of such growth.
	is func(part) bool
	// doubles: where it splits at its largest size instead of growing further.
	splits func(part) bool
}

var growers = []grower{
	{
		what: "a buffer", how: "give the buffer its size before it is filled: (*bytes.Buffer).Grow, (*strings.Builder).Grow, or bytes.NewBuffer of a slice that is kept",
		is: func(p part) bool {
			return p.only("bytes.", "strings.", "fmt.", "io.", "bufio.") && p.through("bytes.(*Buffer).", "strings.(*Builder).") && p.through("runtime.growslice", "bytes.growSlice", "bytes.(*Buffer).grow", "strings.(*Builder).grow", "bytealg.MakeNoZero", "internal/bytealg.MakeNoZero")
		},
	},
	{
		what: "a slice", how: "make the slice with the capacity that it will need: make([]T, 0, n), or slices.Grow before the loop",
		is: func(p part) bool { return p.direct() && p.through("runtime.growslice") },
	},
	{
		what: "a map", how: "make the map with the number of its entries: make(map[K]V, n)",
		is: func(p part) bool {
			return p.through("internal/runtime/maps.newGroups") && p.through("runtime.mapassign", "internal/runtime/maps.(*Map).PutSlot", "internal/runtime/maps.(*table).grow", "internal/runtime/maps.(*table).split")
		},
		splits: func(p part) bool { return p.through("internal/runtime/maps.(*table).split") },
	},
}

// steepest is how many times its size something may grow at once and still be one
// series: bytes.Buffer takes twice its size and what is to be written.
const steepest = 4

// fewest objects that are worth a sentence.
const fewest = 16

// shortest is the least number of sizes that are a series: two may be anything.
const shortest = 3

// preallocate finds what grew step by step. Growth leaves every size but the last behind
// as garbage: of n_i objects of size s_i, sizes ascending, min(n_i, n_i+1) went on to the
// next size. What preallocation saves is therefore
//
//	Σ s_i · min(n_i, n_i+1)
//
// by counts of the profile alone, whatever the factor of growth; for slices it is 2 up to
// 256 elements and falls to 1.25 (nextslicecap in runtime/slice.go). A table of a map
// doubles up to 1,024 slots, and splits in two from there (internal/runtime/maps: table.go),
// so that of the tables that came of splits half are garbage. It is the least that is
// saved: the last size may be more than what is needed.
func preallocate(f *facts) []Advice {
	var all []Advice
	for _, p := range f.places {
		for _, g := range growers {
			if a, ok := f.grown(p, g); ok {
				p.claimed = true
				all = append(all, a)
				break
			}
		}
	}
	return all
}

func (f *facts) grown(p *place, g grower) (Advice, bool) {
	var whole, split highwater.Allocated
	series, splits := map[int64]int64{}, map[int64]int64{}
	known := true
	for _, part := range p.parts {
		if !g.is(part) {
			continue
		}
		whole.Bytes += part.Bytes
		whole.Objects += part.Objects
		into := series
		if g.splits != nil && g.splits(part) {
			into = splits
			split.Bytes += part.Bytes
			split.Objects += part.Objects
		}
		known = known && (len(part.sizes) > 1 || uniform(part.Allocated))
		for _, s := range part.sizes {
			into[s.Size] += s.Objects
		}
	}
	// Garbage of other kinds on the line is not what this is about.
	if whole.Bytes*2 < p.alloc.Bytes || whole.Objects == 0 || f.copies(p) {
		return Advice{}, false
	}
	saved, steps, largest := leftBehind(series)
	if split.Objects > 0 {
		saved.Bytes += split.Bytes / 2
		saved.Objects += split.Objects / 2
		steps++
	}
	a := Advice{
		Title: fmt.Sprintf("%s that grows at %s is copied %d times", g.what, p.where.Place(), max(steps-1, 0)),
		Lines: []highwater.Frame{p.where}, How: g.how, Per: f.unit,
		Found: "growth copies: of objects of one size, as many went on to the next size as there are of that; counted by size in the allocation profile",
	}
	if known && (steps < shortest || saved.Bytes == 0) {
		return Advice{}, false
	}
	a.Evidence = append(a.Evidence, fmt.Sprintf("%s and %s were allocated for growth there, %s of all, %s", f.rate(whole.Bytes), f.count(whole.Objects),
		percent(float64(whole.Bytes), float64(f.allocated.Bytes)), f.window))
	if !known {
		a.Title = fmt.Sprintf("%s grows at %s", g.what, p.where.Place())
		a.Evidence = append(a.Evidence, NotKnown+": the profile does not tell the sizes of the objects apart")
		return a, whole.Bytes*20 >= f.allocated.Bytes && whole.Objects >= fewest
	}
	a.Evidence = append(a.Evidence, fmt.Sprintf("%d sizes up to %s; %s of it were left behind by the next size", steps, f.size(float64(largest)), f.rate(saved.Bytes)))
	a.Known = true
	a.SavedAllocBytes, a.SavedObjects, a.SavedCPU = f.per(saved.Bytes), f.per(saved.Objects), f.cpu(saved.Bytes)
	return a, true
}

// uniform reports whether the objects are all of one size, as far as their mean tells. A
// source that tells sizes lists none where there is one only, and one that tells none has
// the mean of all: that is a size class by chance only. Rounding, after sampling, makes it
// differ by less than one object.
func uniform(a highwater.Allocated) bool {
	mean := a.Bytes / a.Objects
	for _, c := range []int64{class(mean), class(mean + 1)} {
		if off := c*a.Objects - a.Bytes; -c <= off && off <= c {
			return true
		}
	}
	return false
}

// copies reports whether the line appends a whole slice to an empty one, which allocates
// once and copies nothing twice, whatever sizes there are.
func (f *facts) copies(p *place) bool {
	c, ok := f.code(p.where)
	return ok && clones(c, p.where.Line)
}

// leftBehind follows the series of growth through the objects by size.
func leftBehind(objects map[int64]int64) (saved highwater.Allocated, steps int, largest int64) {
	sizes := make([]int64, 0, len(objects))
	for s := range objects {
		sizes = append(sizes, s)
	}
	slices.SortFunc(sizes, cmp.Compare[int64])
	for i, s := range sizes {
		largest = s
		steps++
		if i+1 < len(sizes) && sizes[i+1] <= steepest*s {
			on := min(objects[s], objects[sizes[i+1]])
			saved.Bytes += s * on
			saved.Objects += on
		}
	}
	return saved, steps, largest
}
